"""What every change of a draft asks first, and counts afterwards."""

from __future__ import annotations

from sqlalchemy import func, select

from attest.database.tables import Demand, NamedFile, Store
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.context import Context


def editable(seat: Seat) -> Demand:
    """The draft, if it may still be changed. Raises Refused."""
    if seat.demand.handed_at is not None:
        raise Refused("This draft lies with the signatory. Take it back first, then change it.")
    return seat.demand


def recount(ctx: Context, demand: Demand) -> None:
    """Counts again what the lists show of a draft."""
    ctx.session.flush()
    demand.files_total = (
        ctx.session.scalar(
            select(func.count()).select_from(NamedFile).where(NamedFile.demand_id == demand.id)
        )
        or 0
    )
    demand.files_open = demand.files_total
    demand.stores_total = (
        ctx.session.scalar(
            select(func.count()).select_from(Store).where(Store.demand_id == demand.id)
        )
        or 0
    )
