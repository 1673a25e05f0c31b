"""What somebody types into a form, kept before it is sent: a closed laptop loses nothing.

It is the person's own: nobody else sees it, and it is in no log. It goes when the form is sent,
when its demand ends, when the person's access ends, and after `KEPT_FOR` (`attest tidy`).

A save that was under way when the form was sent may come in after it. So sending leaves a row
without fields, with a new `turn`: a page that was opened before has another one, and saves nothing
more. That row goes after `SENT_FOR`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from attest.database.tables import Demand, Incident, Person, UnsentForm
from attest.database.tidying import overwrite_what_is_erased
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.context import Context

KEPT_FOR = timedelta(days=30)
SENT_FOR = timedelta(days=1)
# Characters of a form's fields as JSON: some thousand chosen copies with long answers.
MOST = 400_000
# Forms that one person has begun and not sent; beyond these the oldest gives way.
MOST_FORMS = 200
# A name with one of these in it is never kept, whatever form it comes from.
_SECRET = ("password", "passphrase", "csrf", "secret", "token", "keyfile", "key_file")

# What stands for fields once the form was sent: JSON never is.
_SENT = ""

_begun = UnsentForm.fields != _SENT

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Place:
    """Which form, of whom, about what. `part` tells several forms of a kind apart."""

    form: str
    person_id: str
    demand_id: str | None = None
    incident_id: str | None = None
    part: str = ""

    @property
    def digest(self) -> str:
        """The place without its person, as its row keeps it."""
        about = [self.form, self.demand_id, self.incident_id, self.part]
        return sha256(json.dumps(about).encode()).hexdigest()


@dataclass(frozen=True)
class Unsent:
    """A form that was begun. `fields` are names and values, as a browser sends them; `over` is the
    digest of what was saved when it was opened, or nothing."""

    id: str
    fields: Fields
    began_at: datetime
    saved_at: datetime
    over: str = ""

    def all_of(self, name: str) -> list[str]:
        """Every value of this name."""
        return [value for known, value in self.fields if known == name]

    def first(self, name: str) -> str:
        """The first value of this name, or nothing."""
        return next(iter(self.all_of(name)), "")


def digest_of(saved: object) -> str:
    """The SHA-256 of what is saved, in hexadecimal: dates and the like are taken as text."""
    return sha256(json.dumps(saved, default=str, sort_keys=True).encode()).hexdigest()


def keep(
    ctx: Context, place: Place, fields: Fields, over: str = "", turn: str | None = None
) -> None:
    """Keeps what is typed, over what was kept; `over` is as in Unsent.

    `turn` is what `turn_of` said when the form was opened; None for a form that is in hand now.

    Its caller knows that the person may be there.
    Of more than `MOST_FORMS` the one goes that nobody touched for longest: of an answer begun for
    copies that are signed since, no page tells its person any more.
    Raises Refused where it is too much, where the demand has ended, and where the form was sent
    since it was opened.
    """
    if place.demand_id is not None:
        state = ctx.session.scalar(select(Demand.state).where(Demand.id == place.demand_id))
        if state is None or state in demand_states.ENDED:
            raise Refused("This demand has ended. Nothing more is kept for it.")
    kept = json.dumps([[name, _sound(value)] for name, value in fields if not _is_secret(name)])
    if len(kept) > MOST:
        raise Refused("This is too much to be saved as you type. Send the form to keep it.")
    _make_room(ctx, place)
    statement = _row(ctx, place, fields=kept, over=over, turn=turn or "")
    new = {name: statement.excluded[name] for name in ("fields", "over", "saved_at")}
    began = case(
        (UnsentForm.fields == _SENT, statement.excluded.began_at), else_=UnsentForm.began_at
    )
    # In one statement: sending and saving may come at the same moment.
    kept_now = ctx.session.scalar(
        statement.on_conflict_do_update(
            index_elements=["person_id", "place"],
            set_=new | {"began_at": began},
            where=true() if turn is None else UnsentForm.turn == turn,
        ).returning(UnsentForm.id)
    )
    if kept_now is None:
        raise Refused("This form was sent since this page was opened. Open the page again.")


def turn_of(ctx: Context, place: Place) -> str:
    """What a form that is opened now keeps by: another one once it was sent."""
    return ctx.session.scalar(select(UnsentForm.turn).where(*_of(place))) or ""


def _row(ctx: Context, place: Place, **typed: str) -> Any:
    """An insert of this place's row, as both databases have it."""
    insert = sqlite_insert if ctx.session.get_bind().dialect.name == "sqlite" else pg_insert
    return insert(UnsentForm).values(
        id=str(uuid4()),
        person_id=place.person_id,
        place=place.digest,
        form=place.form,
        demand_id=place.demand_id,
        incident_id=place.incident_id,
        began_at=ctx.now,
        saved_at=ctx.now,
        **typed,
    )


