"""One line's cells, judged: the file that they name, or every reason why they name none."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from attest.domain import scalars, text
from attest.domain.list_rows import Line, Problem
from attest.domain.manifest.lines import ManifestFile

MAX_NAME = 1000
MAX_DESCRIPTION = 2000
MAX_CHANNEL = 200
MAX_CATEGORIES = 50
MAX_CATEGORY = 100

# Integers in a document lie below 2^53 (docs/formats.md §1).
_MAX_INTEGER = 2**53 - 1
_HEX = re.compile(r"[0-9a-f]+")
_DIGITS = re.compile(r"[0-9]{1,16}")
_KINDS = {"electronic": "electronic", "hard copy": "hard_copy"}
_SHA256_DIGITS = 64
_BREAKING = frozenset({"Cc", "Zl", "Zp"})
_ARABIC_LETTER_MARK = "\u061c"

T = TypeVar("T")


class BadCell(ValueError):
    """A cell that its column does not allow; the argument is the sentence."""


def read_line(line: Line, name: str) -> tuple[ManifestFile | None, list[Problem]]:
    """The file that `line` names `name`, or None with every problem of its cells."""
    problems: list[Problem] = []

    def cell(column: str, read: Callable[[str], T]) -> T | None:
        written = text.typed(line.cells.get(column, ""))
        if not written:
            return None
        try:
            return read(written)
        except BadCell as bad:
            problems.append(Problem(line.number, str(bad)))
            return None

    try:
        check_name(name)
    except BadCell as bad:
        problems.append(Problem(line.number, str(bad)))
    file = ManifestFile(
        name=name,
        kind=cell("kind", read_kind) or "electronic",
        sha256=cell("sha256", read_sha256),
        size=cell("size", lambda written: _read_integer("size", "a number of bytes", written)),
        description=cell(
            "description", lambda written: _read_text("description", MAX_DESCRIPTION, written)
        ),
        sent_on=cell("sent_on", read_date),
        channel=cell("channel", lambda written: _read_text("channel", MAX_CHANNEL, written)),
        data_categories=cell("data_categories", read_categories) or (),
        subjects=cell(
            "subjects", lambda written: _read_integer("subjects", "a number of people", written)
        ),
        line=line.number,
    )
    return (None if problems else file), problems


def check_name(name: str) -> None:
    """Raises BadCell unless `name` may be signed as a file's name (docs/formats.md §1)."""
    if not name:
        raise BadCell("The file name is missing.")
    if len(name) > MAX_NAME:
        raise BadCell(f"The file name is too long: at most {MAX_NAME:,} characters.")
    if sentence := text.problem(name):
        raise BadCell(f"The file name cannot be used. {sentence}")
    # Stricter than the format, which other software may fill: nothing invisible that breaks a
    # line or turns the direction of reading.
    for character in name:
        if unicodedata.category(character) in _BREAKING or character == _ARABIC_LETTER_MARK:
            raise BadCell(
                "The file name cannot be used. It holds a control character "
                f"(U+{ord(character):04X}): take it out."
            )


def read_kind(written: str) -> str:
    """`electronic` or `hard_copy`."""
    kind = _KINDS.get(re.sub(r"[\s_-]+", " ", written.casefold()))
    if kind is None:
        raise BadCell(f"The kind “{written[:40]}” is not known: write electronic or hard_copy.")
    return kind


def read_sha256(written: str) -> str:
    """64 lower-case hex digits. Upper case is taken too: it says the same."""
    digest = written.lower()
    if len(digest) != _SHA256_DIGITS:
        raise BadCell(
            f"The SHA-256 hash has {len(digest):,} characters, but such a hash has 64. "
            "Copy it again, whole."
        )
    if _HEX.fullmatch(digest) is None:
        raise BadCell("The SHA-256 hash may hold the digits 0–9 and the letters a–f only.")
    return digest


def read_date(written: str) -> date:
    """A date of the form 2013-01-14. Other forms say different days to different readers."""
    try:
        return scalars.parse_date(written)
    except scalars.FormatError:
        raise BadCell(
            f"The date “{written[:40]}” cannot be read. Write year, month and day: 2013-01-14."
        ) from None


def read_categories(written: str) -> tuple[str, ...]:
    """Categories set apart by semicolons, each once."""
    categories = tuple(dict.fromkeys(part.strip() for part in written.split(";") if part.strip()))
    if len(categories) > MAX_CATEGORIES:
        raise BadCell(f"There are too many data categories: at most {MAX_CATEGORIES}.")
    for category in categories:
        _read_text("data_categories", MAX_CATEGORY, category)
    return categories


def _read_integer(column: str, meaning: str, written: str) -> int:
    if _DIGITS.fullmatch(written) is None or int(written) > _MAX_INTEGER:
        raise BadCell(
            f"The {column} “{written[:40]}” is not {meaning}. Write a whole number, digits only."
        )
    return int(written)


def _read_text(column: str, longest: int, written: str) -> str:
    if len(written) > longest:
        raise BadCell(f"The text in “{column}” is too long: at most {longest:,} characters.")
    if sentence := text.problem(written):
        raise BadCell(f"The text in “{column}” cannot be used. {sentence}")
    return written
