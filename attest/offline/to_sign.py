"""`REF.to-sign.jsonl`: the exact payloads to sign, and what their declarations are made of.

docs/formats.md §8. First a head; then the bodies, in the log's order; then the items, each
followed by the attestations that it reviews, in the order of its subjects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from attest.offline.lines import (
    MOST_ID,
    SIGNED,
    TO_SIGN,
    base64_bytes,
    head_of,
    read_lines,
    write_lines,
)
from attest.signing import b64, unb64
from attest.statements.bodies import MAX_LABEL
from attest.statements.declarations import Listing
from attest.statements.schema import FormatError, fail, integer, line, obj, sha256

# As many files and stores as a log has leaves (docs/formats.md §5).
_MOST_BODIES = 4_000_000
_LISTING = obj({"count": integer(), "sha256": sha256})
_HEAD = head_of(
    TO_SIGN,
    {"keyid": sha256, "bodies": integer(0, _MOST_BODIES)},
    {
        "alsoKeyid": sha256,
        "reference": line(MAX_LABEL),
        "listing": obj({"files": _LISTING, "stores": _LISTING}, {"withdrawn": _LISTING}),
    },
)
_BODY = obj({"body": base64_bytes})
_ITEM = obj({"id": line(MOST_ID), "payload": base64_bytes})
_REVIEWED = obj({"reviewed": base64_bytes})


@dataclass(frozen=True, slots=True)
class Item:
    """One payload to sign. `id` is the page's name for it; `reviewed` are payloads too."""

    id: str
    payload: bytes
    reviewed: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ToSignFile:
    """All that a signer needs. Nothing of it has been checked against anything else.

    `keyid` is the key that is asked to sign; `also_keyid`, on a rotation, the holder's old key,
    which signs too. `listing` and `reference` are what the prefix holds, as the server says.
    """

    keyid: str
    items: tuple[Item, ...]
    bodies: tuple[bytes, ...] = ()
    listing: Mapping[str, Listing] | None = None
    reference: str | None = None
    also_keyid: str | None = None


class SignedAlready(FormatError):
    """The file that was signed, not the one that is to be signed. Its text is said as is."""

    def __init__(self) -> None:
        super().__init__("This file is signed already: upload it on the page that handed it out.")


def encode_to_sign(file: ToSignFile) -> bytes:
    """The bytes of the file. Raises FormatError for what the format does not allow."""
    data = write_lines(_documents(file))
    # Whatever is wrong shall show here, not on the other computer.
    parse_to_sign(data)
    return data


def _documents(file: ToSignFile) -> Iterator[dict[str, Any]]:
    optional: dict[str, Any] = {"reference": file.reference, "alsoKeyid": file.also_keyid}
    if file.listing is not None:
        optional["listing"] = {
            name: {"count": listed.count, "sha256": listed.sha256}
            for name, listed in file.listing.items()
        }
    yield {
        "v": 1,
        "kind": TO_SIGN,
        "keyid": file.keyid,
        "bodies": len(file.bodies),
        "items": len(file.items),
        **{name: value for name, value in optional.items() if value is not None},
    }
    for body in file.bodies:
        yield {"body": b64(body)}
    for item in file.items:
        yield {"id": item.id, "payload": b64(item.payload)}
        for payload in item.reviewed:
            yield {"reviewed": b64(payload)}


def parse_to_sign(data: bytes) -> ToSignFile:
    """Reads a file. Raises FormatError, which names the line; SignedAlready for the other file."""
    lines = read_lines(data)
    where, head = next(lines)
    if isinstance(head, dict) and head.get("kind") == SIGNED:
        raise SignedAlready
    _HEAD(head, where)
    bodies: list[bytes] = []
    items: list[tuple[str, bytes, list[bytes]]] = []
    for where, document in lines:
        if len(bodies) < head["bodies"]:
            _BODY(document, where)
            bodies.append(unb64(document["body"]))
        elif items and isinstance(document, dict) and "reviewed" in document:
            _REVIEWED(document, where)
            items[-1][2].append(unb64(document["reviewed"]))
        else:
            _ITEM(document, where)
            if len(items) == head["items"]:
                raise fail(where, "is one item more than the first line counts")
            items.append((document["id"], unb64(document["payload"]), []))
    if len(bodies) != head["bodies"] or len(items) != head["items"]:
        raise FormatError("the file ends too early: a part of it is missing")
    if len({name for name, _, _ in items}) != len(items):
        raise FormatError("two items have the same id")
    listing = head.get("listing")
    return ToSignFile(
        keyid=head["keyid"],
        items=tuple(Item(name, payload, tuple(seen)) for name, payload, seen in items),
        bodies=tuple(bodies),
        listing=None
        if listing is None
        else {name: Listing(found["count"], found["sha256"]) for name, found in listing.items()},
        reference=head.get("reference"),
        also_keyid=head.get("alsoKeyid"),
    )
