"""By when each file is due: the demand's day, or a later one of its own.

A file that is opened again has five working days, however long ago the demand was due: without
them it would be late at once, and no rung of the ladder would ever be reached for it. So has a
file that is added once the demand is due.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update

from attest.database.tables import Demand, NamedFile
from attest.domain import ladder
from attest.domain.file_states import TO_ANSWER
from attest.services.context import Context
from attest.services.facts.calendars import days_off, today

# Of a demand: the day on which the next of its open files is due.
next_due: ColumnElement[Any] = func.coalesce(Demand.open_due_on, Demand.due_on)

# Of a file: the later of its own day and the demand's. A query needs both tables.
file_due: ColumnElement[Any] = case(
    (NamedFile.due_on > Demand.due_on, NamedFile.due_on), else_=Demand.due_on
)


def give_time(ctx: Context, demand: Demand, file_ids: Collection[str]) -> date | None:
    """Gives these files time to be answered (again); the day, or None without a due date.

    Called before the aggregates are refreshed. No file is due earlier than it was.
    """
    due = again_on(ctx, demand)
    if due is None or demand.due_on is None:
        return None
    if due > demand.due_on:
        ids = sorted(file_ids)
        # In chunks: a statement takes only so many bound values.
        for start in range(0, len(ids), 500):
            ctx.session.execute(
                update(NamedFile)
                .where(
                    NamedFile.demand_id == demand.id,
                    NamedFile.id.in_(ids[start : start + 500]),
                    NamedFile.due_on.is_(None) | (NamedFile.due_on < due),
                )
                .values(due_on=due),
                execution_options={"synchronize_session": False},
            )
        ctx.session.flush()
        ctx.session.expire_all()
    return due


def again_on(ctx: Context, demand: Demand) -> date | None:
    """By when a file of this demand is due that is opened again today; None without a due date."""
    if demand.due_on is None:
        return None
    return again_by(ctx, demand, demand.due_on)


def again_by(ctx: Context, demand: Demand, due_on: date) -> date:
    """The same for a demand that will be due on `due_on`."""
    day = today(ctx.settings, ctx.now)
    return ladder.due_again(day, due_on, days_off(demand.calendar))


def added_by(ctx: Context, demand: Demand, due_on: date) -> date | None:
    """By when a file is due that is added today, where `due_on` leaves it no day; else None.

    A due day that is still ahead is what the signatory signed for the file, and counts.
    """
    return None if due_on > today(ctx.settings, ctx.now) else again_by(ctx, demand, due_on)


def due_of(demand: Demand, file: NamedFile) -> date | None:
    """The day on which a file is due."""
    if demand.due_on is None or file.due_on is None:
        return demand.due_on
    return max(demand.due_on, file.due_on)


def due_now(ctx: Context, demand: Demand, file_ids: Collection[str]) -> date | None:
    """The latest day on which any of these files is due; of none of them, that of the next open
    file of the demand."""
    if not file_ids:
        return demand.next_due_on
    days: list[date | None] = [demand.due_on]
    ids = sorted(file_ids)
    for start in range(0, len(ids), 500):
        days += ctx.session.scalars(
            select(NamedFile.due_on).where(
                NamedFile.demand_id == demand.id, NamedFile.id.in_(ids[start : start + 500])
            )
        )
    return max((each for each in days if each is not None), default=None)


def open_by_day(ctx: Context, demands: Collection[Demand]) -> dict[str, dict[date, int]]:
    """How many open files of each demand are due on each day. One query, over the later ones."""
    later: dict[str, dict[date, int]] = {demand.id: {} for demand in demands}
    rows = ctx.session.execute(
        select(NamedFile.demand_id, NamedFile.due_on, func.count())
        .join(Demand, Demand.id == NamedFile.demand_id)
        .where(
            NamedFile.demand_id.in_(later),
            NamedFile.state.in_(TO_ANSWER),
            NamedFile.due_on > Demand.due_on,
        )
        .group_by(NamedFile.demand_id, NamedFile.due_on)
    )
    for demand_id, due_on, number in rows:
        if due_on is not None:
            later[demand_id][due_on] = number
    for demand in demands:
        rest = demand.files_open - sum(later[demand.id].values())
        if rest > 0 and demand.due_on is not None:
            later[demand.id][demand.due_on] = rest
    return later
