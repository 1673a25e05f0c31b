"""The ladder as data: which turn is the latest, which one comes next, under which names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import ladder
from attest.domain.ladder import DUE, ISSUE, LADDER, LIAISON, Rung, due_again, following, latest

DUE_ON = date(2013, 2, 20)  # a Wednesday
NONE: frozenset[date] = frozenset()
TO_LIAISON = tuple(rung for rung in LADDER if rung.anchor == DUE and LIAISON in rung.audience)


def named(turn):
    return None if turn is None else turn.name


def test_the_usual_ladder() -> None:
    first = [(rung.anchor, rung.offset, rung.letter, rung.every) for rung in LADDER]
    assert first == [
        (ISSUE, 1, "not_acknowledged", None),
        (ISSUE, 2, "not_acknowledged", None),
        (DUE, -5, "reminder", None),
        (DUE, -2, "reminder", None),
        (DUE, 0, "reminder", None),
        (DUE, 1, "overdue", None),
        (DUE, 3, "escalation", 2),
        (DUE, 3, "escalation_contact", 2),
        (DUE, 5, "controller_late", 2),
    ]


def test_names_never_change_since_letters_are_known_by_them() -> None:
    assert [rung.name for rung in LADDER if rung.every is None] == [
        *("issued_1", "issued_2", "before_5", "before_2", "on_day", "after_1")
    ]
    others = (*ladder.REVIEW_RUNGS, *ladder.CHANGE_RUNGS, *ladder.DECISION_RUNGS)
    assert [rung.name for rung in others] == [
        *("waits_2", "waits_5", "waits_10"),
        *("undecided_2", "undecided_5", "undecided_10"),
        *("decide_before_1", "decide_after_1", "decide_after_3"),
    ]


def test_a_name_tells_from_which_day_its_turn_is_counted() -> None:
    rungs = (*LADDER, *ladder.REVIEW_RUNGS, *ladder.CHANGE_RUNGS, *ladder.DECISION_RUNGS)
    rungs = (*rungs, *(Rung(ladder.DECIDE, offset, (LIAISON,), "reminder") for offset in (0, 120)))
    assert [ladder.anchor_of(rung.name) for rung in rungs] == [rung.anchor for rung in rungs]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2013, 2, 12), None),
        (date(2013, 2, 13), "before_5"),
        (date(2013, 2, 18), "before_2"),
        (date(2013, 2, 19), "before_2"),
        (date(2013, 2, 20), "on_day"),
        (date(2013, 2, 21), "after_1"),
        (date(2013, 2, 24), "after_1"),
        (date(2013, 2, 25), "after_3"),
        (date(2013, 2, 26), "after_3"),
        (date(2013, 2, 27), "after_5"),
        (date(2013, 3, 2), "after_7"),
        (date(2013, 3, 29), "after_27"),
    ],
)
def test_only_the_latest_turn_counts(today, expected) -> None:
    assert named(latest(TO_LIAISON, DUE_ON, today)) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2013, 2, 1), ("before_5", date(2013, 2, 13))),
        (date(2013, 2, 13), ("before_2", date(2013, 2, 18))),
        (date(2013, 2, 23), ("after_3", date(2013, 2, 25))),
        (date(2013, 2, 25), ("after_5", date(2013, 2, 27))),
        (date(2013, 2, 26), ("after_5", date(2013, 2, 27))),
        (date(2013, 3, 2), ("after_9", date(2013, 3, 5))),
    ],
)
def test_what_comes_next(today, expected) -> None:
    turn = following(TO_LIAISON, DUE_ON, today)
    assert turn is not None
    assert (turn.name, turn.day) == expected


@pytest.mark.parametrize("today", [date(2013, 2, 18), date(2013, 2, 19), date(2013, 2, 21)])
def test_the_latest_is_that_of_the_latest_day_wherever_it_stands(today) -> None:
    backwards = tuple(reversed(TO_LIAISON))
    assert latest(backwards, DUE_ON, today) == latest(TO_LIAISON, DUE_ON, today)


def test_an_officers_rung_is_theirs_alone_and_not_that_of_a_contact_in_it() -> None:
    """The liaison stands in for the officer; for a contact, only whoever comes after them."""
    contact = ladder.ESCALATION_CONTACT
    rung = Rung(DUE, 3, (ladder.OFFICER, contact), "escalation")
    assert ladder.is_officers_alone(rung)
    assert not ladder.is_officers_alone(rung, contact)


def test_a_ladder_without_a_turn_that_comes_again_ends() -> None:
    rungs = [rung for rung in TO_LIAISON if rung.every is None]
    assert following(rungs, DUE_ON, date(2013, 2, 21)) is None
    assert named(latest(rungs, DUE_ON, date(2014, 1, 1))) == "after_1"
    assert latest([], DUE_ON, DUE_ON) is None


def test_what_was_said_by_another_letter_is_passed_over() -> None:
    heard = date(2013, 2, 18)
    assert latest(TO_LIAISON, DUE_ON, date(2013, 2, 19), since=heard) is None
    assert named(latest(TO_LIAISON, DUE_ON, DUE_ON, since=heard)) == "on_day"
    turn = following(TO_LIAISON, DUE_ON, date(2013, 2, 1), since=heard)
    assert named(turn) == "on_day"


def test_holidays_move_the_rungs() -> None:
    holiday = frozenset({date(2013, 2, 21)})
    assert named(latest(TO_LIAISON, DUE_ON, date(2013, 2, 21), holiday)) == "on_day"
    assert named(latest(TO_LIAISON, DUE_ON, date(2013, 2, 22), holiday)) == "after_1"


def test_a_due_day_on_which_nobody_works() -> None:
    saturday = date(2013, 2, 23)
    assert named(latest(TO_LIAISON, saturday, saturday)) == "on_day"
    # On Monday the letter that says it is late says more.
    assert named(latest(TO_LIAISON, saturday, date(2013, 2, 25))) == "after_1"


def test_who_cannot_answer_gets_another_kind_of_letter() -> None:
    rung = Rung(DUE, 3, ladder.AUDIENCES, "escalation", every=2)
    kinds = {duty: ladder.letter_for(rung, duty) for duty in ladder.AUDIENCES}
    assert kinds == {
        "liaison": "escalation",
        "officer": "escalation",
        "escalation_contact": "escalation_contact",
        "case_handler": "controller_late",
        "signatory": "controller_late",
        "controller_contact": "controller_late",
    }


@given(
    due_on=st.dates(date(2013, 1, 1), date(2026, 1, 1)),
    offset=st.integers(-40, 60),
    every=st.integers(1, 9),
    ahead=st.integers(-30, 120),
)
def test_what_follows_is_latest_on_its_day(due_on, offset, every, ahead) -> None:
    rungs = (
        Rung(DUE, offset, (LIAISON,), "reminder"),
        Rung(DUE, offset + 2, (LIAISON,), "overdue", every=every),
    )
    today = due_on + timedelta(days=ahead)
    turn = following(rungs, due_on, today)
    assert turn is not None
    assert turn.day > today
    before = latest(rungs, due_on, turn.day - timedelta(days=1))
    assert before == latest(rungs, due_on, today)
    reached = latest(rungs, due_on, turn.day)
    assert reached is not None
    assert reached.day == turn.day


def test_what_is_opened_again_has_five_working_days_and_all_rungs_ahead() -> None:
    friday = date(2013, 3, 1)
    assert due_again(friday, DUE_ON, NONE) == date(2013, 3, 8)
    assert due_again(friday, DUE_ON, frozenset({date(2013, 3, 4)})) == date(2013, 3, 11)
    assert latest(TO_LIAISON, date(2013, 3, 8), friday, since=friday) is None


def test_what_is_opened_again_long_before_the_due_day_keeps_it() -> None:
    assert due_again(date(2013, 2, 4), DUE_ON, NONE) == DUE_ON
