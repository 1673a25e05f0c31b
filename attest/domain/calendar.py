"""Working days: every day but the weekends and the holidays of a calendar.

A calendar is given as any container of its holidays, so that the rules here know neither a country
nor a library; one whose weekends are other days than Saturday and Sunday is a `Calendar`.
The statutory clock of a breach (72 hours, weekends included) never uses this module.
"""

from abc import abstractmethod
from collections.abc import Container
from datetime import date, timedelta

NO_HOLIDAYS: frozenset[date] = frozenset()

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class Calendar(Container[date]):
    """Holidays that also know their weekends."""

    @abstractmethod
    def is_weekend(self, day: date) -> bool:
        """Whether `day` belongs to a weekend on which nobody works."""


def is_weekend(day: date, holidays: Container[date] = NO_HOLIDAYS) -> bool:
    """Whether `day` belongs to a weekend: Saturday and Sunday where `holidays` says no other."""
    if isinstance(holidays, Calendar):
        return holidays.is_weekend(day)
    return day.weekday() >= _SATURDAY


def is_working_day(day: date, holidays: Container[date] = NO_HOLIDAYS) -> bool:
    """Whether people work on `day`."""
    return not is_weekend(day, holidays) and day not in holidays


def add_working_days(start: date, n: int, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """The `n`-th working day after `start`, or before it where `n` is negative.

    `start` itself never counts: Friday plus one is Monday. With `n` of 0 the answer is `start`,
    whether people work on it or not.
    """
    step = _ONE_DAY if n > 0 else -_ONE_DAY
    day = start
    left = abs(n)
    while left:
        day += step
        if is_working_day(day, holidays):
            left -= 1
    return day


def working_days_between(start: date, end: date, holidays: Container[date] = NO_HOLIDAYS) -> int:
    """How many working days lie after `start` up to and including `end`.

    Negative where `end` comes first: the working days after `end` up to and including `start`.
    Friday to Saturday is 0, Friday to Monday is 1, Monday to Friday before it is -1.
    """
    if end < start:
        return -working_days_between(end, start, holidays)
    whole_days = (end - start).days
    return sum(
        is_working_day(start + timedelta(days=offset), holidays)
        for offset in range(1, whole_days + 1)
    )


def next_working_day(day: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """`day` itself where people work on it, else the first working day after it."""
    while not is_working_day(day, holidays):
        day += _ONE_DAY
    return day
