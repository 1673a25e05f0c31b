"""The letter to people affected: its parts, its fields in braces, and merging it with a list.

GDPR, Article 34(2), asks for the nature of the breach, a contact point, the likely consequences
and the measures; each is a part of its own, so that no letter lacks one. The list is a CSV whose
header names the fields. It is read, used and forgotten: nothing here writes anywhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attest.domain import text as strings
from attest.domain.refusal import Refused
from attest.domain.wording import count, listing, number, size

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 50
MAX_CELL = 1_000  # characters

_FIELD = re.compile(r"\{([^{}\n]{1,60})\}")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Letter:
    """A version of the letter. Each part may hold fields such as {name}."""

    subject: str
    opening: str
    nature: str
    consequences: str
    measures: str
    contact: str
    closing: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Headings and texts, in the order of the page; without a heading where it is ""."""
        return (
            ("", self.opening),
            ("What happened", self.nature),
            ("What this may mean for you", self.consequences),
            ("What has been done, and what you can do", self.measures),
            ("Whom to ask", self.contact),
            ("", self.closing),
        )

    @property
    def text(self) -> str:
        """The whole letter as plain text, its fields still in braces."""
        blocks = [self.subject]
        for heading, part in self.parts:
            blocks.append(f"{heading}\n\n{part}" if heading else part)
        return "\n\n".join(blocks) + "\n"


def fields_of(letter: Letter) -> list[str]:
    """The fields that the letter asks for, each once, in order."""
    return list(dict.fromkeys(found.strip() for found in _FIELD.findall(letter.text)))


@dataclass(frozen=True, slots=True)
class Recipients:
    """A list that was read: `rows` hold a value for every field of the letter."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def read_recipients(data: bytes, letter: Letter) -> Recipients:
    """Reads the list for a letter. Raises Refused with the field `recipients`.

    A sentence names lines and columns, and repeats nothing that stands in a line: the list holds
    personal data, and pages are kept by browsers.
    """
    if len(data) > MAX_BYTES:
        raise _wrong(
            f"The list is too large: at most {size(MAX_BYTES)} can be read at once. Split it."
        )
    text = _decoded(data)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    rows: list[Mapping[str, str]] = []
    wanted = fields_of(letter)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _header(cells, wanted)
                continue
            if len(rows) >= MAX_ROWS:
                raise _wrong(
                    f"The list has more than {number(MAX_ROWS)} lines. Split it into several."
                )
            rows.append(_row(cells, columns, wanted, reader.line_num))
    except csv.Error:
        raise _wrong(
            f"Near line {number(reader.line_num)} a quotation mark is out of place or a cell "
            "is too long, and nothing after it can be read."
        ) from None
    if not rows:
        raise _wrong("The list has a header, but names nobody.")
    return Recipients(tuple(columns), tuple(rows))


def merged(letter: Letter, row: Mapping[str, str]) -> str:
    """The letter for one person: a value that looks like a field stays as it is."""
    return _FIELD.sub(lambda found: row[_key(found[1])], letter.text)


def _decoded(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise _wrong("This is a spreadsheet or a zip file. Save the sheet as CSV in UTF-8.")
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        raise _wrong("The list cannot be read as text. Save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise _wrong("This is not a text file. Save the list as CSV in UTF-8.")
    if not text.strip():
        raise _wrong("The list is empty.")
    return text


def _header(cells: Sequence[str], wanted: Sequence[str]) -> list[str]:
    columns = [_key(cell) for cell in cells]
    if len(columns) > MAX_COLUMNS:
        raise _wrong(f"The list has {count(len(columns), 'column')}; at most {MAX_COLUMNS} fit.")
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        raise _wrong(f"The header names {listing(doubled)} more than once.")
    missing = [field for field in wanted if _key(field) not in columns]
    if missing:
        named = listing([f"“{field}”" for field in missing])
        raise _wrong(
            f"The letter asks for {named}, and the header of the list names no such column."
        )
    return columns


def _row(
    cells: Sequence[str], columns: Sequence[str], wanted: Sequence[str], line: int
) -> Mapping[str, str]:
    at = f"Line {number(line)}"
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise _wrong(f"{at} has more cells than the header. Put quotation marks around commas.")
    found = dict(zip(columns, cells, strict=False))
    row = {}
    for field in wanted:
        value = strings.typed(found.get(_key(field), ""))
        if not value:
            raise _wrong(f"{at} has nothing under “{field}”, which the letter asks for.")
        if len(value) > MAX_CELL:
            raise _wrong(
                f"{at}: “{field}” has more than {number(MAX_CELL)} characters. Shorten it."
            )
        problem = strings.problem(value, multiline=True)
        if problem:
            raise _wrong(f"{at}, “{field}”: {problem}")
        row[_key(field)] = value
    return row


def _key(name: str) -> str:
    return " ".join(strings.typed(name).casefold().split())


def _wrong(sentence: str) -> Refused:
    return Refused(sentence, field="recipients")
