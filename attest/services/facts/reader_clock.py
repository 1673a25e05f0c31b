"""What a reader's clock says, and whether they are likely to be at work then."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attest.domain import working_hours
from attest.domain.calendar import is_weekend, is_working_day
from attest.domain.wording import clock, day
from attest.domain.working_hours import Hours
from attest.services.facts.calendars import calendars, days_off


def local(moment: datetime, zone: str) -> datetime:
    """A moment on the clock of somebody in `zone` (its IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


def away(
    now: datetime, zone: str, hours: Hours, holidays: Container[date], calendar: str
) -> str | None:
    """Why the reader may not be there: "It is 22:40 there, on Monday 6 May 2013."; or None.

    `calendar` is the demand's, whose `holidays` these are.
    """
    if working_hours.is_inside(now, zone, hours, holidays):
        return None
    local = working_hours.local_day(now, zone)
    if not is_working_day(local, holidays):
        return f"{why_no_work(local, calendar)}, and it is {clock(now, ZoneInfo(zone))} there."
    return f"It is {clock(now, ZoneInfo(zone))} there, on {day(local)}."


def why_no_work(on: date, calendar: str) -> str:
    """ "Monday 6 May 2013 is a holiday in England and Wales", or a weekend's day; no full stop."""
    if is_weekend(on, days_off(calendar)):
        return f"{day(on)} is no working day"
    return f"{day(on)} is a holiday in {calendar_name(calendar)}"


def calendar_name(calendar: str) -> str:
    """The calendar in words: "England and Wales"."""
    return dict(calendars()).get(calendar, calendar)
