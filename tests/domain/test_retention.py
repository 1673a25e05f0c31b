"""When what is no longer needed may be erased."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attest.domain.retention import kept_until, why_not_yet

CLOSED_ON = date(2013, 3, 6)
SIX_YEARS = 2192


def refusal(state: str = "closed", *, after: int, last_exception: date | None = None) -> str | None:
    return why_not_yet(
        "ND-2013-001",
        state,
        CLOSED_ON,
        last_exception,
        days=SIX_YEARS,
        today=CLOSED_ON + timedelta(days=after),
    )


def test_six_years_whatever_leap_years_lie_between():
    assert kept_until(CLOSED_ON, SIX_YEARS) == date(2019, 3, 7)


@pytest.mark.parametrize("state", ["closed", "closed_with_exceptions", "withdrawn"])
def test_an_ended_demand_is_kept_to_its_last_day(state: str):
    said = refusal(state, after=SIX_YEARS)
    assert said is not None
    assert "ended on 6 March 2013 and is kept until 7 March 2019" in said
    assert "before 8 March 2019" in said
    assert refusal(state, after=SIX_YEARS + 1) is None


@pytest.mark.parametrize("state", ["draft", "issued", "acknowledged", "in_progress"])
def test_an_open_demand_is_never_erased_from(state: str):
    said = refusal(state, after=SIX_YEARS * 2)
    assert said is not None
    assert "is not closed" in said


def test_nor_is_one_without_a_day_of_its_end():
    assert why_not_yet("X", "closed", None, None, days=1, today=CLOSED_ON)


def test_a_copy_that_is_still_kept_holds_everything():
    until = CLOSED_ON + timedelta(days=SIX_YEARS + 30)
    said = refusal("closed_with_exceptions", after=SIX_YEARS + 1, last_exception=until)
    assert said is not None
    assert "is still kept, until" in said
    assert refusal("closed", after=SIX_YEARS + 1, last_exception=CLOSED_ON) is None
