"""Writes to the lead controller about changed minds of the contractor's that nobody has decided.

Files that it says it never received, and stores that it would leave out: both stay open and chased
meanwhile, so the contractor waits. Counted in working days from the oldest of them; one letter a
reader, whatever number waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from attest.database.tables import Demand, Letter, NamedFile, NotReceived, Store, StoreWithdrawal
from attest.domain import demand_states, ladder
from attest.domain.refusal import Refused
from attest.domain.wording import short_day
from attest.mail import letters
from attest.services import post, withdrawing
from attest.services.access import CONTRACTOR
from attest.services.answers import TO_ANSWER
from attest.services.calendars import local_day, today
from attest.services.context import Context
from attest.services.letter_facts import about

KIND = "changes_undecided"


@dataclass(frozen=True)
class _Asked:
    """One thing that waits. `what`: in words, without the day."""

    at: datetime
    what: str


def chase_changes(ctx: Context) -> int:
    """Queues the letters that are due; gives how many. A few queries, whatever number waits."""
    asked = _asked(ctx)
    if not asked:
        return 0
    keys = select(Letter.key).where(Letter.kind == KIND, Letter.demand_id.in_(list(asked)))
    written = {key.rpartition(":")[0] for key in ctx.session.scalars(keys)}
    demands = ctx.session.scalars(
        select(Demand).where(Demand.id.in_(list(asked))).order_by(Demand.id)
    ).all()
    return sum(_chase(ctx, demand, asked[demand.id], written) for demand in demands)


def _chase(ctx: Context, demand: Demand, asked: Sequence[_Asked], written: set[str]) -> int:
    try:
        facts = about(ctx, demand)
    except (Refused, ValueError):
        return 0  # chasing.py says so in the journal
    since = local_day(ctx.settings, asked[0].at)
    # What is decided drops out, and what waits next is counted from its own day.
    prefix = f"{demand.id}:changes:{since}"
    step = ladder.rungs_due(
        since,
        today(ctx.settings, ctx.now),
        facts.holidays,
        {rung.name for rung in ladder.CHANGE_RUNGS if f"{prefix}:{rung.name}" in written},
        rungs=ladder.CHANGE_RUNGS,
    )
    if step is None:
        return 0
    lines = [f"{each.what} ({short_day(local_day(ctx.settings, each.at))})" for each in asked]
    return post.write_to(
        ctx,
        post.lead_controller(ctx, demand),
        letter=letters.changes_undecided(facts, lines),
        key=f"{prefix}:{step.rung.name}",
        demand=demand,
    )


def _asked(ctx: Context) -> dict[str, list[_Asked]]:
    """What waits in each demand, oldest first."""
    found: defaultdict[str, list[_Asked]] = defaultdict(list)
    live = Demand.state.in_(sorted(demand_states.LIVE))
    claims = (
        select(NotReceived.demand_id, NotReceived.claimed_at, NamedFile.name)
        .join(NamedFile, NamedFile.id == NotReceived.file_id)
        .join(Demand, Demand.id == NotReceived.demand_id)
        .where(NotReceived.ruling.is_(None), NamedFile.state.in_(TO_ANSWER), live)
    )
    for demand_id, at, name in ctx.session.execute(claims):
        found[demand_id].append(_Asked(at, f"“{name}” never came"))
    stores = (
        select(StoreWithdrawal.demand_id, StoreWithdrawal.asked_at, Store.label)
        .join(Store, Store.id == StoreWithdrawal.store_id)
        .join(Demand, Demand.id == StoreWithdrawal.demand_id)
        .where(StoreWithdrawal.state == withdrawing.ASKED, StoreWithdrawal.side == CONTRACTOR, live)
    )
    for demand_id, at, label in ctx.session.execute(stores):
        found[demand_id].append(_Asked(at, f"“{label}” need not be searched"))
    for many in found.values():
        many.sort(key=lambda each: (each.at, each.what))
    return dict(found)
