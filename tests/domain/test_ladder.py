"""The ladder writes once a rung, and once only where several were missed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.ladder import ESCALATION_CONTACT, RUNGS, due_again, next_rung, rungs_due

DUE = date(2013, 2, 20)
NONE: frozenset[date] = frozenset()


def test_the_rungs_stand_in_order_under_names_of_their_own() -> None:
    assert [rung.offset for rung in RUNGS] == [-2, 0, 1, 3]
    assert len({rung.name for rung in RUNGS}) == len(RUNGS)


def test_only_the_last_rung_writes_to_the_escalation_contact() -> None:
    assert [ESCALATION_CONTACT in rung.audience for rung in RUNGS] == [False, False, False, True]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2013, 2, 17), None),
        (date(2013, 2, 18), "before_2"),
        (date(2013, 2, 19), "before_2"),
        (date(2013, 2, 20), "on_day"),
        (date(2013, 2, 21), "after_1"),
        (date(2013, 2, 24), "after_1"),
        (date(2013, 2, 25), "after_3"),
        (date(2013, 6, 1), "after_3"),
    ],
)
def test_the_latest_rung_reached_is_the_one_to_send(today: date, expected: str | None) -> None:
    step = rungs_due(DUE, today, NONE, set())
    assert (step.rung.name if step else None) == expected


def test_missed_rungs_collapse_into_the_latest_and_count_as_done() -> None:
    step = rungs_due(DUE, date(2013, 2, 25), NONE, set())
    assert step is not None
    assert step.covers == ("before_2", "on_day", "after_1", "after_3")
    assert rungs_due(DUE, date(2013, 2, 25), NONE, set(step.covers)) is None


def test_a_rung_already_sent_is_not_covered_again() -> None:
    step = rungs_due(DUE, date(2013, 2, 25), NONE, {"before_2"})
    assert step is not None
    assert step.covers == ("on_day", "after_1", "after_3")


def test_no_earlier_rung_follows_a_later_one() -> None:
    assert rungs_due(DUE, date(2013, 2, 22), NONE, {"after_1"}) is None


def test_holidays_move_the_rungs() -> None:
    holiday = frozenset({date(2013, 2, 21)})
    step = rungs_due(DUE, date(2013, 2, 21), holiday, {"before_2", "on_day"})
    assert step is None
    step = rungs_due(DUE, date(2013, 2, 22), holiday, {"before_2"})
    assert step is not None
    assert step.rung.name == "after_1"


def test_a_rung_that_fell_before_the_due_date_was_told_is_passed_over() -> None:
    tight = date(2013, 2, 19)
    assert rungs_due(DUE, tight, NONE, set(), since=tight) is None
    step = rungs_due(DUE, date(2013, 2, 21), NONE, set(), since=tight)
    assert step is not None
    assert step.covers == ("on_day", "after_1")


def test_the_next_rung_and_its_day() -> None:
    ahead = next_rung(DUE, date(2013, 2, 18), NONE, {"before_2"})
    assert ahead is not None
    assert (ahead[0].name, ahead[1]) == ("on_day", date(2013, 2, 20))
    assert next_rung(DUE, date(2013, 3, 1), NONE, set()) is None


@given(
    starts=st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=12),
)
def test_each_rung_is_done_once_however_the_ticks_fall(starts: list[int]) -> None:
    """Ticks on random days, in order: no rung is covered twice, and the last tick leaves none."""
    done: list[str] = []
    for offset in sorted(starts):
        today = date(2013, 2, 1) + timedelta(days=offset)
        step = rungs_due(DUE, today, NONE, done)
        if step:
            done.extend(step.covers)
        assert rungs_due(DUE, today, NONE, done) is None
    assert len(done) == len(set(done))


def test_what_is_opened_again_has_five_working_days_and_all_rungs_ahead() -> None:
    friday = date(2013, 3, 1)
    assert due_again(friday, DUE, NONE) == date(2013, 3, 8)
    assert due_again(friday, DUE, frozenset({date(2013, 3, 4)})) == date(2013, 3, 11)
    assert all(rung.day(date(2013, 3, 8)) > friday for rung in RUNGS)


def test_nothing_is_due_earlier_because_it_was_opened_again() -> None:
    assert due_again(date(2013, 2, 4), DUE, NONE) == DUE