def find(ctx: Context, place: Place) -> Unsent | None:
    """What this person typed here and has not sent."""
    row = ctx.session.scalar(select(UnsentForm).where(*_of(place), _begun))
    return _read(row) if row else None


def begun(ctx: Context, person: Person, demand: Demand, form: str) -> list[Unsent]:
    """The forms of this kind that this person has begun in this demand, newest first."""
    rows = ctx.session.scalars(
        select(UnsentForm)
        .where(
            UnsentForm.person_id == person.id,
            UnsentForm.demand_id == demand.id,
            UnsentForm.form == form,
            _begun,
        )
        .order_by(UnsentForm.saved_at.desc(), UnsentForm.id)
    )
    return [_read(row) for row in rows]


def forget(ctx: Context, place: Place) -> None:
    """The form was sent, or is started again: what is still on its way here comes too late."""
    statement = _row(ctx, place, fields=_SENT, over="", turn=uuid4().hex)
    new = ("fields", "over", "saved_at", "turn")
    ctx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "place"],
            set_={name: statement.excluded[name] for name in new},
        )
    )
    _delete(ctx, UnsentForm.person_id == place.person_id, *_sent_long_ago(ctx))


def forget_demand(ctx: Context, demand: Demand) -> None:
    """Nobody sends anything about this demand any more."""
    _delete(ctx, UnsentForm.demand_id == demand.id)


def forget_incident(ctx: Context, incident: Incident) -> None:
    """The incident goes."""
    _delete(ctx, UnsentForm.incident_id == incident.id)


def forget_person(ctx: Context, person: Person) -> None:
    """The person's access ends."""
    _delete(ctx, UnsentForm.person_id == person.id)


def old(ctx: Context) -> int:
    """How many forms `tidy` would remove."""
    rows = select(func.count()).select_from(UnsentForm).where(_old(ctx))
    return ctx.session.scalar(rows) or 0


def tidy(ctx: Context) -> int:
    """Removes what nobody has touched for `KEPT_FOR`, and what an ended demand left."""
    number = old(ctx)
    if number:
        overwrite_what_is_erased(ctx.session)
        _delete(ctx, _old(ctx))
    _delete(ctx, *_sent_long_ago(ctx))
    return number


def _old(ctx: Context) -> ColumnElement[bool]:
    ended = select(Demand.id).where(Demand.state.in_(sorted(demand_states.ENDED)))
    over = or_(UnsentForm.saved_at < ctx.now - KEPT_FOR, UnsentForm.demand_id.in_(ended))
    return and_(_begun, over)


def _sent_long_ago(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    return UnsentForm.fields == _SENT, UnsentForm.saved_at < ctx.now - SENT_FOR


def _of(place: Place) -> tuple[ColumnElement[bool], ...]:
    return UnsentForm.person_id == place.person_id, UnsentForm.place == place.digest


def _make_room(ctx: Context, place: Place) -> None:
    """Lets the oldest of this person's other forms go, as many as there are too many."""
    others = (
        select(UnsentForm.id)
        .where(UnsentForm.person_id == place.person_id, UnsentForm.place != place.digest, _begun)
        .order_by(UnsentForm.saved_at.desc(), UnsentForm.id)
        .offset(MOST_FORMS - 1)
    )
    if too_many := ctx.session.scalars(others).all():
        _delete(ctx, UnsentForm.id.in_(too_many))


def _delete(ctx: Context, *where: Any) -> None:
    ctx.session.execute(
        delete(UnsentForm).where(*where).execution_options(synchronize_session=False)
    )


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in _SECRET)


def _sound(value: str) -> str:
    """Half of a surrogate pair is no character, and could never be shown again."""
    return value.encode("utf-8", "replace").decode()


def _read(row: UnsentForm) -> Unsent:
    fields = [(str(name), str(value)) for name, value in json.loads(row.fields)]
    return Unsent(row.id, fields, row.began_at, row.saved_at, row.over)
