"""The two files: what is written is read again, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from attest.offline import lines
from attest.offline.signed import (
    NotSignedYet,
    SignedFile,
    SignedItem,
    encode_signed,
    parse_signed,
)
from attest.offline.to_sign import (
    Item,
    SignedAlready,
    ToSignFile,
    encode_to_sign,
    parse_to_sign,
)
from attest.statements.canonical import FormatError, encode
from attest.statements.declarations import Listing
from attest.statements.envelope import sign_payload
from tests.browser.signing_pages import OFFICER, SIGNATORY, Prefix

Lines = list[Any]

LISTED = Listing(2, "ab" * 32)
FILE = ToSignFile(
    keyid=OFFICER.keyid,
    items=(Item("one", b"{}", (b"[1]", b"[2]")), Item("two", b"{}")),
    bodies=(b"[3]", b"[4]"),
    listing={"files": LISTED, "stores": LISTED, "withdrawn": LISTED},
    reference="ND-2013-004",
    also_keyid=SIGNATORY.keyid,
)


def documents(data: bytes) -> Lines:
    return [json.loads(line) for line in data.splitlines()]


def test_a_file_to_be_signed_is_read_as_it_was_written() -> None:
    assert parse_to_sign(encode_to_sign(FILE)) == FILE
    least = ToSignFile(OFFICER.keyid, (Item("one", b"x"),))
    assert parse_to_sign(encode_to_sign(least)) == least


def test_its_lines_are_as_documented() -> None:
    head, *rest = documents(encode_to_sign(FILE))
    assert head == {
        "v": 1,
        "kind": "to-sign",
        "keyid": OFFICER.keyid,
        "alsoKeyid": SIGNATORY.keyid,
        "reference": "ND-2013-004",
        "listing": {
            name: {"count": 2, "sha256": "ab" * 32} for name in ("files", "stores", "withdrawn")
        },
        "bodies": 2,
        "items": 2,
    }
    assert [sorted(document) for document in rest] == [
        ["body"], ["body"], ["id", "payload"], ["reviewed"], ["reviewed"], ["id", "payload"]
    ]  # fmt: skip


def change(line: int, **members: Any) -> Callable[[Lines], None]:
    def apply(found: Lines) -> None:
        found[line].update(members)

    return apply


def without(line: int, member: str) -> Callable[[Lines], None]:
    return lambda found: found[line].pop(member)


BAD_LINES: dict[str, Callable[[Lines], Any]] = {
    "another version": change(0, v=2),
    "a version that is a text": change(0, v="1"),
    "another kind": change(0, kind="to-read"),
    "a member more": change(0, note="x"),
    "a member less": without(0, "keyid"),
    "a keyid in capitals": change(0, keyid=OFFICER.keyid.upper()),
    "no items": change(0, items=0),
    "too many items": change(0, items=1_001),
    "one item more than counted": change(0, items=1),
    "one item less than counted": change(0, items=3),
    "one body more than counted": change(0, bodies=1),
    "one body less than counted": change(0, bodies=3),
    "fewer than no bodies": change(0, bodies=-1),
    "a reference with a line break": change(0, reference="ND\n1"),
    "a listing without stores": change(0, listing={"files": {"count": 1, "sha256": "ab" * 32}}),
    "a count that is none": change(
        0,
        listing={"files": {"count": "1", "sha256": "ab" * 32}, "stores": {}},
    ),
    "a body that is not base64": change(1, body="!"),
    "a body of nothing": change(1, body=""),
    "URL-safe base64": change(1, body="_-8="),
    "sloppy base64": change(1, body="WzN="),
    "a body with a name": change(1, name="x"),
    "an item without an id": without(3, "id"),
    "an id with an escape": change(3, id="\u001b[2J"),
    "an id twice": change(6, id="one"),
    "a long id": change(3, id="x" * 101),
    "a payload that is a number": change(3, payload=7),
    "something reviewed with a name": change(4, name="x"),
    "something reviewed before any item": lambda found: found.insert(3, found[4]),
    "a body after an item": lambda found: found.append(found[1]),
    "no head": lambda found: found.pop(0),
    "a head twice": lambda found: found.insert(1, found[0]),
    "a list for a line": lambda found: found.insert(1, []),
    "a half of it": lambda found: found.__delitem__(slice(5, None)),
    "a file that was signed": lambda found: found.__setitem__(
        slice(None), documents(signed_file())
    ),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_bad_lines_are_refused(case: str) -> None:
    found = documents(encode_to_sign(FILE))
    BAD_LINES[case](found)
    with pytest.raises(FormatError):
        parse_to_sign(lines.write_lines(found))


BAD_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda data: b"",
    "an empty line": lambda data: data + b"\n",
    "no last line end": lambda data: data[:-1],
    "cut in a line": lambda data: data[:-20],
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "spaces": lambda data: data.replace(b'{"body":', b'{"body": ', 1),
    "a member twice": lambda data: data.replace(b'{"body":', b'{"body":"WzNd","body":', 1),
    "another order": lambda data: data.replace(b'"v":1}', b'"a":1}', 1),
    "a fraction": lambda data: data.replace(b'"items":2', b'"items":2.0', 1),
    "an exponent": lambda data: data.replace(b'"items":2', b'"items":2e0', 1),
    "null": lambda data: data.replace(b'"items":2', b'"items":null', 1),
    "not UTF-8": lambda data: data.replace(b"one", b"\xff\xfe\xfd", 1),
    "an odd escape": lambda data: data.replace(b'"one"', b'"\\u006fne"', 1),
    "half a character": lambda data: data.replace(b'"one"', b'"\\ud800"', 1),
    "deep nesting": lambda data: b"[" * 100_000 + b"]" * 100_000 + b"\n",
    "a line too long": lambda data: data + b'"' + b"x" * (1024 * 1024) + b'"\n',
    "a web page": lambda data: b"<!DOCTYPE html>\n<title>Sign in</title>\n",
    "zeros": lambda data: bytes(4096),
}


@pytest.mark.parametrize("case", BAD_BYTES)
def test_bad_bytes_are_refused(case: str) -> None:
    good = encode_to_sign(FILE)
    bad = BAD_BYTES[case](good)
    assert bad != good
    with pytest.raises(FormatError):
        parse_to_sign(bad)
    # Nor is any of it a file that was signed.
    with pytest.raises(FormatError):
        parse_signed(bad)


def test_a_file_larger_than_is_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode_to_sign(FILE)
    monkeypatch.setattr(lines, "MOST_BYTES", len(data) - 1)
    with pytest.raises(FormatError, match="larger"):
        parse_to_sign(data)
    with pytest.raises(FormatError, match="larger"):
        encode_to_sign(FILE)


# --- signed.jsonl ---------------------------------------------------------------------------------


def envelopes() -> list[bytes]:
    prefix = Prefix(["a.csv", "b.csv"])
    return [sign_payload(prefix.attestation(n), OFFICER) for n in range(2)]


def signed_file() -> bytes:
    items = [SignedItem(f"item-{n}", data) for n, data in enumerate(envelopes())]
    return encode_signed(SignedFile(OFFICER.keyid, tuple(items)))


def test_a_signed_file_keeps_the_very_bytes_of_its_envelopes() -> None:
    made = envelopes()
    file = SignedFile(OFFICER.keyid, tuple(SignedItem(str(n), e) for n, e in enumerate(made)))
    found = parse_signed(encode_signed(file))
    assert found == file
    assert [item.envelope for item in found.items] == made


BAD_SIGNED: dict[str, Callable[[Lines], Any]] = {
    "another version": change(0, v=2),
    "a member more": change(0, reference="ND-2013-004"),
    "one more than counted": change(0, items=1),
    "one less than counted": change(0, items=3),
    "an id twice": change(2, id="item-0"),
    "an envelope as a text": lambda found: found[1].update(
        envelope=encode(found[1]["envelope"]).decode()
    ),
    "no signature": lambda found: found[1]["envelope"].update(signatures=[]),
    "a signature cut": lambda found: found[1]["envelope"]["signatures"][0].update(sig="AAAA"),
    "another type": lambda found: found[1]["envelope"].update(payloadType="text/plain"),
    "a member in the envelope": lambda found: found[1]["envelope"].update(note="x"),
    "no envelope": without(1, "envelope"),
}


@pytest.mark.parametrize("case", BAD_SIGNED)
def test_bad_signed_files_are_refused(case: str) -> None:
    found = documents(signed_file())
    BAD_SIGNED[case](found)
    with pytest.raises(FormatError):
        parse_signed(lines.write_lines(found))


def test_the_file_that_was_not_signed_yet_is_told_apart() -> None:
    with pytest.raises(NotSignedYet):
        parse_signed(encode_to_sign(FILE))


def test_a_file_that_is_signed_already_is_told_apart() -> None:
    with pytest.raises(SignedAlready, match="This file is signed already: upload it on the page"):
        parse_to_sign(signed_file())
