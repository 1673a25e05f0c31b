"""Reads one workbook from standard input and writes its first sheet's rows as JSON.

A program of its own (reading.py): limited in memory and time before it looks at a byte. Exit
status 1: no workbook.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1_500_000_000  # bytes of address space, libraries among them
CPU_SECONDS = 20
MAX_ENTRIES = 1_000
MAX_UNPACKED = 100_000_000  # bytes, of all entries
MAX_ROWS = 100_001  # 100,000 and a header
MAX_COLUMNS = 200
MAX_TEXT = 10 * 1024 * 1024  # characters, of all cells and one between them: as a CSV brings

_PLACE = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Za-z]{1,9})([0-9]{1,9})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([0-9]{1,18})[\"']")


class Refused(Exception):
    """The argument is the word by which reading.py knows the sentence."""


def main() -> int:
    """Reads, and writes either rows or why there are none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"rows": rows_of(sys.stdin.buffer.read())}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except Exception:  # a hostile workbook may raise anything
        return 1
    # Not as escapes, six bytes a letter; and in UTF-8 whatever the environment says.
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(text.encode("utf-8"))
    return 0


def rows_of(data: bytes) -> list[list[str]]:
    """The rows as text. Raises Refused, and whatever the readers do."""
    check(data)
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        name = next(
            (
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
                and sheet.visible == SheetVisibleEnum.Visible
            ),
            None,
        )
        if name is None:
            raise Refused("none")
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
            raise Refused("far")
        room = MAX_TEXT - sheet.total_height * sheet.total_width
        if room < 0:
            raise Refused("large")
        rows = []
        for row in sheet.to_python(skip_empty_area=False):
            cells = [as_text(cell) for cell in row]
            room -= sum(map(len, cells))
            if room < 0:
                raise Refused("large")
            rows.append(cells)
    return rows


def check(data: bytes) -> None:
    """Refuses a bomb, and cells so far out that the sheet between them would fill the memory."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if len(parts.infolist()) > MAX_ENTRIES:
            raise Refused("large")
        for part in parts.infolist():
            with parts.open(part) as content:
                unpacked += _check_part(content, part.filename, MAX_UNPACKED - unpacked)


def _check_part(content: Any, name: str, room: int) -> int:
    is_sheet = name.lower().endswith(".xml") and "sheet" in name.lower()
    size = 0
    before = b""
    while chunk := content.read(1_000_000):
        size += len(chunk)
        if size > room:
            raise Refused("large")
        if is_sheet:
            # What a chunk cuts apart is seen whole with the end of the one before.
            window = before + chunk
            before = window[-500:]
            _check_places(window)
    return size


def _check_places(xml: bytes) -> None:
    if any(int(number) > MAX_ROWS for number in _ROW.findall(xml)):
        raise Refused("far")
    for letters, number in _PLACE.findall(xml):
        if int(number) > MAX_ROWS or _column(letters) > MAX_COLUMNS:
            raise Refused("far")


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def as_text(cell: Any) -> str:
    """A cell as somebody would have typed it into a CSV list."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
