"""Writes to the lead controller about a request for more time that nobody has decided.

Meanwhile the day stands and the contractor is chased as before (chasing.py).
"""

from __future__ import annotations

from sqlalchemy import select

from attest.database.tables import Demand, Extension, Letter
from attest.domain import demand_states, extensions, ladder
from attest.domain.refusal import Refused
from attest.mail import letters
from attest.services import post
from attest.services.calendars import local_day, today
from attest.services.context import Context
from attest.services.extension_notices import asked_words
from attest.services.letter_facts import about

KIND = "extension_undecided"


def chase_decisions(ctx: Context) -> int:
    """Queues the letters that are due; gives how many."""
    rows = ctx.session.execute(
        select(Extension, Demand)
        .join(Demand, Demand.id == Extension.demand_id)
        .where(
            Extension.state == extensions.REQUESTED,
            Demand.state.in_(sorted(demand_states.WITH_CONTRACTOR)),
        )
        .order_by(Demand.id)
    ).unique()
    return sum(_chase(ctx, row, demand) for row, demand in rows.all())


def _chase(ctx: Context, row: Extension, demand: Demand) -> int:
    try:
        facts = about(ctx, demand)
    except (Refused, ValueError):
        return 0
    asked_on = local_day(ctx.settings, row.asked_at)
    prefix = f"{demand.id}:decide:{row.id}"
    keys = ctx.session.scalars(
        select(Letter.key).where(Letter.demand_id == demand.id, Letter.kind == KIND)
    )
    written = {key.rpartition(":")[0] for key in keys}
    step = ladder.rungs_due(
        max(row.due_on, asked_on),
        today(ctx.settings, ctx.now),
        facts.holidays,
        {rung.name for rung in ladder.DECISION_RUNGS if f"{prefix}:{rung.name}" in written},
        since=asked_on,
        rungs=ladder.DECISION_RUNGS,
    )
    if step is None:
        return 0
    letter = letters.extension_undecided(facts, asked_words(demand, row), asked_on, row.due_on)
    return post.write_to(
        ctx,
        post.lead_controller(ctx, demand),
        letter=letter,
        key=f"{prefix}:{step.rung.name}",
        demand=demand,
    )
