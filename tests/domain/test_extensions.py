from datetime import date, timedelta

import pytest

from attest.domain import extensions
from attest.domain.refusal import Refused

DUE = date(2013, 2, 18)  # a Monday
LATER = DUE + timedelta(days=2)
TODAY = date(2013, 2, 14)


def test_a_later_day_may_be_asked_for():
    assert extensions.check_until(LATER, DUE, TODAY) == LATER
    # Late already: a day after today counts.
    assert extensions.check_until(LATER, DUE, DUE + timedelta(days=1)) == LATER
    # Today itself does too: they may be done tonight.
    assert extensions.check_until(LATER, DUE, LATER) == LATER
    last = date(TODAY.year + extensions.MOST_YEARS, 12, 31)
    assert extensions.check_until(last, DUE, TODAY) == last


@pytest.mark.parametrize(
    ("until", "today", "why"),
    [
        (None, TODAY, "Enter the day"),
        (DUE, TODAY, "due on Monday 18 February 2013 already"),
        (LATER, LATER + timedelta(days=1), "has passed"),
        (date(2019, 1, 1), TODAY, "five|5 years"),
    ],
)
def test_no_other_day_may_be(until, today, why):
    with pytest.raises(Refused, match=why) as refused:
        extensions.check_until(until, DUE, today)
    assert refused.value.field == "until"


def test_no_more_than_was_asked_for_is_granted():
    assert extensions.check_granted(LATER, LATER, DUE, TODAY) == LATER
    sooner = DUE + timedelta(days=1)
    assert extensions.check_granted(sooner, LATER, DUE, TODAY) == sooner
    for until in (None, LATER + timedelta(days=1), DUE, TODAY - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            extensions.check_granted(until, LATER, DUE, TODAY)
        assert refused.value.field == "until"


def test_nothing_is_granted_where_the_day_has_moved_as_far_by_itself():
    with pytest.raises(Refused, match="nothing to grant") as refused:
        extensions.check_granted(LATER, LATER, LATER, TODAY)
    assert refused.value.field == "answer"


@pytest.mark.parametrize(
    ("until", "asked", "granted", "state"),
    [
        (LATER, "", "", "granted"),
        (LATER, "ab", "ab", "granted"),
        (LATER, "ab", "a", "granted_in_part"),
        (LATER, "", "a", "granted_in_part"),
        (DUE, "ab", "ab", "granted_in_part"),
    ],
)
def test_a_grant_gives_all_or_part(until, asked, granted, state):
    assert extensions.granted_state(LATER, until, asked, granted) == state
    assert state in extensions.MORE_TIME
    assert state in extensions.STATES


def test_both_days_are_told():
    assert extensions.due_words(DUE, None) == "Monday 18 February 2013"
    assert extensions.due_words(DUE, DUE) == "Monday 18 February 2013"
    assert (
        extensions.due_words(LATER, DUE)
        == "Monday 18 February 2013, extended to Wednesday 20 February 2013"
    )


def test_what_is_asked_for_in_words():
    assert (
        extensions.asked_words(LATER, DUE, 2, 0, 5)
        == "2 more working days, until Wednesday 20 February 2013"
    )
    assert (
        extensions.asked_words(DUE + timedelta(days=1), DUE, 1, 2, 5)
        == "1 more working day, until Tuesday 19 February 2013, for 2 of 5 files"
    )
    # From a Friday to the Saturday after it no working day passes.
    friday = date(2013, 2, 15)
    assert extensions.asked_words(friday + timedelta(days=1), friday, 0, 0, 5).startswith(
        "1 more day, until Saturday"
    )


def test_the_log_says_for_which_files_alone():
    said = extensions.reason_in_log
    assert said("Enough.", [], 5) == "Enough."
    assert said(None, [], 5) is None
    assert said("Enough.", ["b", "a"], 5) == "Only for 2 of 5 files: “a” and “b”.\nEnough."
    assert said(None, ["a"], 5) == "Only for 1 of 5 files: “a”."
    many = [str(number) for number in range(30)]
    assert said("Enough.", many, 50) == "Only for 30 of 50 files.\nEnough."
    # Whatever files are called, the reason fits into the event.
    names = ["n" * 300 + str(number) for number in range(20)]
    short = said(None, names, 50)
    assert short is not None
    assert short.startswith("Only for 20 of 50 files: “n")
    long = said("x" * extensions.MOST_REASON, names, 50)
    assert long is not None
    assert len(long) < 10_000
    assert long.startswith("Only for 20 of 50 files.")
