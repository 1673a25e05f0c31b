"""The daily digest of whoever wants it at a controller's: once each working day, in one letter.

It is due when working hours begin where its reader works, on days that are working days in any
calendar of the controller's demands. The letter's key holds the reader's day, so there is one a
day, whatever crashes; where there is nothing to say, its row is dropped at once and only keeps
the day. A service that stood still in the morning writes it later, inside working hours.

It is tried again inside those hours only. One that has not gone by the next day has no second
beside it: it is that day's, and says how things stand then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import selectinload

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, FailingAddress, Letter, LetterEvent, Person
from attest.domain import demand_states, need_words
from attest.domain.working_hours import is_inside, local_day
from attest.mail import letter as mail
from attest.mail.digest_letters import KIND, Digest, Line, daily_digest
from attest.services.context import Context
from attest.services.facts.preferences import zone_of
from attest.services.letters import held, letter_events, post
from attest.services.letters.letter_list import no_joint_controllers
from attest.services.views.needs import needs_of_people
from attest.settings import Settings
from attest.signing import PrivateKey

# How far back a first digest looks, and the longest that one is looked for.
_BACK = timedelta(days=14)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Reader:
    """Somebody whose digest may be due, on their own day."""

    person: Person
    day: date
    zone: str

    def key(self, day: date | None = None) -> str:
        return f"{KIND}:{self.person.id}:{day or self.day}"


def write_digests(ctx: Context) -> int:
    """Queues the digests that are due; gives how many. A second call writes none again."""
    return sum(write_digest(ctx, person_id) for person_id in due(ctx))


def digests_due(engine: Engine, settings: Settings, log_key: PrivateKey, now: datetime) -> int:
    """The worker's tick: the same, each in a transaction of its own; gives how many are new."""
    with read_session(engine) as session:
        people = due(Context(session, now, settings, log_key))
    new = 0
    for person_id in people:
        try:
            with write_session(engine) as session:
                new += write_digest(Context(session, now, settings, log_key), person_id)
        except Exception as error:
            # Somebody else's digest is not to wait for this one.
            _log.error("no digest", person=person_id, error=type(error).__name__)
    return new


def due(ctx: Context) -> list[str]:
    """The ids of the people whose digest of this day is due and not written."""
    people = ctx.session.scalars(
        select(Person)
        .where(Person.daily_digest, Person.active)
        .options(selectinload(Person.duty_rows))
        .order_by(Person.id)
    ).unique()
    readers = [_reader(ctx, person) for person in people if held.wants_digest(person)]
    keys = [reader.key() for reader in readers]
    written = set(ctx.session.scalars(select(Letter.key).where(Letter.key.in_(keys))))
    left = [reader for reader in readers if reader.key() not in written]
    off = held.off_in_all(ctx, {reader.person.organisation_id for reader in left})
    at_work = [
        reader.person.id
        for reader in left
        if is_inside(
            ctx.now,
            reader.zone,
            ctx.settings.working_hours,
            off[reader.person.organisation_id],
        )
    ]
    not_gone = _not_gone(ctx) if at_work else frozenset()
    return [person_id for person_id in at_work if person_id not in not_gone]


def write_digest(ctx: Context, person_id: str) -> bool:
    """Queues one person's digest of this day with what waits for it; False where there is none."""
    reader = _reader(ctx, ctx.session.get_one(Person, person_id))
    waiting = held.held_for(ctx, reader.person)
    digest = digest_for(ctx, reader.person, _since(ctx, reader), waiting)
    new = post.queue_letter(
        ctx,
        letter=_letter(ctx, reader, digest),
        key=reader.key(),
        person=reader.person,
        time_zone=reader.zone,
    )
    if not new:
        return False  # another worker was first
    row = ctx.session.scalars(select(Letter).where(Letter.key == reader.key())).one()
    if digest.empty:
        row.state = outbox.DROPPED
        letter_events.note(ctx.session, row.id, ctx.now, "dropped", "there was nothing to say")
        ctx.session.flush()
        return False
    held.carry(ctx, waiting, row)
    _log.info("digest", letter=row.id, held=len(waiting))
    return True


def rewrite(ctx: Context, row: Letter, along: Sequence[Letter]) -> bool:
    """Makes one that did not go on its own day this day's, with what it carries; False where
    there is nothing to say any more."""
    person = ctx.session.get(Person, _of(row.key))
    reader = _reader(ctx, person) if person else None
    if reader is None or row.key == reader.key():
        return True
    digest = digest_for(ctx, reader.person, _since(ctx, reader, row), along)
    # It is there where its reader has moved to a zone in which this day was before.
    if ctx.session.scalar(select(Letter.id).where(Letter.key == reader.key())) is None:
        row.key = reader.key()
    words = post.words_for(ctx, _letter(ctx, reader, digest), row.language)
    row.subject = words.subject
    row.text = post.addressed(words, row.to_name)
    return bool(along) or not digest.empty


