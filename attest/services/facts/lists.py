"""Lists that people bring along: CSV or XLSX, told apart by their bytes."""

from __future__ import annotations

from collections.abc import Sequence

from attest.domain import list_rows, list_text
from attest.domain.list_rows import Columns, Line, Problem
from attest.domain.manifest import Import, read, read_sheet
from attest.sheets import BadSheet, is_workbook
from attest.sheets import read_rows as rows_of_sheet


def read_manifest(data: bytes) -> Import:
    """Reads a list of files, whichever form it has. Raises nothing."""
    if not is_workbook(data):
        return read(data)
    try:
        return read_sheet(rows_of_sheet(data))
    except BadSheet as bad:
        return Import("", problems=(Problem(0, str(bad)),))


def read_lines(
    data: bytes, columns: Columns
) -> tuple[Sequence[Line], Sequence[Problem], Sequence[str]]:
    """The lines of a list with these columns, what is wrong with their form, and notes."""
    if is_workbook(data):
        try:
            return list_rows.lines_of(rows_of_sheet(data), columns)
        except BadSheet as bad:
            return [], [Problem(0, str(bad))], []
    text, notes, sentence = list_text.decode(data)
    if sentence:
        return [], [Problem(0, sentence)], notes
    delimiter, _ = list_rows.delimiter_of(text, columns)
    rows, broken = list_rows.csv_rows(text, delimiter)
    hint = f"Put a cell with {list_rows.DELIMITERS[delimiter]} in it in quotation marks."
    lines, problems, told = list_rows.lines_of(rows, columns, hint)
    return lines, [*problems, *([broken] if broken else [])], [*notes, *told]
