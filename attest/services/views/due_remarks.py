"""What is said of a due day that a draft, an amendment or more time would set."""

from __future__ import annotations

from datetime import date

from attest.database.tables import Amendment, Demand
from attest.domain.due_day import DayRemark, remark_on
from attest.services.context import Context
from attest.services.facts.calendars import days_off, today
from attest.services.facts.ladders import ladder_of
from attest.services.facts.reader_clock import calendar_name
from attest.services.views.next_step import party_name


def of_draft(ctx: Context, demand: Demand) -> DayRemark | None:
    """Of the day in a draft; None where there is nothing to say."""
    return None if demand.due_on is None else _to_controller(ctx, demand, demand.due_on)


def of_amendment(ctx: Context, demand: Demand, row: Amendment) -> DayRemark | None:
    """Of the day that an amendment sets; None where the day stays."""
    if row.due_on == demand.due_on:
        return None
    return _to_controller(ctx, demand, row.due_on)


def of_asked(ctx: Context, demand: Demand, until: date | None) -> DayRemark | None:
    """Of the day that the contractor asks for. It does not read of the controller's letters."""
    if until is None or _stands_longer(demand, until):
        return None
    return remark_on(
        until,
        today(ctx.settings, ctx.now),
        days_off(demand.calendar),
        place=calendar_name(demand.calendar),
        who="you",
        after=demand.due_on,
    )


def of_granted(ctx: Context, demand: Demand, until: date | None, asked: date) -> DayRemark | None:
    """Of the day that the controller would grant; never a later one than was asked for."""
    if until is None or until > asked or _stands_longer(demand, until):
        return None
    return _to_controller(ctx, demand, until, after=demand.due_on, latest=asked)


def _stands_longer(demand: Demand, until: date) -> bool:
    return demand.due_on is not None and until <= demand.due_on


def _to_controller(
    ctx: Context,
    demand: Demand,
    chosen: date,
    *,
    after: date | None = None,
    latest: date | None = None,
) -> DayRemark | None:
    return remark_on(
        chosen,
        today(ctx.settings, ctx.now),
        days_off(demand.calendar),
        place=calendar_name(demand.calendar),
        who=party_name(demand, "contractor") or "the contractor",
        rungs=ladder_of(ctx, demand),
        after=after,
        latest=latest,
    )
