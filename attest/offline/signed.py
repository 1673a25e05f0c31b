"""`signed.jsonl`: the envelopes that come back (docs/formats.md §8)."""

from __future__ import annotations

from dataclasses import dataclass

from attest.offline.lines import MOST_ID, SIGNED, TO_SIGN, head_of, read_lines, write_lines
from attest.statements.canonical import decode, encode
from attest.statements.envelope import parse_envelope
from attest.statements.schema import FormatError, fail, line, obj, sha256

_HEAD = head_of(SIGNED, {"keyid": sha256}, {})


def _any(value: object, where: str) -> None:
    """Checked by `parse_envelope` below, and again by the act."""


_ITEM = obj({"id": line(MOST_ID), "envelope": _any})


@dataclass(frozen=True, slots=True)
class SignedItem:
    """An item's id, as the file to be signed gave it, and its envelope's bytes."""

    id: str
    envelope: bytes


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What came back. No signature has been checked."""

    keyid: str
    items: tuple[SignedItem, ...]


class NotSignedYet(FormatError):
    """The file that was to be signed, in place of the one that was signed."""


def encode_signed(file: SignedFile) -> bytes:
    """The bytes of the file. Raises FormatError for what the format does not allow."""
    head = {"v": 1, "kind": SIGNED, "keyid": file.keyid, "items": len(file.items)}
    data = write_lines(
        [head, *({"id": item.id, "envelope": decode(item.envelope)} for item in file.items)]
    )
    parse_signed(data)
    return data


def parse_signed(data: bytes) -> SignedFile:
    """Reads a file. Raises FormatError, which names the line; NotSignedYet for the other file."""
    lines = read_lines(data)
    where, head = next(lines)
    if isinstance(head, dict) and head.get("kind") == TO_SIGN:
        raise NotSignedYet("this is the file that is to be signed")
    _HEAD(head, where)
    items: list[SignedItem] = []
    for where, document in lines:
        _ITEM(document, where)
        envelope = encode(document["envelope"])
        try:
            parse_envelope(envelope)
        except FormatError as error:
            raise fail(where, str(error)) from None
        items.append(SignedItem(document["id"], envelope))
    if len(items) != head["items"]:
        raise FormatError("the file does not hold as many items as its first line counts")
    if len({item.id for item in items}) != len(items):
        raise FormatError("two items have the same id")
    return SignedFile(head["keyid"], tuple(items))
