"""What a server may try with the data of a signing page, and in the file for another computer.

Both readers refuse each of these: static/checks.js in the browser, attest/offline in the command.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from attest.signing import b64
from tests.browser.signing_pages import (
    PEOPLE,
    SIGNATORY,
    Prefix,
    altered,
    confirmation,
    to_sign,
)

Data = dict[str, Any]
Change = Callable[[Data], None]


def officer_s() -> Data:
    prefix = Prefix(["a.csv", "b.csv"])
    return to_sign(prefix, prefix.attestation(0), prefix.attestation(1))


def demand() -> Data:
    prefix = Prefix(["a.csv", "b.csv"], reference=None)
    data = to_sign(prefix, prefix.demand(), signer="signatory")
    del data["reference"]
    return data


def review() -> Data:
    prefix = Prefix(["a.csv", "b.csv"])
    reviewed = [prefix.attestation(0), prefix.attestation(1)]
    data = to_sign(prefix, prefix.review(*reviewed), signer="signatory")
    data["items"][0]["reviewed"] = [b64(payload) for payload in reviewed]
    return data


def closure() -> Data:
    prefix = Prefix(["a.csv"])
    return to_sign(prefix, prefix.closure(), signer="signatory")


def key() -> Data:
    return to_sign(Prefix([]), confirmation(), signer="signatory") | {"typed": "anything"}


def statement(change: Callable[[Any], None], item: int = -1) -> Change:
    """Change one statement: the last, which is not the one that is shown in full."""

    def apply(data: Data) -> None:
        chosen = data["items"][item]
        chosen["payload"] = altered(chosen["payload"], change)

    return apply


def predicate(**members: Any) -> Change:
    return statement(lambda found: found["predicate"].update(members))


def text(old: str, new: str) -> Change:
    def change(found: Any) -> None:
        declaration = found["predicate"]["declaration"]
        assert old in declaration["text"]
        declaration["text"] = declaration["text"].replace(old, new)

    return statement(change)


def deep(*path: Any, to: Any) -> Change:
    def change(found: Any) -> None:
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = to

    return statement(change)


def raw(change: Callable[[bytes], bytes]) -> Change:
    def apply(data: Data) -> None:
        before = base64.b64decode(data["items"][-1]["payload"])
        after = change(before)
        assert after != before
        data["items"][-1]["payload"] = b64(after)

    return apply


def body(position: int, **members: Any) -> Change:
    def apply(data: Data) -> None:
        data["bodies"][position] = altered(
            data["bodies"][position], lambda found: found.update(members)
        )

    return apply


def set_in(*path: Any, to: Any) -> Change:
    def apply(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        if to is ...:
            del data[path[-1]]
        else:
            data[path[-1]] = to

    return apply


def twice(data: Data) -> None:
    data["items"].append(data["items"][0] | {"id": "another"})


def one_of_another_kind(data: Data) -> None:
    prefix = Prefix(["a.csv"])
    data["items"].append({"id": "more", "payload": b64(prefix.closure("officer"))})
    data["listing"] = prefix.listings()


def exchanged(name: str) -> Change:
    def apply(data: Data) -> None:
        data["items"][0][name] = data["items"][0][name][::-1]

    return apply


OTHER_DEMAND = "55555555-0000-4000-8000-555555555555"

CASES: dict[str, tuple[Callable[[], Data], Change]] = {
    # The declaration against its fields.
    "a word less": (officer_s, text("no copy was found", "a copy was found")),
    "a line more": (officer_s, text("I declare", "I owe you a thousand pounds.\nI declare")),
    "another date": (officer_s, deep("predicate", "copies", 0, "search", "on", to="2013-02-09")),
    "another outcome": (officer_s, deep("predicate", "copies", 1, "outcome", to="beyond_use")),
    "an unknown outcome": (officer_s, deep("predicate", "copies", 1, "outcome", to="vanished")),
    "disclosed": (officer_s, predicate(onward={"disclosed": True, "recipients": []})),
    "an answer less": (officer_s, statement(lambda found: found["predicate"]["copies"].pop())),
    "another language": (officer_s, deep("predicate", "declaration", "lang", to="en-US")),
    "another template": (officer_s, deep("predicate", "declaration", "template", to="v2")),
    "another state of the log": (officer_s, deep("predicate", "seen", "size", to=11)),
    "another reference": (officer_s, set_in("reference", to="ND-2013-005")),
    "another due date": (demand, predicate(dueOn="2014-02-18")),
    "another instruction": (demand, predicate(instruction="Keep it.")),
    "another decision": (review, predicate(decision="accepted")),
    "another end": (closure, predicate(outcome="withdrawn")),
    # What the template does not read.
    "a member more": (officer_s, predicate(fee=1000)),
    "a member less": (officer_s, statement(lambda found: found["predicate"].pop("nonce"))),
    "a member beside": (officer_s, statement(lambda found: found.update(extra="x"))),
    "a member in the subject": (officer_s, deep("subject", 0, "uri", to="x")),
    "a member in the declaration": (officer_s, deep("predicate", "declaration", "note", to="x")),
    "a member in a copy": (officer_s, deep("predicate", "copies", 0, "fee", to=1000)),
    "a member in the signer": (officer_s, deep("predicate", "signer", "email", to="x")),
    "an object for a value": (officer_s, predicate(nonce={"fee": 1000})),
    "a list for an object": (officer_s, predicate(seen=[])),
    "recipients of nothing": (officer_s, predicate(onward={"disclosed": False, "recipients": []})),
    "another kind": (officer_s, statement(lambda f: f.update(predicateType="urn:attest:debt:v1"))),
    "of all objects": (
        officer_s,
        statement(lambda f: f.update(predicateType="urn:attest:constructor:v1")),
    ),
    "not a statement": (officer_s, raw(lambda _: b"[]")),
    # Bytes.
    "spaces": (officer_s, raw(lambda data: data.replace(b'":', b'": ', 1))),
    "a member twice": (officer_s, raw(lambda data: b'{"_type":"",' + data[1:])),
    "not base64": (officer_s, set_in("items", 1, "payload", to="!!!!")),
    "a hidden direction": (officer_s, predicate(supersedes="\u202eab")),
    # Who and what.
    "another signer": (officer_s, deep("predicate", "signer", "keyid", to=SIGNATORY.keyid)),
    "another key file": (officer_s, set_in("keyid", to=SIGNATORY.keyid)),
    "another file": (officer_s, body(1, name="z.csv")),
    "the same file in another entry": (officer_s, body(1, nonce="A" * 22 + "==")),
    "another store": (officer_s, body(3, label="Unit 8")),
    "a file less": (officer_s, set_in("bodies", 1, to=...)),
    "a store less": (officer_s, set_in("bodies", 3, to=...)),
    "a store of another demand": (officer_s, body(3, demandId=OTHER_DEMAND)),
    "another content": (officer_s, deep("subject", 1, "digest", "sha256", to="00" * 32)),
    "another demand": (officer_s, predicate(demandId=OTHER_DEMAND)),
    "a file of the demand unseen": (demand, set_in("bodies", 0, to=...)),
    "a file of the demand exchanged": (demand, body(0, name="z.csv")),
    "another count": (demand, set_in("listing", "files", "count", to=3)),
    "a withdrawal unseen": (demand, set_in("listing", "withdrawn", "count", to=1)),
    "no stores listed": (demand, set_in("listing", "stores", to=...)),
    "no listing": (demand, set_in("listing", to=...)),
    "a demand about another log": (demand, deep("subject", 0, "digest", "sha256", to="00" * 32)),
    "a closure about another log": (closure, deep("subject", 0, "digest", "sha256", to="00" * 32)),
    "nothing to review": (review, set_in("items", 0, "reviewed", to=...)),
    "one to review unseen": (review, lambda data: data["items"][0]["reviewed"].pop()),
    "others to review": (review, exchanged("reviewed")),
    "another key": (key, predicate(keyid="00" * 32)),
    "another key's number": (key, deep("subject", 0, "digest", "sha256", to="00" * 32)),
    "a duty that is none": (key, predicate(holder=PEOPLE["officer"] | {"duty": "owner"})),
    # The page.
    "one twice": (officer_s, twice),
    "an id twice": (officer_s, set_in("items", 1, "id", to="item-0")),
    "one of another kind": (officer_s, one_of_another_kind),
    "nothing": (officer_s, set_in("items", to=[])),
    "no items": (officer_s, set_in("items", to=...)),
    "no data": (officer_s, lambda data: data.clear()),
}  # fmt: skip
