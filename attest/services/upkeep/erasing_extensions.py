"""Erases who asked for more time, who decided, and why, once the retention has ended.

That somebody asked, by when, and what was granted stays: pages show it beside the due day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update

from attest.database.tables import Demand, Extension
from attest.services.context import Context

REQUESTED, DECIDED = "extension.requested", "extension.decided"


def count(ctx: Context, demand: Demand, types: Collection[str]) -> int:
    """How many of them there are to erase with bodies of these types."""
    return sum(
        ctx.session.scalar(select(func.count()).select_from(Extension).where(*each.where)) or 0
        for each in _parts(demand, types)
    )


def erase(ctx: Context, demand: Demand, types: Collection[str]) -> None:
    """Erases them."""
    for each in _parts(demand, types):
        ctx.session.execute(
            update(Extension)
            .where(*each.where)
            .values(each.empty)
            .execution_options(synchronize_session=False)
        )


@dataclass(frozen=True)
class _Part:
    where: tuple[ColumnElement[bool], ...]
    empty: dict[str, str | None]


def _parts(demand: Demand, types: Collection[str]) -> list[_Part]:
    mine = Extension.demand_id == demand.id
    found = []
    if REQUESTED in types:
        said = or_(Extension.reason != "", Extension.asked_by_id.is_not(None))
        found.append(_Part((mine, said), {"reason": "", "asked_by_id": None}))
    if DECIDED in types:
        # One that was withdrawn has no such body, and nobody but who asked is named in it.
        said = or_(Extension.decision_reason.is_not(None), Extension.decided_by_id.is_not(None))
        found.append(_Part((mine, said), {"decision_reason": None, "decided_by_id": None}))
    return found
