"""Plain bodies: each type's members, and what its closed schema refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from attest.statements import bodies, build
from attest.statements.bodies import EVENT_TYPES, PLAIN_TYPES, SIGNED_TYPES, check_plain
from attest.statements.canonical import FormatError, decode
from attest.statements.predicates import PREDICATES
from tests.statements.samples import (
    DEMAND_ID,
    FILE_ID,
    FILE_MEMBERS,
    NONCE,
    NOW,
    PERSON,
    STORE_ID,
    STORE_MEMBERS,
)

SHA = "ab" * 32
LETTER = {
    "letter": "invitation",
    "to": "sam@halden.example",
    "messageId": "<1@attest.example>",
    "checkpointSize": 12,
}

# Every member of every type, the optional ones in a second place.
FULL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "file.named": (
        {name: FILE_MEMBERS[name] for name in ("fileId", "name", "kind")},
        {
            "description": "Establishment list",
            "size": 63485,
            "sha256": SHA,
            "sentOn": "2013-01-14",
            "channel": "framework file transfer",
            "dataCategories": ["identity", "pay"],
            "subjects": 994,
        },
    ),
    "store.named": (STORE_MEMBERS, {"location": "Unit 7", "custodian": "P. Osei"}),
    "store.withdrawn": ({"storeId": STORE_ID, "reason": "Named\ntwice.", "by": PERSON}, {}),
    "demand.acknowledged": ({"by": PERSON}, {"note": "Received."}),
    "copy.recorded": (
        {"fileId": FILE_ID, "storeId": STORE_ID, "state": "located", "by": PERSON},
        {"note": "Second shelf."},
    ),
    "evidence.added": (
        {
            "name": "certificate.pdf",
            "sha256": SHA,
            "size": 0,
            "mediaType": "application/pdf",
            "by": PERSON,
        },
        {},
    ),
    "extension.requested": (
        {"until": "2013-02-21", "reason": "The shredder is away.", "by": PERSON},
        {"fileIds": [FILE_ID]},
    ),
    "extension.decided": (
        {"decision": "granted", "until": "2013-02-20", "by": PERSON},
        {"reason": "Two days.", "request": SHA},
    ),
    "letter.sent": (LETTER, {}),
    "letter.failed": (LETTER, {}),
    "file.reopened": ({"fileId": FILE_ID, "reason": "A second printout.", "by": PERSON}, {}),
}


def body(type: str, *, optional: bool = True) -> dict[str, Any]:
    must, may = FULL[type]
    return {"v": 1, "demandId": DEMAND_ID, "nonce": NONCE, **must, **(may if optional else {})}


def test_the_types_are_those_of_the_format() -> None:
    assert set(FULL) == set(PLAIN_TYPES)
    assert {*PLAIN_TYPES, *SIGNED_TYPES} == EVENT_TYPES
    assert set(SIGNED_TYPES.values()) == set(PREDICATES)
    assert not set(PLAIN_TYPES) & set(SIGNED_TYPES)


@pytest.mark.parametrize("type", PLAIN_TYPES)
def test_members(type: str) -> None:
    check_plain(type, body(type))
    check_plain(type, body(type, optional=False))
    for member in body(type, optional=False):
        without = {name: value for name, value in body(type).items() if name != member}
        with pytest.raises(FormatError, match=re.escape(member)):
            check_plain(type, without)
    with pytest.raises(FormatError, match="extra: is not a member"):
        check_plain(type, {**body(type), "extra": "x"})


@pytest.mark.parametrize("type", PLAIN_TYPES)
def test_built_bodies_are_canonical_and_leave_out_what_is_none(type: str) -> None:
    must, may = FULL[type]
    data = build.plain(type, DEMAND_ID, NONCE, **must, **dict.fromkeys(may))
    assert decode(data) == body(type, optional=False)


def test_dates_and_times_may_be_given_as_such() -> None:
    must, _ = FULL["extension.requested"]
    data = build.plain("extension.requested", DEMAND_ID, NONCE, **{**must, "until": NOW.date()})
    assert json.loads(data)["until"] == "2013-02-14"


@pytest.mark.parametrize(
    ("type", "member", "value"),
    [
        ("file.named", "v", 2),
        ("file.named", "v", True),
        ("file.named", "demandId", "x"),
        ("file.named", "nonce", "AAAA"),
        ("file.named", "name", ""),
        ("file.named", "name", "a\nb"),
        ("file.named", "name", "invoice\u202efdp.exe"),
        ("file.named", "name", "x" * 1001),
        ("file.named", "kind", "paper"),
        ("file.named", "size", -1),
        ("file.named", "size", True),
        ("file.named", "size", "12"),
        ("file.named", "sentOn", "14.01.2013"),
        ("file.named", "dataCategories", []),
        ("file.named", "dataCategories", "identity"),
        ("file.named", "subjects", "994"),
        ("store.named", "medium", "cloud"),
        ("store.named", "namedBy", "Sam Lee"),
        ("store.named", "namedBy", {"name": "Sam Lee"}),
        ("store.withdrawn", "reason", " "),
        ("copy.recorded", "state", "gone"),
        ("evidence.added", "sha256", SHA.upper()),
        ("extension.requested", "fileIds", []),
        ("extension.requested", "fileIds", [FILE_ID, FILE_ID]),
        ("extension.requested", "until", "2013-02-21T00:00:00Z"),
        ("extension.decided", "decision", "refused"),
        ("letter.sent", "checkpointSize", -1),
        ("letter.sent", "to", "a\r\nBcc: b"),
    ],
)
def test_what_a_body_may_not_be(type: str, member: str, value: Any) -> None:
    with pytest.raises(FormatError):
        check_plain(type, {**body(type), member: value})


def test_a_granted_extension_says_until_when() -> None:
    granted = body("extension.decided")
    del granted["until"]
    with pytest.raises(FormatError, match="until"):
        check_plain("extension.decided", granted)
    check_plain("extension.decided", {**granted, "decision": "refused"})


def test_signed_types_are_not_plain() -> None:
    with pytest.raises(FormatError, match="not a plain type"):
        check_plain("demand.issued", {})
    with pytest.raises(FormatError, match="object"):
        check_plain("file.named", [])


def test_line_breaks_are_for_four_members_only() -> None:
    """Where a schema allows them, the member has one of the names of docs/formats.md §1."""
    multiline = {"reason": "a\nb", "note": "a\nb"}
    for type, (must, may) in FULL.items():
        for member, value in {**must, **may}.items():
            if not isinstance(value, str):
                continue
            broken = {**body(type), member: "a\nb"}
            if member in multiline:
                check_plain(type, broken)
            else:
                with pytest.raises(FormatError):
                    check_plain(type, broken)
    assert bodies.MAX_PROSE == 10_000
