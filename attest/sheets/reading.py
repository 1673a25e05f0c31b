"""The rows of a workbook's first visible sheet, whoever made the workbook.

A workbook is a zip of XML and may be made to unpack to gigabytes, to name a cell a million rows
down, or to hold a macro. So a process of its own reads it (`sheet_process.py`), with little
memory, little time, and nothing of ours in its environment. Formulas give the value that was
saved with them; macros, links to other files and embedded objects are never looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import structlog

from attest.sheets import sheet_process

SECONDS = 30
MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = sheet_process.MAX_ROWS

_MAGIC = b"PK\x03\x04"
_log = structlog.get_logger(__name__)

_SENTENCES = {
    "large": "The workbook unpacks to more than can be read at once. Keep one plain sheet in it, "
    "or save the sheet as CSV.",
    "far": f"The sheet reaches further than {MAX_ROWS:,} rows or {sheet_process.MAX_COLUMNS} "
    "columns. Take out what stands far below or to the right, or save the sheet as CSV.",
    "none": "The workbook has no sheet that can be read. Save the sheet as CSV, and import that.",
}
_UNREADABLE = (
    "This looks like a spreadsheet or a zip file, but it cannot be read as XLSX. Save the sheet as "
    "CSV in UTF-8, and import that."
)


class BadSheet(ValueError):
    """A workbook that cannot be read; the argument is the sentence."""


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a zip, as every XLSX does."""
    return data.startswith(_MAGIC)


def read_rows(data: bytes) -> list[tuple[int, list[str]]]:
    """Each row with its number, from 1, and its cells as text; days as 2013-01-14.

    Raises BadSheet.
    """
    if len(data) > MAX_BYTES:
        raise BadSheet("The workbook is too large: at most 10 MB can be read at once. Split it.")
    program = Path(sheet_process.__file__)
    try:
        done = subprocess.run(  # noqa: S603 (our own program, and no shell)
            [sys.executable, "-I", str(program)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        _log.info("no_sheet", why="it took too long")
        raise BadSheet(_UNREADABLE) from None
    if done.returncode != 0:
        _log.info("no_sheet", why=f"exit status {done.returncode}")
        raise BadSheet(_UNREADABLE)
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise BadSheet(_SENTENCES[answer["refused"]])
    return list(enumerate(answer["rows"], start=1))
