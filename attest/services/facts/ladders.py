"""The ladder by which a demand is chased: the usual one, or its own rungs; and its pauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from attest.database.tables import ChasePause, Demand, LadderRung
from attest.domain.ladder import LADDER, Rung
from attest.services.context import Context


def ladder_of(ctx: Context, demand: Demand) -> tuple[Rung, ...]:
    """The rungs of one demand."""
    return ladders_of(ctx, [demand])[demand.id]


def ladders_of(ctx: Context, demands: Collection[Demand]) -> Mapping[str, tuple[Rung, ...]]:
    """The rungs of each demand, by its id. One query for those that have their own."""
    own = [demand.id for demand in demands if demand.own_ladder]
    rungs: defaultdict[str, list[Rung]] = defaultdict(list)
    if own:
        rows = ctx.session.scalars(
            select(LadderRung)
            .where(LadderRung.demand_id.in_(own))
            .order_by(LadderRung.demand_id, LadderRung.position)
        )
        for row in rows:
            rungs[row.demand_id].append(rung_of(row))
    return {
        demand.id: tuple(rungs[demand.id]) if demand.own_ladder else LADDER for demand in demands
    }


def rung_of(row: LadderRung) -> Rung:
    """A rung as its row says it."""
    return Rung(row.anchor, row.offset, tuple(row.audience.split()), row.letter, row.every)


def pauses_of(ctx: Context, demands: Collection[Demand]) -> Mapping[str, ChasePause]:
    """The pause of each demand that nobody has ended; the one that lasts longest, of several.

    It may be over by its day: ask `until_on`. Its reader's morning of that day ends it.
    """
    found: dict[str, ChasePause] = {}
    rows = ctx.session.scalars(
        select(ChasePause)
        .where(
            ChasePause.demand_id.in_([demand.id for demand in demands]),
            ChasePause.ended_at.is_(None),
        )
        .order_by(ChasePause.until_on)
    )
    for row in rows:
        found[row.demand_id] = row
    return found
