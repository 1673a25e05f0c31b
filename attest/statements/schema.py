"""Small checks that closed schemas are put together from (docs/formats.md §1).

A check takes a value and where it stands, and raises FormatError naming the member. Objects are
closed: a member that is not listed fails, and so does an absent one that is a must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attest.domain import text
from attest.domain.scalars import FormatError as FormatError
from attest.domain.scalars import is_sha256, is_uuid, parse_date, parse_time
from attest.signing import unb64

Check = Callable[[Any, str], None]

MAX_INTEGER = 2**53 - 1


def fail(where: str, what: str) -> FormatError:
    """The error that names a member and what is wrong with it."""
    return FormatError(f"{where}: {what}" if where else what)


def obj(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with every member of `required`, and no others but those of `optional`."""
    optional = optional or {}
    known = {**required, **optional}

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise fail(where, "must be an object")
        for name in required:
            if name not in value:
                raise fail(_inside(where, name), "is missing")
        for name, member in value.items():
            if name not in known:
                raise fail(_inside(where, str(name)), "is not a member that the schema lists")
            known[name](member, _inside(where, name))

    return check


def array(item: Check, *, least: int, most: int) -> Check:
    """A list of `least` to `most` items."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise fail(where, "must be a list")
        if not least <= len(value) <= most:
            raise fail(where, f"must list {least} to {most} items")
        for index, member in enumerate(value):
            item(member, f"{where}[{index}]")

    return check


def line(most: int) -> Check:
    """A string on one line, not blank, of at most `most` characters."""
    return _string(most, multiline=False)


def prose(most: int) -> Check:
    """A string that may have line breaks: for members named text, note, reason, instruction."""
    return _string(most, multiline=True)


def choice(*values: str) -> Check:
    """One of the strings listed."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in values:
            raise fail(where, f"must be one of {', '.join(values)}")

    return check


def exactly(wanted: str | int) -> Check:
    """One value, of one type."""

    def check(value: Any, where: str) -> None:
        if type(value) is not type(wanted) or value != wanted:
            raise fail(where, f"must be {wanted}")

    return check


def integer(least: int = 0, most: int = MAX_INTEGER) -> Check:
    """An integer between the two, both included."""

    def check(value: Any, where: str) -> None:
        if type(value) is not int or not least <= value <= most:
            raise fail(where, f"must be an integer from {least} to {most}")

    return check


def base64_of(size: int) -> Check:
    """Base64 of exactly `size` bytes."""

    def check(value: Any, where: str) -> None:
        string = _str(value, where)
        try:
            data = unb64(string)
        except ValueError as error:
            raise fail(where, str(error)) from None
        if len(data) != size:
            raise fail(where, f"must be {size} bytes in base64")

    return check


def sha256(value: Any, where: str) -> None:
    """A SHA-256 as 64 lower-case hex digits."""
    if not is_sha256(_str(value, where)):
        raise fail(where, "must be 64 lower-case hex digits")


def uuid(value: Any, where: str) -> None:
    """A UUID in lower case."""
    if not is_uuid(_str(value, where)):
        raise fail(where, "must be a UUID in lower case")


def time(value: Any, where: str) -> None:
    """A time, `YYYY-MM-DDTHH:MM:SSZ`."""
    string = _str(value, where)
    try:
        parse_time(string)
    except FormatError as error:
        raise fail(where, str(error)) from None


def date(value: Any, where: str) -> None:
    """A date, `YYYY-MM-DD`."""
    string = _str(value, where)
    try:
        parse_date(string)
    except FormatError as error:
        raise fail(where, str(error)) from None


def _string(most: int, *, multiline: bool) -> Check:
    def check(value: Any, where: str) -> None:
        string = _str(value, where)
        if not string.strip():
            raise fail(where, "must not be blank")
        if len(string) > most:
            raise fail(where, f"must have at most {most} characters")
        wrong = text.problem(string, multiline=multiline)
        if wrong is not None:
            raise fail(where, wrong)

    return check


def _str(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise fail(where, "must be a string")
    return value


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
