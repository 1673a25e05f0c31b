"""References that an organisation hands out one after the other: CODE-YEAR-001, CODE-YEAR-I01."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from attest.database.tables import Demand, Incident, Organisation
from attest.services.context import Context


def next_demand(ctx: Context, organisation: Organisation) -> str:
    """The next demand's reference: ND-2013-004."""
    return _next(ctx, organisation, Demand.reference, "", 3)


def next_incident(ctx: Context, organisation: Organisation) -> str:
    """The next incident's reference: ND-2013-I02."""
    return _next(ctx, organisation, Incident.reference, "I", 2)


def _next(ctx: Context, organisation: Organisation, column: Any, mark: str, digits: int) -> str:
    # Two that are begun at once must not get the same number.
    ctx.session.execute(
        select(Organisation.id)
        .where(Organisation.id == organisation.id)
        .with_for_update(key_share=True)
    )
    stem = f"{organisation.code}-{ctx.now.year}-{mark}"
    ours = column.startswith(stem, autoescape=True)
    # "…-999" sorts after "…-1000": the longest ones are the newest.
    longest = select(func.max(func.length(column))).where(ours).scalar_subquery()
    last = ctx.session.scalar(select(func.max(column)).where(ours, func.length(column) == longest))
    number = int(last.removeprefix(stem)) + 1 if last else 1
    return f"{stem}{number:0{digits}d}"
