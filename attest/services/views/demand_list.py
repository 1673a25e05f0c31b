"""The list of demands that somebody may see: searched, filtered and sorted."""

from __future__ import annotations

from sqlalchemy import or_, select

from attest.database.tables import Account, Demand, DemandParty
from attest.domain import demand_states
from attest.services.access import visible_demands
from attest.services.context import Context
from attest.services.facts.calendars import today
from attest.services.facts.deadlines import next_due
from attest.services.facts.paging import ROWS_A_PAGE, Page, page_of

SORTS = {
    "due": (next_due, Demand.reference),
    "reference": (Demand.reference,),
    "state": (Demand.state, next_due),
    "newest": (Demand.created_at.desc(),),
}


def demands(
    ctx: Context,
    account: Account,
    *,
    search: str = "",
    state: str = "",
    sort: str = "due",
    page: int = 1,
) -> Page:
    """The demands that an account may see, filtered and sorted.

    `state` is a state, `open` (every live one), `overdue`, or empty.
    """
    query = visible_demands(account)
    if state == "open":
        query = query.where(Demand.state.in_((demand_states.DRAFT, *demand_states.LIVE)))
    elif state == "overdue":
        query = query.where(
            Demand.state.in_(demand_states.WITH_CONTRACTOR),
            # The first finds few rows by its index; nothing is due earlier than the demand.
            Demand.due_on < today(ctx.settings, ctx.now),
            next_due < today(ctx.settings, ctx.now),
        )
    elif state:
        query = query.where(Demand.state == state)
    if search.strip():
        like = f"%{_escaped(search.strip())}%"
        named = select(DemandParty.demand_id).where(DemandParty.name.ilike(like, escape="\\"))
        query = query.where(or_(Demand.reference.ilike(like, escape="\\"), Demand.id.in_(named)))
    return page_of(ctx, query.order_by(*SORTS.get(sort, SORTS["due"])), page, ROWS_A_PAGE)


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
