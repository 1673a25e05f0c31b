"""Where anything on a signing page disagrees, no signature of any kind is made."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from attest.signing import b64
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site
from tests.browser.signing_pages import (
    PASSPHRASE,
    PEOPLE,
    SIGNATORY,
    WATCH,
    Prefix,
    altered,
    confirmation,
    signing_page,
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


@pytest.mark.parametrize("case", CASES)
def test_no_signature_comes_out(new_visitor: NewVisitor, case: str) -> None:
    make, change = CASES[case]
    data = make()
    change(data)
    page, site = new_visitor(), Site()
    page.add_init_script(WATCH)
    site.open(page, signing_page(data))
    errors = page.locator("[data-errors]")
    expect(errors).to_contain_text("Nothing has been signed.")
    # A script that fell over would refuse as well, and prove nothing.
    assert "not complete" not in errors.inner_text()
    button = page.locator("[data-sign-button]")
    expect(button).to_be_disabled()
    assert page.locator("pre").count() == 0
    # Nor when somebody forces the button.
    page.fill("#passphrase", PASSPHRASE)
    button.evaluate("button => { button.disabled = false; button.form.requestSubmit(button); }")
    button.evaluate("button => button.click()")
    assert (
        page.evaluate("crypto.subtle.digest('SHA-256', new Uint8Array()).then(() => signatures)")
        == 0
    )
    assert (site.posted, site.renewed) == ([], 0)


@pytest.mark.parametrize("make", [officer_s, demand, review, closure, key])
def test_what_the_cases_start_from_can_be_signed(
    new_visitor: NewVisitor, make: Callable[[], Data]
) -> None:
    page = Site().open(new_visitor(), signing_page(make()))
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    expect(page.locator("[data-errors]")).to_be_hidden()


def test_a_key_is_not_confirmed_by_what_the_page_says_was_typed(new_visitor: NewVisitor) -> None:
    page, site = new_visitor(), Site()
    page.add_init_script(WATCH)
    site.open(page, signing_page(key()))
    page.fill("#passphrase", PASSPHRASE)
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("not the fingerprint of this key")
    assert page.evaluate("signatures") == 0


def test_names_cannot_become_markup(new_visitor: NewVisitor) -> None:
    prefix = Prefix(["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>"])
    data = to_sign(prefix, prefix.attestation(0), prefix.attestation(1))
    page = Site().open(new_visitor(), signing_page(data))
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    assert page.locator("[data-declarations] img, [data-declarations] script").count() == 0
    assert json.dumps("<img")[1:-1] in page.inner_text("pre")
