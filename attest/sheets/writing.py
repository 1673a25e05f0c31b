"""A workbook of one sheet. Text stays text: no cell of ours is ever a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

Value = str | int | date | None

LONGEST = 32_767  # characters that a cell holds


def write_rows(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The XLSX. Strings, whole numbers and days keep their types; the header stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        sheet.column_dimensions[_letters(number)].width = 24
    first = []
    for name in header:
        cell = _cell(sheet, name)
        cell.font = Font(bold=True)
        first.append(cell)
    sheet.append(first)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Value) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST] or None)
        if value:
            # openpyxl takes text that begins with "=" for a formula.
            cell.data_type = "s"
            # And a spreadsheet takes it for one when somebody edits the cell, but for this.
            cell.quotePrefix = value[:1] in "=+-@"
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _letters(column: int) -> str:
    """The name of a column, from 0: A, B, …, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
