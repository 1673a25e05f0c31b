"""Answers as lines of a list: what goes out comes back, and each bad cell is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attest.domain import answers, csv_cells
from attest.domain.answer_list import COLUMNS, read_answers, row_of
from attest.domain.list_rows import Line
from attest.domain.outcomes import OFFERED, SAFEGUARDS

TODAY = date(2013, 2, 10)
DELETED = {
    "outcome": "deleted",
    "method": "overwrite",
    "performed_on": "2013-02-06",
    "performed_by": "Systems administrator",
}
DONE = {"performed_on": "2013-02-06", "performed_by": "Systems administrator"}
SEARCHED = {"search_scope": "Inbox", "search_on": "2013-02-06", "search_by": "Records officer"}
TYPED: dict[str, dict[str, Any]] = {
    "none_found": SEARCHED,
    "deleted": {"method": "overwrite", **DONE, "note": "=1+1", "count": "3"},
    "destroyed": {
        "method": "shred",
        "level": "H-4",
        **DONE,
        "media": "; Travelstar 5K500; TS5-10441\n; Travelstar 5K500; TS5-10442",
    },
    "crypto_erased": {"method": "key_destruction", **DONE},
    "returned": {**DONE, "returned_to": "The controller"},
    "beyond_use": {
        "exception_basis": "Backups",
        "exception_until": "2013-03-12",
        "safeguards": list(SAFEGUARDS),
    },
    "legal_hold": {"exception_basis": "A court order", "exception_until": "2013-03-12"},
    "cannot_locate": {**SEARCHED, "note": "It was in box 7."},
    "passed_on": {"passed_to": "Archive Ltd"},
}


def line(number: int = 2, file: str = "a.csv", store: str = "Mailboxes", **cells: str) -> Line:
    return Line(number, {"file": file, "store": store, **cells})


def filled(cells: dict[str, str], number: int = 2, store: str = "Mailboxes") -> Line:
    return Line(number, {"file": "a.csv", "store": store, **cells})


def said(*lines: Line) -> list[str]:
    return [str(problem) for problem in read_answers(lines, TODAY)[1]]


@pytest.mark.parametrize("outcome", OFFERED)
def test_what_goes_out_comes_back(outcome: str) -> None:
    entry = answers.entry_of({"outcome": outcome, **TYPED[outcome]}, TODAY)
    row = row_of("a.csv", "Mailboxes", entry)
    written = [
        csv_cells.safe(value.isoformat() if isinstance(value, date) else value) for value in row
    ]
    back = Line(2, dict(zip(COLUMNS.names, written, strict=True)))
    [answered], problems, silent = read_answers([back], TODAY)
    assert (problems, silent) == ([], 0)
    assert answered.entry == entry


def test_a_formula_goes_out_as_text() -> None:
    entry = answers.entry_of({**DELETED, "note": "=1+1"}, TODAY)
    row = row_of("=a.csv", "Mailboxes", entry)
    assert csv_cells.safe("=a.csv") == "'=a.csv"
    assert csv_cells.bare("'=a.csv") == "=a.csv"
    assert csv_cells.bare("'tis") == "'tis"
    assert "=1+1" in row


def test_words_are_taken_as_well_as_names() -> None:
    [answered], problems, _ = read_answers(
        [filled(DELETED | {"outcome": "DELETED", "method": "Overwriting the file"})], TODAY
    )
    assert not problems
    assert answered.entry["method"] == "overwrite"


def test_a_line_that_says_nothing_leaves_its_copy() -> None:
    assert read_answers([line(), line(3, store="Backups")], TODAY) == ([], [], 2)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"outcome": "burnt"}, "“burnt” is not known"),
        ({"note": "Gone"}, "Say what became of the copy"),
        (DELETED | {"method": "magic"}, "“magic” is not known"),
        (DELETED | {"method": "shred"}, "can only be claimed as"),
        (DELETED | {"performed_on": "6.2.2013"}, "“6.2.2013” cannot be read"),
        (DELETED | {"performed_on": "2013-02-11"}, "lies in the future"),
        (DELETED | {"performed_by": ""}, "Say who did it"),
        (DELETED | {"standard": "mine"}, "“mine” is not known"),
        (DELETED | {"count": "many"}, "whole number"),
        (DELETED | {"returned_to": "Us"}, "returned_to: This does not go with “Deleted”"),
        (DELETED | {"media": "; ; A | ; ; \u0007"}, "media: Medium 2, serial number: It holds"),
        (DELETED | {"file": ""}, "The name of the file is missing"),
        (DELETED | {"store": ""}, "The name of the store is missing"),
    ],
)
def test_each_bad_cell_is_named_with_its_line(cells: dict[str, str], sentence: str) -> None:
    found = said(Line(7, {"file": "a.csv", "store": "Mailboxes", **cells}))
    assert any(each.startswith("Line 7: ") and sentence in each for each in found), found


def test_a_copy_is_answered_once() -> None:
    found = said(filled(DELETED), filled(DELETED, 5, "mailboxes"))
    assert found == ["Line 5: This copy is already on line 2: take one of the two lines out."]
