"""What letters say of days stays true, however long a mail server puts them off."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from attest.domain.letter_words import CHASING_KINDS
from attest.mail import digest_letters, together_letters
from attest.mail.about import About
from attest.mail.letter import Letter, compose
from tests.mail.examples import ABOUT, ALL

# On another day they are worded anew before they go: services/sending/rewording.py, digests.py and
# services/chasing/together.py. What a person sends at once is not.
WORDED_ANEW = {*CHASING_KINDS, together_letters.KIND, digest_letters.KIND} - {"chase_now"}
KEPT = {name: each for name, each in ALL.items() if each.kind not in WORDED_ANEW}
OF_A_DEMAND = {
    name: each for name, each in KEPT.items() if isinstance((each.values or {}).get("about"), About)
}
EACH_KEPT = pytest.mark.parametrize("letter", KEPT.values(), ids=KEPT.keys())
OF_TODAY = re.compile(
    r"\b(today|tomorrow|yesterday|tonight|ago|this (morning|afternoon|week)|(next|last) week"
    r"|in [0-9]+ (working )?days?|[0-9]+ working days? (late|ago))\b",
    re.IGNORECASE,
)


def own_words(letter: Letter) -> str:
    """Without what a person wrote."""
    lines = [letter.subject, *letter.text.split("\n")]
    return " ".join(" ".join(line for line in lines if not line.startswith(">")).split())


@EACH_KEPT
def test_what_is_not_worded_anew_has_no_word_of_the_day(letter):
    assert OF_TODAY.search(own_words(letter)) is None


def test_what_is_worded_anew_has():
    has = {each.kind for each in ALL.values() if OF_TODAY.search(own_words(each))}
    assert {"reminder", "overdue", "controller_late", "together"} <= has


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("letter", OF_A_DEMAND.values(), ids=OF_A_DEMAND.keys())
def test_it_says_the_same_whatever_the_day(letter, language):
    facts = letter.values["about"]
    # One that says that something is late goes on being right; nothing that is late is so before.
    days = range(1, 30) if facts.is_late else range((facts.due_on - facts.today).days + 1)
    for ahead in days:
        other = replace(facts, today=facts.today + timedelta(days=ahead))
        said = compose(letter.kind, **{**letter.values, "about": other})
        assert said.words(language) == letter.words(language)


def test_a_day_that_was_moved_is_told_without_how_far_it_is():
    moved = replace(ABOUT, extended=(ABOUT.due_on - timedelta(days=7), ABOUT.due_on))
    assert str(moved.due_day) == ("Monday 18 February 2013 (extended from Monday 11 February 2013)")
    # Of files with a day of their own, the demand's day is no matter.
    assert str(replace(moved, due_on=ABOUT.due_on + timedelta(days=1)).due_day) == "2013-02-19"
