"""When somebody works: the hours of a day in their own time zone, on working days.

Everything is told by moments, so the change of summer time needs no rule of its own: the hours of
a day are the moments between two readings of the reader's clock, however long that day is.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attest.domain.calendar import NO_HOLIDAYS, is_working_day
from attest.setting_values import Hours

__all__ = ["Hours", "is_inside", "local_day", "midnight", "next_inside", "opening", "told_day"]

_ONE_DAY = timedelta(days=1)
# Longer than any holiday, so that a calendar in which nobody ever works ends the search.
_FAR = 366


def local_day(moment: datetime, zone: str) -> date:
    """The day that it is at `moment` in a time zone (its IANA name)."""
    return moment.astimezone(_zone(zone)).date()


def told_day(moment: datetime, zone: str, pages: str | None, due_on: date) -> date:
    """The day in `zone`; but `due_on` for as long as it is that day, or before it, in `pages`.

    `pages` is the time zone in which pages tell the day: nobody is told that a due day has passed
    while they say that it is today. None: it is of no matter.
    """
    day = local_day(moment, zone)
    if pages is not None and local_day(moment, pages) <= due_on < day:
        return due_on
    return day


def is_inside(
    now: datetime, zone: str, hours: Hours, holidays: Container[date] = NO_HOLIDAYS
) -> bool:
    """Whether somebody in `zone` works at `now`."""
    day = local_day(now, zone)
    if not is_working_day(day, holidays):
        return False
    return _moment(day, hours.opens, zone) <= now < _moment(day, hours.closes, zone)


def next_inside(
    now: datetime, zone: str, hours: Hours, holidays: Container[date] = NO_HOLIDAYS
) -> datetime:
    """`now` itself where it is inside working hours, else when they begin next. UTC."""
    if is_inside(now, zone, hours, holidays):
        return now
    return opening(local_day(now, zone), zone, hours, holidays, after=now)


def opening(
    day: date,
    zone: str,
    hours: Hours,
    holidays: Container[date] = NO_HOLIDAYS,
    *,
    after: datetime | None = None,
) -> datetime:
    """When work begins on `day`, or on the first working day from then on; later than `after`.

    UTC. Raises `ValueError` where nobody works within a year.
    """
    for ahead in range(_FAR):
        each = day + ahead * _ONE_DAY
        if not is_working_day(each, holidays):
            continue
        begins = _moment(each, hours.opens, zone)
        # A day that a zone left out altogether (Samoa's 30 December 2011) has no such moment.
        skipped = local_day(begins, zone) != each or begins >= _moment(each, hours.closes, zone)
        if not skipped and (after is None or begins > after):
            return begins
    raise ValueError("nobody works within a year")


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """When that day begins in a time zone (its IANA name). UTC."""
    return _moment(day, time(), zone)


def _moment(day: date, clock: time, zone: str) -> datetime:
    # A reading that summer time leaves out counts as if the clock had not been changed (PEP 495).
    return datetime.combine(day, clock, tzinfo=_zone(zone)).astimezone(UTC)
