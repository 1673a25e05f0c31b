"""Tells the lead controller's case handlers which letters did not arrive, or perhaps did not.

Of a letter to somebody at a joint controller its own case handlers hear, and nobody else.
However many letters fail, a case handler gets one letter about a demand, and at most one an hour:
it waits a little, and says what has failed by the time that it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from attest.database import outbox
from attest.database.tables import Demand, Letter, LetterEvent, Person
from attest.mail import letter as mail
from attest.mail import letters
from attest.mail.controller_letters import MOST_FAILURES, Failure
from attest.services.context import Context
from attest.services.letters import post
from attest.services.letters.letter_facts import about
from attest.services.letters.letter_list import no_joint_controllers

KIND = "delivery_problem"

# Long enough for one round of the worker to come upon all that fails together.
_GATHERS = timedelta(minutes=1)
_AT_MOST_EVERY = timedelta(hours=1)

_log = structlog.get_logger(__name__)

_FAILED = ("bounced", "unknown", "report_failed")


def tell(ctx: Context, failed: Sequence[Letter]) -> None:
    """Sees to it that each demand's case handlers hear of these, which have their events already.

    Nobody hears of a letter of this kind: it would never end.
    """
    rows = [row for row in failed if row.demand_id and row.kind != KIND]
    for demand_id in sorted({row.demand_id for row in rows if row.demand_id}):
        demand = ctx.session.get_one(Demand, demand_id)
        if demand.issued_at is None:
            continue
        firsts: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: row.id):
            if row.demand_id == demand_id:
                firsts.setdefault(_whose(demand, row), row.id)
        try:
            with ctx.session.begin_nested():
                for organisation_id, first in sorted(firsts.items()):
                    for person in post.people_of(ctx, [organisation_id], "case_handler"):
                        _tell(ctx, demand, person, first)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # What became of a letter is kept, even where nobody can write about its demand.
            _log.error("nobody told", demand=demand_id, error=type(error).__name__)


def _whose(demand: Demand, row: Letter) -> str:
    """The controller whose case handlers hear of this letter."""
    joint = {party.organisation_id for party in demand.parties if party.role == "joint"}
    theirs = row.organisation_id
    return theirs if theirs is not None and theirs in joint else demand.organisation_id


def rewrite(ctx: Context, letter: Letter) -> None:
    """Gives a letter of KIND the words for all that has failed since it was queued."""
    demand = None if letter.demand_id is None else ctx.session.get(Demand, letter.demand_id)
    if demand is None:
        return
    said = _letter(ctx, demand, letter.queued_at, letter.organisation_id)
    if said is not None:
        words = post.words_for(ctx, said, letter.language)
        letter.subject = words.subject
        letter.text = post.addressed(words, letter.to_name)


def _tell(ctx: Context, demand: Demand, person: Person, first: str) -> None:
    ours = (
        Letter.kind == KIND,
        Letter.demand_id == demand.id,
        Letter.to_email == person.account.email,
    )
    # Held, so that whoever claims it sees what failed now; or it is gone already.
    waiting = select(Letter.id).where(*ours, Letter.state == outbox.QUEUED).with_for_update()
    if ctx.session.scalars(waiting.limit(1)).first() is not None:
        return
    last = ctx.session.scalar(select(func.max(Letter.queued_at)).where(*ours))
    said = _letter(ctx, demand, ctx.now, person.organisation_id)
    if said is None:
        return
    key = f"delivery:{first}:{person.id}"
    if post.queue_letter(ctx, letter=said, key=key, person=person, demand_id=demand.id):
        row = ctx.session.scalars(select(Letter).where(Letter.key == key)).one()
        row.next_attempt_at = ctx.now + _GATHERS
        if last is not None:
            row.next_attempt_at = max(row.next_attempt_at, last + _AT_MOST_EVERY)
        ctx.session.flush()


def _letter(
    ctx: Context, demand: Demand, since: datetime, reader_of: str | None
) -> mail.Letter | None:
    """What failed of this demand's letters since then, as a controller may know it; None where
    nothing did."""
    leads = reader_of in (None, demand.organisation_id)
    seen = no_joint_controllers() if leads else Letter.organisation_id == reader_of
    last = (
        select(LetterEvent.letter_id, func.max(LetterEvent.number).label("number"))
        .join(Letter, Letter.id == LetterEvent.letter_id)
        .where(
            Letter.demand_id == demand.id,
            seen,
            Letter.kind != KIND,
            Letter.erased_at.is_(None),
            LetterEvent.what.in_(_FAILED),
            # A report that is not believed is a row, and no more (returns.py).
            Letter.state.in_(outbox.TROUBLED),
            LetterEvent.at >= since,
        )
        .group_by(LetterEvent.letter_id)
        .subquery()
    )
    total = ctx.session.scalar(select(func.count()).select_from(last)) or 0
    rows = ctx.session.execute(
        select(Letter, LetterEvent)
        .join(last, last.c.letter_id == Letter.id)
        .join(
            LetterEvent,
            (LetterEvent.letter_id == last.c.letter_id) & (LetterEvent.number == last.c.number),
        )
        .order_by(LetterEvent.at, Letter.to_email, Letter.id)
        .limit(MOST_FAILURES)
    )
    failures = [
        Failure(row.to_name, row.to_email, row.subject, event.what != "unknown", event.answer or "")
        for row, event in rows
    ]
    return letters.delivery_problem(about(ctx, demand), failures, total) if failures else None
