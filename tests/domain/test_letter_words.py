"""Kinds, rungs and states of letters in words, for every one that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from attest.domain import letter_words
from attest.domain.ladder import name_of
from attest.domain.wording import LETTER_STATES
from attest.mail.catalogues import template_folder


@pytest.mark.parametrize(
    ("rung", "words"),
    [
        (None, ""),
        ("", ""),
        ("issued_1", "1 working day after the day of issue"),
        ("before_5", "5 working days before the due day"),
        ("on_day", "on the due day"),
        ("after_3", "3 working days after the due day"),
        ("after_21", "21 working days after the due day"),
        ("waits_2", "2 working days after the oldest attestation that waits for review"),
        ("decide_before_1", "1 working day before the day on which more time has to be decided"),
        ("decide_on_day", "on the day on which more time has to be decided"),
        ("before", "before"),
        ("of_another_time", "of another time"),
    ],
)
def test_rungs(rung: str | None, words: str) -> None:
    assert letter_words.rung_words(rung) == words


def test_every_name_that_a_ladder_gives_has_words() -> None:
    for anchor in ("issue", "due"):
        for offset in (-90, -1, 0, 1, 9, 250):
            if anchor == "issue" and offset < 0:
                continue
            words = letter_words.rung_words(name_of(anchor, offset))
            assert words.startswith("on the ") or "working day" in words, (anchor, offset)


def test_every_state_has_words_and_a_meaning() -> None:
    assert set(letter_words.MEANS) == set(LETTER_STATES)


@pytest.mark.parametrize(
    ("what", "answer", "event", "words"),
    [
        ("sent", "250 2.0.0 kept", "the mail server took it", "It said: 250 2.0.0 kept"),
        (
            "sent",
            "written to 1.eml",
            "there is no mail server: written to a file",
            "Written to 1.eml",
        ),
        ("deferred", "451 later", "the mail server put it off", "It said: 451 later"),
        ("deferred", "no connection", "it could not be handed over", "No connection"),
        ("bounced", "550 nobody", "it was refused", "It said: 550 nobody"),
        (
            "bounced",
            "given up after 14 attempts: 451 later",
            "it was given up",
            "Given up after 14 attempts: 451 later",
        ),
        ("bounced", None, "the mail server refused it, or it was given up", ""),
        (
            "unknown",
            "the connection broke",
            "nobody knows whether the mail server took it",
            "The connection broke",
        ),
        ("dropped", "it was settled", "not needed any more: not sent", "Why: it was settled"),
    ],
)
def test_only_a_mail_servers_reply_is_said_to_be_its_word(
    what: str, answer: str | None, event: str, words: str
) -> None:
    assert letter_words.event_words(what, answer) == event
    assert letter_words.answer_words(what, answer, contractor=False) == words
    hidden = "" if what == "dropped" else words
    assert letter_words.answer_words(what, answer, contractor=True) == hidden


def test_a_letter_is_put_off_also_where_no_mail_server_answers() -> None:
    assert "mail server" not in letter_words.MEANS["deferred"]


def test_every_kind_reads_as_words() -> None:
    kinds = [
        Path(each).stem for each in template_folder().glob("*.txt") if not each.name.startswith("_")
    ]
    assert len(kinds) > 30
    for kind in kinds:
        words = letter_words.kind_words(kind)
        assert words
        assert "_" not in words
    assert letter_words.heading("overdue", "after_1") == (
        "Overdue, 1 working day after the due day"
    )
    assert letter_words.heading("not_us", None) == "“not us”"
