"""JSON Lines, as both files of signing offline have them (docs/formats.md §8).

Each line is a document by docs/formats.md §1, at most 1 MiB, ended by U+000A, the last one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attest.signing import unb64
from attest.statements.canonical import MAX_BYTES, FormatError, decode, encode
from attest.statements.schema import Check, exactly, fail, integer, obj

# What the first line of either file says that it is.
TO_SIGN, SIGNED = "to-sign", "signed"

# The largest file that is read at all, in bytes: it lies in memory as a whole.
MOST_BYTES = 128 * 1024 * 1024
MOST_ITEMS = 1_000
# A page's name for an item; long enough for a UUID or a hash.
MOST_ID = 100


def write_lines(documents: Iterable[Any]) -> bytes:
    """A line for each document. Raises FormatError for what no line can hold."""
    data = b"".join(encode(document) + b"\n" for document in documents)
    if len(data) > MOST_BYTES:
        raise FormatError("the file would be larger than 128 MiB")
    return data


def read_lines(data: bytes) -> Iterator[tuple[str, Any]]:
    """Each line as ("line 1", document), counted from 1. Raises FormatError at the bad one."""
    if len(data) > MOST_BYTES:
        raise FormatError("the file is larger than 128 MiB")
    if not data.endswith(b"\n"):
        raise FormatError("the file does not end with a line end: a part of it is missing")
    start, number = 0, 0
    while start < len(data):
        end = data.index(b"\n", start)
        number += 1
        where = f"line {number}"
        if end - start > MAX_BYTES:
            raise fail(where, "is larger than 1 MiB")
        try:
            document = decode(data[start:end])
        except FormatError as error:
            raise fail(where, str(error)) from None
        yield where, document
        start = end + 1


def head_of(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    """The closed schema of a first line."""
    return obj(
        {"v": exactly(1), "kind": exactly(kind), "items": integer(1, MOST_ITEMS), **required},
        optional,
    )


def base64_bytes(value: Any, where: str) -> None:
    """Base64 of any bytes, at least one."""
    if not isinstance(value, str) or not value:
        raise fail(where, "must be base64, not empty")
    try:
        unb64(value)
    except ValueError as error:
        raise fail(where, str(error)) from None
