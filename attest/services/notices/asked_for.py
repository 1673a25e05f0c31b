"""What the contractor has asked for and nobody has decided, for letters that chase.

The day stands meanwhile, and so the letters go on; but they know what their reader did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from attest.database.tables import Demand, Extension
from attest.domain import extensions
from attest.domain.phrases import Phrase
from attest.services.context import Context
from attest.services.notices.extension_notices import asked_words, stands


def more_time_asked(ctx: Context, demands: Iterable[Demand]) -> Mapping[tuple[str, date], Phrase]:
    """The requests for more time that wait, in words, by demand and the day that stands.

    Not those that ask for less than an amendment has given since.
    """
    by_id = {demand.id: demand for demand in demands}
    if not by_id:
        return {}
    rows = ctx.session.scalars(
        select(Extension)
        .where(
            Extension.demand_id.in_(sorted(by_id)),
            Extension.state == extensions.REQUESTED,
        )
        .order_by(Extension.asked_at, Extension.id)
    ).unique()
    found = [(row, by_id[row.demand_id]) for row in rows]
    days = [(row, demand, stands(ctx, demand, row)) for row, demand in found]
    return {
        (demand.id, day): asked_words(demand, row) for row, demand, day in days if row.until > day
    }
