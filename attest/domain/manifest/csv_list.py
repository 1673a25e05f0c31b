"""The records of a CSV list: its header in any order, commas, semicolons or tabs between cells."""

import csv
import io
import re

from attest.domain import wording
from attest.domain.manifest.lines import COLUMNS, Line, Problem

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SEPARATORS = re.compile(r"[\s_-]+")
_SPELLINGS = {"".join(_SEPARATORS.split(column)): column for column in COLUMNS}


def looks_like(text: str) -> bool:
    """Whether the first line that is not blank names at least one known column."""
    header = _first_line(text)
    return any(_column(cell) for delimiter in _DELIMITERS for cell in _cells(header, delimiter))


def parse(text: str) -> tuple[list[Line], list[Problem], list[str]]:
    """The records, what is wrong with their form, and notes. A record may span several lines."""
    header = _first_line(text)
    delimiter = max(
        _DELIMITERS,
        key=lambda candidate: sum(_column(cell) is not None for cell in _cells(header, candidate)),
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    problems: list[Problem] = []
    notes: list[str] = []
    columns: list[str | None] | None = None
    start = 1
    try:
        for row in reader:
            number, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = [_column(cell) for cell in row]
                problems, notes = _check_header(number, row, columns)
                if problems:
                    break
                continue
            if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
                problems.append(Problem(number, _too_many(len(row), len(columns), delimiter)))
                continue
            cells = {
                column: cell
                for column, cell in zip(columns, row, strict=False)
                if column is not None
            }
            lines.append(Line(number, cells))
    except csv.Error:
        # A quote out of place makes every later line uncertain, so reading ends here.
        problems.append(
            Problem(
                start,
                "A quotation mark is out of place, and nothing after it can be read. Put the whole "
                "cell in quotation marks, and double each one inside it.",
            )
        )
    if delimiter != "," and not problems:
        notes.append(f"The cells are set apart by {_DELIMITERS[delimiter]}.")
    return lines, problems, notes


def _check_header(
    number: int, row: list[str], columns: list[str | None]
) -> tuple[list[Problem], list[str]]:
    known = [column for column in columns if column is not None]
    problems = [
        Problem(number, f"The column “{column}” is there twice. Keep one of them.")
        for column in COLUMNS
        if known.count(column) > 1
    ]
    if "name" not in known:
        problems.append(
            Problem(
                number,
                "The column “name” is missing. Call the column that holds the file names “name”.",
            )
        )
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
        f"Known ones are {wording.listing(COLUMNS)}."
    )
    return problems, [note]


def _too_many(cells: int, columns: int, delimiter: str) -> str:
    return (
        f"It has {wording.count(cells, 'cell')}, but the header names "
        f"{wording.count(columns, 'column')}. Put a cell with {_DELIMITERS[delimiter]} in it "
        "in quotation marks."
    )


def _first_line(text: str) -> str:
    """The first line that is not blank. Only a list's start is looked at."""
    return next((line for line in re.split(r"[\r\n]+", text[:100_000]) if line.strip()), "")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _column(cell: str) -> str | None:
    """The column that a header's cell means: case, spaces, hyphens and underscores are free."""
    return _SPELLINGS.get("".join(_SEPARATORS.split(cell.strip().casefold())))
