"""Acting people out: real keys, real signatures, the same services as the pages.

A `Stage` is an instance with a clock that the script moves. Each act is one transaction, as in
the web; the worker's ticks run between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, select

from attest.database.engine import read_session, write_session
from attest.database.tables import Account, Demand, Person
from attest.keyfiles import seal
from attest.services import access
from attest.services.access import Seat
from attest.services.accounts.passwords import hash_password
from attest.services.accounts.people import ensure_person
from attest.services.acts import enrolling, reopening
from attest.services.chasing import ticks
from attest.services.context import Context
from attest.services.log.prepared import ToSign
from attest.services.sending import digests, sending
from attest.settings import Settings
from attest.signing import PrivateKey
from attest.statements.canonical import decode
from attest.statements.envelope import sign_payload

T = TypeVar("T")


@dataclass
class Actor:
    """Somebody who acts: an email address, and the key once it is made."""

    email: str
    key: PrivateKey | None = None


@dataclass
class Stage:
    """An instance, its engine and log key, and the time that it is in the play."""

    settings: Settings
    engine: Engine
    log_key: PrivateKey
    now: datetime
    reference: str = ""
    actors: dict[str, Actor] = field(default_factory=dict)

    @contextmanager
    def act(self) -> Iterator[Context]:
        """One transaction at the play's time."""
        with write_session(self.engine) as session:
            yield Context(session, self.now, self.settings, self.log_key)

    @contextmanager
    def look(self) -> Iterator[Context]:
        """One reading session at the play's time."""
        with read_session(self.engine) as session:
            yield Context(session, self.now, self.settings, self.log_key)

    def actor(self, email: str) -> Actor:
        """The actor with this address."""
        return self.actors.setdefault(email, Actor(email))


def add_person(
    stage: Stage,
    organisation_id: str,
    *,
    name: str,
    role: str,
    email: str,
    duties: frozenset[str],
    password_hash: str,
) -> None:
    """Somebody with a password, as if they had followed their invitation."""
    with stage.act() as ctx:
        person = ensure_person(
            ctx, organisation_id=organisation_id, name=name, role=role, email=email, duties=duties
        )
        person.account.password_hash = password_hash
    stage.actor(email)


def give_password(stage: Stage, email: str, password_hash: str) -> None:
    """The password of somebody whom a letter invited."""
    with stage.act() as ctx:
        account_of(ctx, email).password_hash = password_hash
    stage.actor(email)


def hashed(password: str) -> str:
    """A password's hash; one for all actors, because making one takes a while by design."""
    return hash_password(password)


def account_of(ctx: Context, email: str) -> Account:
    """The account with this address."""
    return ctx.session.scalars(select(Account).where(Account.email == email)).one()


def seat_of(ctx: Context, stage: Stage, email: str, **needs: Any) -> Seat:
    """The actor's seat at the play's demand."""
    return access.demand_for(ctx, account_of(ctx, email), stage.reference, **needs)


def make_key(stage: Stage, email: str, duty: str, *, passphrase: str | None = None) -> PrivateKey:
    """Makes and enrols a key; its locked file stays with the server if there is a passphrase."""
    key = PrivateKey.generate()
    with stage.look() as ctx:
        person = _person(ctx, email, duty)
        payload = enrolling.prepare_enrolment(ctx, person, duty, key.public_key)
    key_file: Mapping[str, Any] | None = decode(seal(key, passphrase)) if passphrase else None
    with stage.act() as ctx:
        person = _person(ctx, email, duty)
        enrolling.enrol_key(ctx, person, sign_payload(payload, key), key_file)
    stage.actor(email).key = key
    return key


def _person(ctx: Context, email: str, duty: str) -> Person:
    return next(person for person in account_of(ctx, email).people if duty in person.duties)


def sign(
    stage: Stage,
    email: str,
    prepare: Callable[[Context, Seat], ToSign],
    keep: Callable[[Context, Seat, Sequence[tuple[str, bytes]]], T],
    **needs: Any,
) -> T:
    """Prepares, signs with the actor's key, and hands the envelopes in: three steps, as in a
    browser, with two transactions."""
    key = stage.actor(email).key
    if key is None:
        raise ValueError(f"{email} has no key in this play")
    with stage.look() as ctx:
        to_sign = prepare(ctx, seat_of(ctx, stage, email, **needs))
    envelopes = [(item.id, sign_payload(item.payload, key)) for item in to_sign.items]
    with stage.act() as ctx:
        return keep(ctx, seat_of(ctx, stage, email, **needs), envelopes)


def tick(stage: Stage) -> None:
    """What the worker does at this moment: reopen, chase, send."""
    with stage.act() as ctx:
        reopening.reopen_ended_exceptions(ctx)
        ticks.chase_everybody(ctx)
        digests.write_digests(ctx)
    sending.send_due(stage.engine, stage.settings, stage.log_key, stage.now)


def at(stage: Stage, day: date, clock: str = "09:00") -> None:
    """Moves the play to a moment, with the worker's ticks of the days between."""
    moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=UTC)
    while stage.now.date() < day - timedelta(days=1):
        stage.now = datetime.combine(stage.now.date() + timedelta(days=1), time(9, 30), tzinfo=UTC)
        tick(stage)
    stage.now = max(moment, stage.now)


def demand_of(ctx: Context, stage: Stage) -> Demand:
    """The play's demand."""
    return ctx.session.scalars(select(Demand).where(Demand.reference == stage.reference)).one()
