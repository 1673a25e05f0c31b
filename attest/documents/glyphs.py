"""Text that the papers' own fonts can show.

A sign without a glyph is a hard error in PDF/A, and one odd file name must never stop a
certificate. So each such sign is written as its number, [U+4E2D]: visible, and never confused with
a name that really looks like that, because the paper says what the brackets mean. Signs that take
no ink (joiners, direction marks, unusual spaces of no width) are written out as well: a paper that
hides them would make two names look like one.
"""

import re
import unicodedata
from collections.abc import Callable, Container, Iterator
from enum import IntEnum
from typing import Any

# Inclusive ranges of what typst's embedded fonts (Libertinus Serif, New Computer Modern, DejaVu
# Sans Mono) all can show between them, script by script; tests/documents compiles every one.
_COVERED: tuple[tuple[int, int], ...] = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x0377),  # Latin, phonetic signs, combining marks, start of Greek
    (0x037A, 0x037F),
    (0x0384, 0x038A),
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x04FF),  # Greek, Cyrillic
    (0x0531, 0x0556),  # Armenian
    (0x0559, 0x058A),
    (0x05D0, 0x05EA),  # Hebrew letters
    (0x0621, 0x063A),  # Arabic letters
    (0x0640, 0x0655),
    (0x0660, 0x066D),
    (0x0679, 0x067B),
    (0x067E, 0x0680),
    (0x0686, 0x0687),
    (0x0698, 0x0698),
    (0x06A9, 0x06A9),
    (0x06AF, 0x06AF),
    (0x06CC, 0x06CC),
    (0x06F0, 0x06F9),
    (0x0904, 0x0939),  # Devanagari
    (0x093C, 0x094D),
    (0x0950, 0x0950),
    (0x0958, 0x096F),
    (0x10D0, 0x10FA),  # Georgian
    (0x1E00, 0x1EFF),  # Latin Extended Additional: Vietnamese, Welsh
    (0x2000, 0x200A),
    (0x2010, 0x2027),  # punctuation
    (0x202F, 0x2040),
    (0x2042, 0x2042),
    (0x2044, 0x2052),
    (0x2054, 0x205E),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x211E),
    (0x2120, 0x2120),
    (0x2122, 0x2122),
    (0x2126, 0x214F),
    (0x2153, 0x2184),
    (0x2190, 0x23CF),  # arrows, mathematics, technical
    (0x2500, 0x2606),  # boxes, blocks, shapes
    (0x2713, 0x2714),
    (0xFB00, 0xFB04),
)
_SURELY_SHOWN = re.compile(r"[\x20-\x7e]*")


class Caution(IntEnum):
    """How much is shown as it is.

    `DARING` is for further fonts, which nobody here knows: all that takes ink. A sign with marks
    needs one font that has them all, so `NONE` can fail for rare combinations; `NO_MARKS` and
    `ASCII` cannot.
    """

    DARING = -1
    NONE = 0
    NO_MARKS = 1
    ASCII = 2


def covered() -> Iterator[str]:
    """Every sign that is shown as it is, in order."""
    for first, last in _COVERED:
        for code in range(first, last + 1):
            if _is_shown(chr(code), Caution.NONE):
                yield chr(code)


def showable(
    value: str, caution: Caution = Caution.NONE, missing: Container[str] = frozenset()
) -> str:
    """`value` with every sign that cannot be shown, or not be seen, as its number in brackets.

    `missing` are signs for which no glyph was found.
    """
    if _SURELY_SHOWN.fullmatch(value):
        return value
    return "".join(
        sign
        if sign == "\n" or (sign not in missing and _is_shown(sign, caution))
        else f"[U+{ord(sign):04X}]"
        for sign in value
    )


def in_all_strings(value: Any, change: Callable[[str], str]) -> Any:
    """`value` (as JSON holds it) with `change` done to every string but the names of members."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: in_all_strings(member, change) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [in_all_strings(member, change) for member in value]
    return value


def _is_shown(sign: str, caution: Caution) -> bool:
    code = ord(sign)
    if 0x20 <= code <= 0x7E:
        return True
    if caution is Caution.ASCII:
        return False
    category = unicodedata.category(sign)
    # Controls, invisible format signs, private use, surrogates, what Unicode has not assigned.
    if category[0] == "C" or category in ("Zl", "Zp") or sign == "\u034f":
        return False
    if caution is Caution.NO_MARKS and category[0] == "M":
        return False
    if caution is Caution.DARING:
        return True
    return any(first <= code <= last for first, last in _COVERED)
