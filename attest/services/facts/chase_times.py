"""When the ladder of a demand is looked at next (`Demand.chase_at`).

Every act that changes what is chased calls `look_again`, so the next tick sees it; the tick then
says when anything can be due (services/chasing/chunks.py). Nothing waits for longer than a day:
whatever an act forgot to tell is seen with the next look.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from attest.database.tables import Demand
from attest.domain import demand_states
from attest.services.context import Context

# The longest time between two looks. Spread over the last hours of it, so that demands that came
# at one moment (a migration, an import) do not all come back at one moment.
LONGEST = timedelta(hours=24)
_SPREAD = timedelta(hours=4)


def look_again(ctx: Context, demand: Demand) -> None:
    """Lets the next tick look at this demand; ends all looking where it has ended."""
    demand.chase_at = ctx.now if demand.state in demand_states.LIVE else None


def longest(ctx: Context, demand: Demand) -> datetime:
    """By when a demand is looked at again, whatever its ladder says."""
    part = int(demand.id.replace("-", "")[:8] or "0", 16) / 0x1_0000_0000
    ahead = LONGEST - _SPREAD * part
    return ctx.now + timedelta(seconds=int(ahead.total_seconds()))