def _letter(ctx: Context, reader: _Reader, digest: Digest) -> mail.Letter:
    organisation = reader.person.organisation.name
    return daily_digest(digest, organisation=organisation, home=ctx.settings.base_url)


def _of(key: str) -> str:
    """The id of the person whose digest has this key."""
    return key.split(":")[1]


def _not_gone(ctx: Context) -> frozenset[str]:
    """Whose last digest still waits to be sent."""
    rows = ctx.session.scalars(
        select(Letter.key).where(Letter.kind == KIND, Letter.state.in_(outbox.NOT_GONE))
    )
    return frozenset(_of(key) for key in rows)


def _reader(ctx: Context, person: Person) -> _Reader:
    zone = zone_of(ctx.settings, person)
    return _Reader(person, local_day(ctx.now, zone), zone)


def digest_for(ctx: Context, person: Person, since: datetime, waiting: Sequence[Letter]) -> Digest:
    """What a digest says to this person. `waiting`: the letters that were held for it."""
    needs = needs_of_people(ctx, [person])
    home = ctx.settings.base_url
    demands = _leads(ctx, person) if "case_handler" in person.duties else {}
    return Digest(
        late=[Line(need.sentence, f"{home}{need.href}") for need in needs if need.late],
        waits=[Line(need.sentence, f"{home}{need.href}") for need in needs if not need.late],
        failing=_failing(ctx, demands, home),
        unknown=_unknown(ctx, demands, since, home),
        came=_came(ctx, waiting, home),
    )


def _leads(ctx: Context, person: Person) -> dict[str, str]:
    """The references of the demands that this person's organisation leads, by id."""
    rows = ctx.session.execute(
        select(Demand.id, Demand.reference)
        .where(
            Demand.organisation_id == person.organisation_id,
            Demand.state.in_(sorted(demand_states.LIVE)),
        )
        .order_by(Demand.reference)
    )
    return {demand_id: reference for demand_id, reference in rows}  # noqa: C416 (typed rows)


def _failing(ctx: Context, demands: Collection[str], home: str) -> list[Line]:
    rows = ctx.session.execute(
        select(FailingAddress.email, Demand.reference)
        .join(Demand, Demand.id == FailingAddress.demand_id)
        .join(Letter, Letter.id == FailingAddress.letter_id)
        .where(FailingAddress.demand_id.in_(list(demands)), no_joint_controllers())
        .order_by(FailingAddress.since, FailingAddress.email)
    )
    return [
        Line(need_words.failing_address(email, reference), _letters(home, reference))
        for email, reference in rows
    ]


def _unknown(ctx: Context, demands: Collection[str], since: datetime, home: str) -> list[Line]:
    rows = ctx.session.execute(
        select(Letter.to_name, Demand.reference)
        .join(Demand, Demand.id == Letter.demand_id)
        .join(LetterEvent, LetterEvent.letter_id == Letter.id)
        .where(
            Letter.state == outbox.UNKNOWN,
            # When that was known: a quarter of an hour after a worker died over it.
            LetterEvent.what == "unknown",
            LetterEvent.at > since,
            Letter.demand_id.in_(list(demands)),
            no_joint_controllers(),
        )
        .order_by(LetterEvent.at, Letter.id)
    )
    return [
        Line(need_words.letter_of_unknown_fate(name, reference), _letters(home, reference))
        for name, reference in rows
    ]


def _letters(home: str, reference: str) -> str:
    return f"{home}/demands/{reference}/letters"


def _came(ctx: Context, waiting: Sequence[Letter], home: str) -> list[Line]:
    ids = {letter.demand_id for letter in waiting if letter.demand_id}
    rows = ctx.session.execute(
        select(Demand.id, Demand.reference).where(Demand.id.in_(sorted(ids)))
    )
    references = {demand_id: reference for demand_id, reference in rows}  # noqa: C416
    return [
        Line(letter.subject, f"{home}/demands/{references[letter.demand_id]}")
        for letter in waiting
        if letter.demand_id in references
    ]


def _since(ctx: Context, reader: _Reader, but: Letter | None = None) -> datetime:
    """When the last digest was written, of the last two weeks; not `but`."""
    days = [reader.day - timedelta(days=back) for back in range(1, _BACK.days + 1)]
    keys = {reader.key(day) for day in days} - ({but.key} if but else set())
    last = ctx.session.scalar(
        select(func.max(Letter.queued_at)).where(Letter.key.in_(sorted(keys)))
    )
    return last or ctx.now - _BACK
