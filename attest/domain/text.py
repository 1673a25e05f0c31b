"""The one rule for strings in documents (docs/formats.md §1), and the tidying of typed text."""

from __future__ import annotations

import re
import unicodedata

# What would let a text look different from what it is, or break a line where none may break.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

# The only members in which U+000A may stand.
MULTILINE_MEMBERS = frozenset({"text", "note", "reason", "instruction"})


def problem(value: str, *, multiline: bool = False) -> str | None:
    """Say what is wrong with a string by docs/formats.md §1, or None where nothing is.

    `multiline` lets U+000A pass; it is for the members in `MULTILINE_MEMBERS` alone.
    """
    for found in _FORBIDDEN.finditer(value):
        character = found.group()
        if character == "\n":
            if multiline:
                continue
            return "It must stay on one line: take the line break out."
        return (
            f"It holds a control character or a hidden direction mark (U+{ord(character):04X}): "
            "take it out."
        )
    if not unicodedata.is_normalized("NFC", value):
        return "Its accents are stored in pieces (it is not in Unicode form NFC): type it again."
    return None


def typed(value: str) -> str:
    """Tidy what a person typed: NFC, line ends as U+000A, no space at either end.

    It takes nothing else out: what `problem` forbids is for the person to see and to remove.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", value).strip()
