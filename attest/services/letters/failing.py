"""Addresses at which letters about a demand do not arrive: whom the ladder passes over.

A row stands from the first letter that could not be delivered until a case handler says that the
address works again (write_there_again.py), or until it is nobody's address any more. It is no part
of the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, and_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from attest.database import log_rows, outbox
from attest.database.tables import Demand, FailingAddress, Letter
from attest.services.context import Context
from attest.services.facts import chase_times

NONE: frozenset[str] = frozenset()
# What begins the key of a letter that chases and never arrived: its own key is free again.
_LOST = "lost:"


def failing_of(ctx: Context, demand_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The failing addresses of each of these demands, in small letters; none: no entry."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    if demand_ids:
        rows = select(FailingAddress.demand_id, FailingAddress.email).where(
            FailingAddress.demand_id.in_(list(demand_ids))
        )
        for demand_id, email in ctx.session.execute(rows):
            found[demand_id].add(email)
    return {demand_id: frozenset(emails) for demand_id, emails in found.items()}


def mark_failing(ctx: Context, letter: Letter, answer: str) -> None:
    """This letter could not be delivered.

    The ladder is looked at again at once: it writes to the next contact. Nothing is kept of a
    letter that is about no demand, or whose reader is erased. The address does not fail where
    somebody vouched for it after the letter had left: who knows the reader knows better than a
    report from that time. What it said is then asked for once more.
    """
    if letter.demand_id is None or not letter.to_email:
        return
    demand = ctx.session.get_one(Demand, letter.demand_id)
    if letter.vouched_at is not None:
        if letter.rung is not None:
            letter.key = f"{_LOST}{letter.id}"
        chase_times.look_again(ctx, demand)
        return
    insert = sqlite_insert if ctx.session.get_bind().dialect.name == "sqlite" else pg_insert
    statement = (
        insert(FailingAddress)
        .values(
            demand_id=letter.demand_id,
            email=letter.to_email.lower(),
            since=ctx.now,
            letter_id=letter.id,
            answer=answer,
        )
        .on_conflict_do_nothing(index_elements=["demand_id", "email"])
        .returning(FailingAddress.email)
    )
    if ctx.session.scalar(statement) is not None:
        chase_times.look_again(ctx, demand)


def lost_at(email: str) -> ColumnElement[bool]:
    """Of a letter: it bounced at this address, so its reader was told nothing by it."""
    return and_(Letter.state == outbox.BOUNCED, func.lower(Letter.to_email) == email.lower())


def forget(ctx: Context, demand: Demand, email: str) -> bool:
    """The address works again, or nobody of this demand has it any more. False: it did not fail.

    The keys of letters that chase and bounced there are free from now on: for its reader, the rung
    that the ladder has reached by now is due again (chunks.py).
    """
    # Before the letters' rows, as every act does: two who wait for each other never meet.
    log_rows.hold(ctx.session, Demand.id == demand.id)
    row = (
        delete(FailingAddress)
        .where(FailingAddress.demand_id == demand.id, FailingAddress.email == email.lower())
        .returning(FailingAddress.email)
    )
    if ctx.session.scalar(row) is None:
        return False
    ctx.session.execute(
        update(Letter)
        .where(
            Letter.demand_id == demand.id,
            func.lower(Letter.to_email) == email.lower(),
            Letter.state.in_(outbox.TRIED),
        )
        .values(vouched_at=ctx.now)
    )
    ctx.session.execute(
        update(Letter)
        .where(Letter.demand_id == demand.id, lost_at(email), Letter.rung.is_not(None))
        .values(key=literal(_LOST) + Letter.id)
    )
    chase_times.look_again(ctx, demand)
    return True
