"""The records of a CSV list: its header in any order, commas, semicolons or tabs between cells."""

from collections.abc import Iterable

from attest.domain import list_rows
from attest.domain.list_rows import DELIMITERS, Columns, Line, Problem, Row
from attest.domain.manifest.lines import COLUMNS

_COLUMNS = Columns(
    COLUMNS,
    {
        "name": "The column “name” is missing. Call the column that holds the file names “name”.",
    },
)


def looks_like(text: str) -> bool:
    """Whether the first line that is not blank names at least one known column."""
    return list_rows.delimiter_of(text, _COLUMNS)[1] > 0


def parse(text: str) -> tuple[list[Line], list[Problem], list[str]]:
    """The records, what is wrong with their form, and notes. A record may span several lines."""
    delimiter, _ = list_rows.delimiter_of(text, _COLUMNS)
    rows, broken = list_rows.csv_rows(text, delimiter)
    hint = f"Put a cell with {DELIMITERS[delimiter]} in it in quotation marks."
    lines, problems, notes = list_rows.lines_of(rows, _COLUMNS, hint)
    if broken:
        problems.append(broken)
    if delimiter != "," and not problems:
        notes.append(f"The cells are set apart by {DELIMITERS[delimiter]}.")
    return lines, problems, notes


def parse_rows(rows: Iterable[Row]) -> tuple[list[Line], list[Problem], list[str]]:
    """The records of a sheet's rows, as `parse` gives those of a text."""
    return list_rows.lines_of(rows, _COLUMNS)
