"""One page of a list, whatever it lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from attest.services.context import Context

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list: `number` counts from 1."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int


def page_of(ctx: Context, query: Select[Any], number: int, size: int) -> Page:
    """One page of a query's first column; a page beyond the end is the last one."""
    total = ctx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages = max(1, -(-(total or 0) // size))
    number = min(max(1, number), pages)
    items = ctx.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items, number, pages, total or 0)
