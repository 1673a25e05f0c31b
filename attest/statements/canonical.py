"""JSON in one spelling only: RFC 8785 (JCS), narrowed by docs/formats.md §1.

Integers with |n| < 2^53, no floats, no null, ASCII member names, no lone surrogates, at most
1 MiB and 32 levels. `decode` takes a document only if encoding what it read gives the same
bytes; that one check refuses duplicate names, odd escapes, odd order and spacing.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from attest.domain.scalars import FormatError as FormatError

MAX_BYTES = 1024 * 1024
MAX_LEVELS = 32
MAX_INTEGER = 2**53 - 1

# A string, even one without its end, or a bracket outside strings.
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[][{}]', re.DOTALL)

# Longer than any integer allowed, and short enough that int() takes no time over it.
_MAX_DIGITS = 17


def encode(value: object) -> bytes:
    """Give the one spelling of a value; FormatError where the format has none for it.

    A value is a dict with ASCII names, a list, a str, an int or a bool.
    """
    _check(value, MAX_LEVELS)
    # Python escapes exactly what RFC 8785 §3.2.2.2 does, and in the same way. Names are ASCII,
    # so that sorting by code point is sorting by UTF-16 unit (§3.2.3).
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise FormatError("a string holds half a character (a lone surrogate)") from None
    if len(data) > MAX_BYTES:
        raise FormatError("the document is larger than 1 MiB")
    return data


def decode(data: bytes) -> Any:
    """Read a document that is spelt as `encode` spells it; FormatError for every other."""
    if len(data) > MAX_BYTES:
        raise FormatError("the document is larger than 1 MiB")
    try:
        text = data.decode("utf-8")
        # Counted before parsing: how deep a recursive reader gets is not the same everywhere.
        _check_levels(text)
        value = json.loads(
            text, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float
        )
    except FormatError:
        raise
    except ValueError:
        raise FormatError("the document is not JSON in UTF-8") from None
    if encode(value) != data:
        raise FormatError("the document is not in canonical form (RFC 8785)")
    return value


def _check_levels(text: str) -> None:
    """Count how deep brackets stand in each other, also in text that is no JSON otherwise."""
    if text.count("[") + text.count("{") <= MAX_LEVELS:
        return
    level = 0
    for found in _BRACKET.finditer(text):
        if found[0] in ("[", "{"):
            level += 1
            if level > MAX_LEVELS:
                raise FormatError("the document is nested too deeply")
        elif found[0] in ("]", "}"):
            level -= 1


def _check(value: object, levels: int) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]
            raise FormatError("an integer lies outside ±(2^53 - 1)")
        return
    if levels == 0:
        raise FormatError("the document is nested too deeply")
    if isinstance(value, dict):
        for name, member in value.items():
            if type(name) is not str or not name.isascii():
                raise FormatError("a member name is not ASCII")
            _check(member, levels - 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, levels - 1)
    elif value is None:
        raise FormatError("null has no place in a document: leave the member out")
    else:
        raise FormatError(f"a {kind.__name__} has no place in a document")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise FormatError("an integer lies outside ±(2^53 - 1)")
    return int(digits)


def _no_float(_: str) -> NoReturn:
    raise FormatError("a number that is no integer has no place in a document")
