"""Cells that a spreadsheet would run, and the way back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import csv_cells

RUN = ["=1+1", "+A2W5", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "\u200b=1", "\uff1d1"]


@pytest.mark.parametrize("text", RUN)
def test_what_would_be_run_is_shown_as_text(text: str) -> None:
    assert csv_cells.safe(text) == f"'{text}"
    assert csv_cells.bare(csv_cells.safe(text)) == text


@pytest.mark.parametrize("text", ["", "1-2", "/path", "a=b", "'quoted'", "2013-06-03"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert csv_cells.safe(text) == csv_cells.bare(text) == text


def test_numbers_stay_numbers() -> None:
    assert csv_cells.safe(-5) == "-5"
    assert csv_cells.safe(None) == ""


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_a_line_reads_back(cells: list[str]) -> None:
    written = b"".join(csv_cells.lines([["first"], cells])).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert read[0] == ["first"]
    if cells and cells != [""]:
        assert [csv_cells.bare(cell) for cell in read[1]] == cells
