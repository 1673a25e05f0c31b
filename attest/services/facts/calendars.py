"""The holidays of a demand's calendar, such as `GB-ENG`: a country, or a part of one."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import holidays
from holidays.registry import COUNTRIES

from attest.domain import working_hours
from attest.domain.calendar import NO_HOLIDAYS, Calendar
from attest.domain.refusal import Refused
from attest.settings import Settings


@lru_cache(maxsize=64)
def holidays_of(calendar: str) -> Container[date]:
    """The public holidays of `calendar` (ISO 3166-1, or ISO 3166-2 as in `GB-SCT`), of any year.

    Raises `Refused` for a calendar that isn't known.
    """
    country, _, part = calendar.partition("-")
    try:
        return _Free(holidays.country_holidays(country, subdiv=part or None))
    except NotImplementedError:
        raise Refused(
            f"There is no calendar “{calendar}”. Use a country's two letters, such as DE,"
            " or GB-ENG, GB-SCT, GB-WLS or GB-NIR.",
            field="calendar",
        ) from None


def days_off(calendar: str) -> Container[date]:
    """The same; of a calendar that is not known any more, Saturdays and Sundays alone.

    For pages and for the letters of acts, which must not end with it. Letters that chase wait
    until it is known again (chunks.py): nobody is chased on a holiday.
    """
    try:
        return holidays_of(calendar)
    except Refused:
        return NO_HOLIDAYS


def is_known(calendar: str) -> bool:
    """Whether its holidays are known."""
    return days_off(calendar) is not NO_HOLIDAYS


def why_unknown(calendar: str) -> str | None:
    """What pages say where its holidays are not known, and what to do; None where they are."""
    if is_known(calendar):
        return None
    return (
        f"The holidays of the calendar “{calendar}” are not known here any more, so days are "
        "counted from Monday to Friday. Tell whoever runs this Attest: a version of the Python "
        "package holidays that has this calendar puts it right."
    )


class _Free(Calendar):
    """A calendar's holidays, a plain set a year: a ladder asks for the same days many times."""

    def __init__(self, found: Any) -> None:
        self._found = found
        self._years: dict[int, frozenset[date]] = {}

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        free = self._years.get(day.year)
        return day in (self._of_year(day.year) if free is None else free)

    def is_weekend(self, day: date) -> bool:
        """Of this country: Friday and Saturday in some; a Sunday on which China works is none."""
        if day.weekday() not in self._found.weekend:
            return False
        _ = day in self  # the library knows of such Sundays once it was asked for their year
        return day not in self._found.weekend_workdays

    def _of_year(self, year: int) -> frozenset[date]:
        # A holiday of the neighbouring year may be kept in this one.
        for near in (year - 1, year, year + 1):
            _ = date(near, 7, 1) in self._found
        free = frozenset(day for day in list(self._found) if day.year == year)
        self._years[year] = free
        return free


# The parts of the United Kingdom differ in their holidays; England's calendar is Wales's too.
_HOME = (("GB-ENG", "England and Wales"), ("GB-SCT", "Scotland"), ("GB-NIR", "Northern Ireland"))
_SMALL_WORDS = frozenset({"and", "of", "the"})


@lru_cache(maxsize=1)
def calendars() -> tuple[tuple[str, str], ...]:
    """Every calendar that can be chosen, as (code, name): the United Kingdom's parts first."""
    others = sorted(
        (_in_words(name), codes[1])
        for name, codes in COUNTRIES.items()
        if codes[1] != "GB" and len(codes[1]) == 2
    )
    return (*_HOME, *((code, name) for name, code in others))


def _in_words(name: str) -> str:
    words = name.split("_")
    return " ".join(word if word in _SMALL_WORDS else word.capitalize() for word in words)


def today(settings: Settings, now: datetime) -> date:
    """The day that it is at `now` where this instance's people work."""
    return local_day(settings, now)


def local_day(settings: Settings, moment: datetime) -> date:
    """The day of a moment where this instance's people work."""
    return working_hours.local_day(moment, settings.time_zone)
