"""Lists as people make them: rows of cells under a header, from CSV or from a sheet.

The header's columns come in any order and any spelling of case, spaces, hyphens and underscores.
Cells are set apart by commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attest.domain import wording

Row = tuple[int, Sequence[str]]  # the number of its line, from 1, and its cells

DELIMITERS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SEPARATORS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list as it was written. `number` counts from 1, where the record starts."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and what to do. A `line` of 0 is the list as a whole."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {wording.number(self.line)}: {self.sentence}" if self.line else self.sentence


@dataclass(frozen=True)
class Columns:
    """The columns that a list may have. `must` maps those that it needs to the sentence that asks
    for them."""

    names: Sequence[str]
    must: Mapping[str, str]

    def meant(self, cell: str) -> str | None:
        """The column that a header's cell means, or None."""
        return {_plain(name): name for name in self.names}.get(_plain(cell))


def _plain(cell: str) -> str:
    return "".join(_SEPARATORS.split(cell.strip().casefold()))


def delimiter_of(text: str, columns: Columns) -> tuple[str, int]:
    """What sets the cells of the first line apart, and how many known columns it then names."""
    header = _first_line(text)
    found = {
        delimiter: sum(columns.meant(cell) is not None for cell in _cells(header, delimiter))
        for delimiter in DELIMITERS
    }
    best = max(found, key=lambda delimiter: found[delimiter])
    return best, found[best]


def csv_rows(text: str, delimiter: str) -> tuple[list[Row], Problem | None]:
    """The records of a CSV text, up to where a quotation mark is out of place."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error:
        # A quote out of place makes every later line uncertain, so reading ends here.
        return rows, Problem(
            start,
            "A quotation mark is out of place, and nothing after it can be read. Put the whole "
            "cell in quotation marks, and double each one inside it.",
        )
    return rows, None


def lines_of(
    rows: Iterable[Row], known: Columns, hint: str = ""
) -> tuple[list[Line], list[Problem], list[str]]:
    """The lines under the header, what is wrong with their form, and notes. `hint`: what to do
    about a line with too many cells."""
    lines: list[Line] = []
    problems: list[Problem] = []
    notes: list[str] = []
    columns: list[str | None] | None = None
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns = [known.meant(cell) for cell in row]
            problems, notes = _check_header(number, row, columns, known)
            if problems:
                break
            continue
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            problems.append(Problem(number, _too_many(len(row), len(columns), hint)))
            continue
        cells = {
            column: cell for column, cell in zip(columns, row, strict=False) if column is not None
        }
        lines.append(Line(number, cells))
    return lines, problems, notes


def _check_header(
    number: int, row: Sequence[str], columns: Sequence[str | None], known: Columns
) -> tuple[list[Problem], list[str]]:
    named = [column for column in columns if column is not None]
    problems = [
        Problem(number, f"The column “{column}” is there twice. Keep one of them.")
        for column in known.names
        if named.count(column) > 1
    ]
    problems += [
        Problem(number, sentence) for column, sentence in known.must.items() if column not in named
    ]
    unknown = [
        f"“{cell.strip()[:60]}”"
        for cell, column in zip(row, columns, strict=True)
        if column is None and cell.strip()
    ]
    if not unknown:
        return problems, []
    told = "The column" if len(unknown) == 1 else "The columns"
    verb = "is" if len(unknown) == 1 else "are"
    note = (
        f"{told} {wording.listing(unknown)} {verb} not known here and {verb} left out. "
        f"Known ones are {wording.listing(known.names)}."
    )
    return problems, [note]


def _too_many(cells: int, columns: int, hint: str) -> str:
    told = (
        f"It has {wording.count(cells, 'cell')}, but the header names "
        f"{wording.count(columns, 'column')}."
    )
    return f"{told} {hint}" if hint else told


def _first_line(text: str) -> str:
    """The first line that is not blank. Only a list's start is looked at."""
    return next((line for line in re.split(r"[\r\n]+", text[:100_000]) if line.strip()), "")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
