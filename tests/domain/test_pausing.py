"""Pauses: a reason, and a working day ahead, within a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from attest.domain import pausing
from attest.domain.refusal import Refused

FRIDAY = date(2013, 5, 3)
BANK_HOLIDAY = date(2013, 5, 6)
HOLIDAYS = frozenset({BANK_HOLIDAY})
TUESDAY = date(2013, 5, 7)


def sentence(until: date | None) -> str:
    with pytest.raises(Refused) as refused:
        pausing.check_until(until, FRIDAY, HOLIDAYS)
    assert refused.value.field == "until"
    return refused.value.sentence


def test_the_next_working_day_is_the_earliest() -> None:
    assert pausing.check_until(TUESDAY, FRIDAY, HOLIDAYS) == TUESDAY


@pytest.mark.parametrize("day", [FRIDAY, FRIDAY - timedelta(1), date(1, 1, 1)])
def test_a_day_that_is_not_ahead(day: date) -> None:
    assert sentence(day) == "Enter a day after today."


def test_no_day() -> None:
    assert sentence(None) == "Enter the day on which letters go out again."


@pytest.mark.parametrize("day", [date(2013, 5, 4), BANK_HOLIDAY])
def test_a_day_on_which_nobody_works_names_the_next(day: date) -> None:
    assert sentence(day).endswith("is no working day. The next one is Tuesday 7 May 2013.")


def test_at_most_a_year() -> None:
    longest = TUESDAY + timedelta(366)
    assert pausing.check_until(longest, TUESDAY) == longest
    assert sentence(date(2014, 5, 5)) == "A pause lasts a year at most. Enter an earlier day."
    assert sentence(date.max) == "A pause lasts a year at most. Enter an earlier day."


def test_a_reason_is_kept_tidied() -> None:
    assert pausing.check_reason("  They moved house.\r\nUntil May.  ") == (
        "They moved house.\nUntil May."
    )
    assert pausing.check_reason("x" * 1000) == "x" * 1000


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", "Say why"),
        (" \n ", "Say why"),
        ("mirrored \u202e", "hidden direction mark"),
        ("bell \x07", "control character"),
        ("x" * 1001, "1,001 characters long"),
    ],
)
def test_a_reason_that_cannot_be_kept(reason: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        pausing.check_reason(reason)
    assert refused.value.field == "reason"


def test_it_holds_until_the_morning_of_its_day_or_until_it_is_ended() -> None:
    ended = datetime(2013, 5, 3, 12, tzinfo=UTC)
    assert pausing.stands(TUESDAY, None, BANK_HOLIDAY)
    assert not pausing.stands(TUESDAY, None, TUESDAY)
    assert not pausing.stands(TUESDAY, ended, FRIDAY)
