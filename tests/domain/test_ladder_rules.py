"""A ladder of one's own: what it may hold, and the words for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attest.domain import ladder, ladder_rules
from attest.domain.ladder import (
    CASE_HANDLER,
    CONTROLLER_CONTACT,
    DUE,
    ESCALATION_CONTACT,
    ISSUE,
    LADDER,
    LIAISON,
    OFFICER,
    SIGNATORY,
    Rung,
)
from attest.domain.refusal import Refused

BOTH = (LIAISON, OFFICER)
REMINDER = Rung(DUE, -5, BOTH, "reminder")
OVERDUE = Rung(DUE, 1, BOTH, "overdue")


def refused(*rungs: Rung) -> tuple[str, str | None]:
    with pytest.raises(Refused) as told:
        ladder_rules.check(rungs)
    return told.value.sentence, told.value.field


def test_the_usual_ladder_keeps_its_own_rules_and_its_order() -> None:
    ladder_rules.check(LADDER)
    assert ladder_rules.in_order(LADDER[::-1])[0].anchor == ISSUE
    assert ladder_rules.in_order(LADDER) == LADDER


def test_rungs_stand_in_the_order_of_their_days() -> None:
    late, early = Rung(DUE, 9, BOTH, "escalation"), Rung(ISSUE, 4, (LIAISON,), "not_acknowledged")
    assert ladder_rules.in_order([late, OVERDUE, REMINDER, early]) == (
        early,
        REMINDER,
        OVERDUE,
        late,
    )


def test_at_least_one_and_at_most_twenty() -> None:
    assert refused()[1] == "rungs"
    many = [Rung(DUE, offset, BOTH, "overdue") for offset in range(1, 22)]
    ladder_rules.check(many[:20])
    sentence, field = refused(*many)
    assert field == "rungs"
    assert sentence.startswith("These are 21 rows; 20 at most")


@pytest.mark.parametrize(
    ("rung", "part"),
    [
        (Rung("never", 1, BOTH, "overdue"), "when"),
        (Rung(ISSUE, 0, (LIAISON,), "not_acknowledged"), "days"),
        (Rung(ISSUE, 61, (LIAISON,), "not_acknowledged"), "days"),
        (Rung(DUE, -61, BOTH, "reminder"), "days"),
        (Rung(DUE, 121, BOTH, "overdue"), "days"),
        (replace(OVERDUE, every=0), "every"),
        (replace(OVERDUE, every=61), "every"),
        (replace(REMINDER, every=1), "every"),
        (Rung(DUE, 1, (), "overdue"), "to"),
        (Rung(DUE, 1, ("everybody",), "overdue"), "to"),
        (Rung(ISSUE, 1, BOTH, "not_acknowledged"), "to"),
        (Rung(DUE, 0, (LIAISON, ESCALATION_CONTACT), "reminder"), "to"),
        (Rung(DUE, -1, (SIGNATORY,), "reminder"), "to"),
        (Rung(DUE, -1, BOTH, "overdue"), "letter"),
        (Rung(DUE, 1, BOTH, "reminder"), "letter"),
        (Rung(DUE, 1, BOTH, "password_reset"), "letter"),
        (Rung(ISSUE, 1, (LIAISON,), "overdue"), "letter"),
        (Rung(DUE, 1, BOTH, "controller_late"), "letter"),
        (Rung(DUE, 1, (SIGNATORY,), "escalation"), "letter"),
        (Rung(DUE, 1, (ESCALATION_CONTACT,), "controller_late"), "letter"),
    ],
)
def test_what_one_row_may_not_say(rung: Rung, part: str) -> None:
    sentence, field = refused(Rung(DUE, 30, BOTH, "overdue"), rung)
    assert field == f"rungs.1.{part}"
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "rung",
    [
        Rung(ISSUE, 60, (LIAISON,), "not_acknowledged", every=60),
        Rung(DUE, -60, BOTH, "reminder"),
        Rung(DUE, 120, (OFFICER,), "escalation", every=60),
        Rung(DUE, 1, (LIAISON, ESCALATION_CONTACT, SIGNATORY), "overdue"),
        Rung(DUE, 1, (CASE_HANDLER, CONTROLLER_CONTACT), "controller_late", every=1),
    ],
)
def test_what_one_row_may_say(rung: Rung) -> None:
    ladder_rules.check([rung])


def test_a_reader_is_written_to_once_a_day() -> None:
    sentence, field = refused(OVERDUE, REMINDER, Rung(DUE, 1, (OFFICER, SIGNATORY), "overdue"))
    assert field == "rungs.2.days"
    assert sentence == "Row 1 writes to the assurance officer on that day already."
    ladder_rules.check([OVERDUE, Rung(DUE, 1, (SIGNATORY,), "controller_late")])


def test_one_row_for_each_reader_comes_again() -> None:
    again = Rung(DUE, 3, BOTH, "escalation", every=2)
    sentence, field = refused(again, Rung(DUE, 8, (LIAISON,), "escalation", every=5))
    assert (sentence, field) == (
        "Row 1 writes to the liaison again and again already.",
        "rungs.1.every",
    )
    ladder_rules.check([again, Rung(DUE, 5, BOTH, "overdue")])


def test_every_usual_letter_fits() -> None:
    for duty in ladder.AUDIENCES:
        for offset in (1, 2, 3, 9):
            usual = ladder_rules.usual_letter(DUE, offset, (duty,))
            ladder_rules.check([Rung(DUE, offset, (duty,), usual)])
    assert ladder_rules.usual_letter(DUE, 0, BOTH) == "reminder"
    assert ladder_rules.usual_letter(ISSUE, 9, (LIAISON,)) == "not_acknowledged"
    assert ladder_rules.usual_letter(DUE, 2, BOTH) == "overdue"
    assert ladder_rules.usual_letter(DUE, 3, BOTH) == "escalation"
    # What is stored for readers of several kinds, each of them gets their own.
    mixed = Rung(DUE, 3, (OFFICER, ESCALATION_CONTACT), "escalation")
    assert ladder.letter_for(mixed, OFFICER) == "escalation"
    assert ladder.letter_for(mixed, ESCALATION_CONTACT) in ladder_rules.LETTERS


@pytest.mark.parametrize(
    ("rung", "words"),
    [
        (LADDER[0], "1 working day after issue, while not acknowledged"),
        (REMINDER, "5 working days before the due day"),
        (Rung(DUE, 0, BOTH, "reminder"), "on the due day"),
        (
            Rung(DUE, 3, BOTH, "escalation", every=2),
            "3 working days after the due day, then every 2 working days",
        ),
        (replace(OVERDUE, every=1), "1 working day after the due day, then every working day"),
    ],
)
def test_words(rung: Rung, words: str) -> None:
    assert ladder_rules.when_words(rung) == words


def test_readers_in_one_order() -> None:
    assert ladder_rules.audience_words((SIGNATORY, OFFICER, LIAISON)) == (
        "the liaison, the assurance officer and the lead controller's signatories"
    )
