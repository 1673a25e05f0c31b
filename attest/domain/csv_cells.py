"""Lines of a CSV that a spreadsheet opens safely.

A cell that begins with one of `=+-@`, a tab or a line end is run as a formula by common
spreadsheets, whoever typed it. It gets an apostrophe before it, which they show as text
(OWASP, CSV injection). One that was typed with apostrophes before it gets one more, so that
`bare` gives back what was typed. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

Cell = str | int | None

_RUNS = re.compile(r"'*(?:[\s\u00a0\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
BOM = "\ufeff"  # without it, common spreadsheets read UTF-8 as something else


def safe(cell: Cell) -> str:
    """A cell as it is written."""
    if cell is None:
        return ""
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and _RUNS.match(text) else text


def bare(cell: str) -> str:
    """A cell as it was before `safe` made it so."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """UTF-8 records, each ended by CR LF (RFC 4180), one at a time."""
    for number, row in enumerate(rows):
        line = io.StringIO()
        csv.writer(line).writerow([safe(cell) for cell in row])
        text = line.getvalue()
        yield (BOM + text if not number else text).encode("utf-8")
