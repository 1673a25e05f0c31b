"""An attestation's entry becomes a cell that says what was done, when and how."""

from datetime import date

import pytest

from attest.documents.parts import CopyPart, copy, short
from attest.domain.outcomes import OUTCOMES


def test_an_entry_of_an_attestation_becomes_a_cell() -> None:
    entry = {
        "storeId": "1",
        "outcome": "destroyed",
        "method": "shred",
        "level": "P-4",
        "performedOn": "2013-02-06",
        "performedBy": "Bid team",
    }
    assert copy(CopyPart.from_entry(entry)) == {
        "outcome": "destroyed",
        "details": ["shredding, P-4", "6 Feb 2013"],
        "tone": "settled",
    }


def test_a_search_and_an_exception_give_their_dates() -> None:
    found = CopyPart.from_entry(
        {"outcome": "none_found", "search": {"on": "2013-02-05"}, "onWordOf": "Midshire Police"}
    )
    assert found == CopyPart("none_found", date(2013, 2, 5), on_word_of="Midshire Police")
    kept = CopyPart.from_entry({"outcome": "legal_hold", "exception": {"until": "2014-01-01"}})
    assert copy(kept)["details"] == ["until 1 Jan 2014"]
    assert copy(kept)["tone"] == "excepted"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_word_and_a_tone(outcome: str) -> None:
    cell = copy(CopyPart(outcome))
    assert cell["tone"] == ("settled" if OUTCOMES[outcome].settled else "excepted")


def test_no_answer_is_told_apart_from_any_answer() -> None:
    assert copy(CopyPart())["outcome"] == "to be answered"


def test_a_long_text_keeps_its_start_and_its_end() -> None:
    assert short("a" * 10, 10) == "a" * 10
    cut = short("start" + "x" * 50 + "end.csv", 21)
    assert len(cut) == 21
    assert cut.startswith("start")
    assert cut.endswith("end.csv")
