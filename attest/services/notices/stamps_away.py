"""Writes to the administrators when the time-stamping service stays away for long.

Pages say it anyway, but nobody opens the instance's page every day. The letter goes through the
outbox like all others: after a day without an answer, then weekly until the service answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Engine, TextClause, func, select

from attest.database.engine import read_session, write_session
from attest.database.tables import Duty, Letter, LogHead, Person
from attest.database.tables.log import UNSTAMPED
from attest.domain.service_away import is_due
from attest.mail import letters
from attest.services.context import Context
from attest.services.letters import post
from attest.settings import Settings
from attest.signing import PrivateKey

KIND = "timestamps_stopped"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Away:
    """Since when the service gives no timestamp, to how many demands, and what it said last."""

    since: datetime
    waiting: int
    answer: str


def away(ctx: Context) -> Away | None:
    """How the service stays away; None while it answers.

    It answers where any demand got a timestamp since: one log that fails alone is no absence.
    """
    last = ctx.session.scalar(select(func.max(LogHead.stamped_at)))
    failing: list[ColumnElement[bool] | TextClause] = [
        UNSTAMPED,
        LogHead.stamp_fails_since.is_not(None),
    ]
    if last is not None:
        failing.append(LogHead.stamp_fails_since > last)
    since, waiting = ctx.session.execute(
        select(func.min(LogHead.stamp_fails_since), func.count()).where(*failing)
    ).one()
    if since is None:
        return None
    answer = ctx.session.scalar(
        select(LogHead.stamp_answer)
        .where(*failing, LogHead.stamp_answer.is_not(None))
        .order_by(LogHead.stamp_next_at.desc())
        .limit(1)
    )
    return Away(since, waiting, answer or "")


def write_when_away(engine: Engine, settings: Settings, log_key: PrivateKey, now: datetime) -> int:
    """Queues what is due; gives how many letters."""
    with read_session(engine) as session:
        found = away(Context(session, now, settings, log_key))
    if not is_due(None if found is None else found.since, None, now):
        return 0
    with write_session(engine) as session:
        return tell(Context(session, now, settings, log_key))


def tell(ctx: Context) -> int:
    """Queues a letter to each administrator who is due one; gives how many are new."""
    found = away(ctx)
    if found is None:
        return 0
    letter = letters.timestamps_stopped(
        ctx.settings.tsa_host or "",
        since=found.since,
        waiting=found.waiting,
        answer=found.answer,
        home=ctx.settings.base_url,
    )
    new = 0
    for person in _administrators(ctx):
        if is_due(found.since, _last_told(ctx, person), ctx.now):
            key = f"{KIND}:{person.id}:{ctx.now:%Y-%m-%dT%H:%M:%SZ}"
            new += post.queue_letter(ctx, letter=letter, key=key, person=person)
    if new:
        _log.warning("no timestamps", since=found.since.isoformat(), told=new)
    return new


def _administrators(ctx: Context) -> list[Person]:
    """Everybody with the instance's page, once an account."""
    people = ctx.session.scalars(
        select(Person)
        .where(
            Person.active,
            Person.id.in_(select(Duty.person_id).where(Duty.name == "administrator")),
        )
        .order_by(Person.created_at, Person.id)
    ).unique()
    return list({person.account_id: person for person in people}.values())


def _last_told(ctx: Context, person: Person) -> datetime | None:
    return ctx.session.scalar(
        select(func.max(Letter.queued_at)).where(
            Letter.kind == KIND, Letter.to_email == person.account.email
        )
    )
