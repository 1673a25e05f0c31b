"""What is said of a due day on which nobody works, and of today."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attest.domain.due_day import DayRemark, remark_on
from attest.domain.ladder import LADDER, LIAISON, Rung

# Monday 4 February 2013; the 8th is a holiday here, and so is the 18th.
TODAY = date(2013, 2, 4)
HOLIDAYS = frozenset({date(2013, 2, 8), date(2013, 2, 18)})


def said(chosen: date, today: date = TODAY, **more: Any) -> DayRemark | None:
    given: dict[str, Any] = {"place": "Northland", "who": "Halden", "rungs": LADDER} | more
    return remark_on(chosen, today, HOLIDAYS, **given)


@pytest.mark.parametrize("chosen", [date(2013, 2, 5), date(2013, 2, 19), date(2013, 2, 3)])
def test_nothing_is_said_of_a_working_day_ahead_nor_of_one_that_is_over(chosen) -> None:
    assert said(chosen) is None


def test_a_sunday_with_its_letters_and_the_days_beside_it() -> None:
    got = said(date(2013, 2, 24))
    assert got is not None
    assert got.sentence == (
        "Sunday 24 February 2013 is no working day in Northland: the letters before it go out on "
        "Friday 15 February 2013 and Thursday 21 February 2013, and none on the day itself."
    )
    assert got.instead == (date(2013, 2, 22), date(2013, 2, 25))
    assert got.question == (
        "Take Friday 22 February 2013 (12 working days from today) or Monday 25 February 2013 "
        "(13 working days from today)?"
    )


def test_a_holiday_is_as_a_sunday() -> None:
    got = said(date(2013, 2, 18))
    assert got is not None
    assert got.sentence.startswith("Monday 18 February 2013 is no working day in Northland: ")
    assert got.instead == (date(2013, 2, 15), date(2013, 2, 19))


def test_letters_that_would_have_gone_by_now_are_not_told() -> None:
    got = said(date(2013, 2, 8))
    assert got is not None
    assert "the letter before it goes out on Wednesday 6 February 2013, and none" in got.sentence
    todays = [Rung("due", -4, (LIAISON,), "reminder")]
    got = said(date(2013, 2, 10), rungs=todays)
    assert got is not None
    assert got.sentence == "Sunday 10 February 2013 is no working day in Northland."
    only_after = [Rung("due", 1, (LIAISON,), "overdue"), Rung("issue", 1, (LIAISON,), "overdue")]
    got = said(date(2013, 2, 24), rungs=only_after)
    assert got is not None
    assert got.sentence == "Sunday 24 February 2013 is no working day in Northland."


def test_today_leaves_no_time() -> None:
    got = said(TODAY)
    assert got is not None
    assert got.sentence == "Monday 4 February 2013 is today, and leaves Halden no time at all."
    assert got.instead == (date(2013, 2, 12), date(2013, 2, 20))


def test_a_day_off_that_is_today_or_comes_before_any_working_day() -> None:
    saturday = date(2013, 2, 9)
    got = said(saturday, saturday)
    assert got is not None
    assert got.sentence == (
        "Saturday 9 February 2013 is today, and no working day in Northland: it leaves Halden no "
        "time at all."
    )
    got = said(date(2013, 2, 10), date(2013, 2, 7))
    assert got is not None
    assert got.sentence == (
        "Sunday 10 February 2013 is no working day in Northland, and none lies before it: it "
        "leaves Halden no time at all."
    )


def test_only_days_that_may_be_taken_are_proposed() -> None:
    sunday = date(2013, 2, 24)
    later = said(sunday, after=date(2013, 2, 22))
    assert later is not None
    assert later.instead == (date(2013, 2, 25),)
    both = said(sunday, latest=date(2013, 2, 25))
    assert both is not None
    assert both.instead == (date(2013, 2, 22), date(2013, 2, 25))
    earlier = said(sunday, latest=sunday)
    assert earlier is not None
    assert earlier.instead == (date(2013, 2, 22),)
    neither = said(sunday, after=date(2013, 2, 22), latest=sunday)
    assert neither is not None
    assert (neither.instead, neither.question) == ((), "")
