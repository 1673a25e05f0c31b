"""Working days are what the calendar says, in both directions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.calendar import (
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
)

FRIDAY = date(2013, 2, 15)
MONDAY = date(2013, 2, 18)
EASTER = frozenset({date(2013, 3, 29), date(2013, 4, 1)})

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


def test_weekends_and_holidays_are_no_working_days() -> None:
    assert is_working_day(FRIDAY)
    assert not is_working_day(date(2013, 2, 16))
    assert not is_working_day(date(2013, 2, 17))
    assert is_working_day(date(2013, 3, 29))
    assert not is_working_day(date(2013, 3, 29), EASTER)


def test_the_reference_case_is_due_ten_working_days_after_its_issue() -> None:
    assert add_working_days(date(2013, 2, 4), 10) == MONDAY
    assert working_days_between(date(2013, 2, 4), MONDAY) == 10


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (FRIDAY, 1, MONDAY),
        (FRIDAY, 0, FRIDAY),
        (date(2013, 2, 16), 0, date(2013, 2, 16)),
        (date(2013, 2, 16), 1, MONDAY),
        (MONDAY, -1, FRIDAY),
        (MONDAY, -2, date(2013, 2, 14)),
        (date(2013, 2, 17), -1, FRIDAY),
    ],
)
def test_adding_steps_over_weekends(start: date, n: int, end: date) -> None:
    assert add_working_days(start, n) == end


def test_adding_steps_over_easter() -> None:
    assert add_working_days(date(2013, 3, 28), 1, EASTER) == date(2013, 4, 2)
    assert add_working_days(date(2013, 4, 2), -1, EASTER) == date(2013, 3, 28)


def test_the_next_working_day_may_be_the_day_itself() -> None:
    assert next_working_day(FRIDAY) == FRIDAY
    assert next_working_day(date(2013, 2, 16)) == MONDAY
    assert next_working_day(date(2013, 3, 29), EASTER) == date(2013, 4, 2)


@given(start=days, n=st.integers(min_value=1, max_value=80))
def test_counting_undoes_adding(start: date, n: int) -> None:
    end = add_working_days(start, n, EASTER)
    assert is_working_day(end, EASTER)
    assert working_days_between(start, end, EASTER) == n
    assert working_days_between(end, start, EASTER) == -n


@given(start=days, gap=st.integers(min_value=0, max_value=60), more=st.integers(0, 60))
def test_counts_of_adjoining_spans_add_up(start: date, gap: int, more: int) -> None:
    middle = start + timedelta(days=gap)
    end = middle + timedelta(days=more)
    assert working_days_between(start, end) == (
        working_days_between(start, middle) + working_days_between(middle, end)
    )
