"""A ladder of a demand's own: kept over the usual one, and taken away again.

Rows and no events: who is written to, and when, is the lead controller's affair until a letter
goes out, and that stands in the log then.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from attest.database.tables import Demand, LadderRung
from attest.domain import demand_states, ladder, ladder_rules
from attest.domain.ladder import Rung
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts.chase_times import look_again


def keep_ladder(ctx: Context, seat: Seat, rungs: Sequence[Rung]) -> None:
    """Chases this demand by `rungs` from now on; the usual ones are kept as the usual ladder.

    Raises Refused with the field (domain/ladder_rules.py).
    """
    demand = changeable(seat)
    ladder_rules.check(rungs)
    rungs = ladder_rules.in_order(rungs)
    _forget(ctx, demand)
    demand.own_ladder = rungs != ladder.LADDER
    if demand.own_ladder:
        ctx.session.add_all(
            LadderRung(
                demand_id=demand.id,
                position=position,
                anchor=rung.anchor,
                offset=rung.offset,
                every=rung.every,
                audience=" ".join(name for name in ladder.AUDIENCES if name in rung.audience),
                letter=rung.letter,
            )
            for position, rung in enumerate(rungs)
        )
    ctx.session.flush()
    look_again(ctx, demand)


def back_to_usual(ctx: Context, seat: Seat) -> None:
    """Chases this demand by the usual ladder again."""
    demand = changeable(seat)
    _forget(ctx, demand)
    demand.own_ladder = False
    ctx.session.flush()
    look_again(ctx, demand)


def changeable(seat: Seat) -> Demand:
    """The demand, while its ladder can still matter. Raises Refused."""
    if seat.demand.state in demand_states.ENDED:
        raise Refused("This demand has ended: nobody is chased any more.")
    return seat.demand


def _forget(ctx: Context, demand: Demand) -> None:
    ctx.session.execute(delete(LadderRung).where(LadderRung.demand_id == demand.id))
