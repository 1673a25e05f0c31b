"""The signing page signs the bytes whose declaration it shows, each once, with one passphrase."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attest import keyfiles, signing
from attest.signing import b64
from attest.statements.envelope import parse_envelope
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Answer, Site
from tests.browser.signing_pages import (
    OFFICER,
    PASSPHRASE,
    SIGNATORY,
    WATCH,
    Prefix,
    attestations,
    confirmation,
    signing_page,
    to_sign,
)


def took_all(path: str, body: Any) -> Answer:
    """The server's answer when it appended everything."""
    results = [{"id": item["id"], "ok": True} for item in body["envelopes"]]
    return 200, {"results": results, "next": "/receipt"}


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    page = new_visitor()
    page.add_init_script(WATCH)
    return page


@pytest.fixture
def site() -> Site:
    return Site(answer=took_all)


def show(site: Site, page: Page, data: Any, **options: Any) -> None:
    site.open(page, signing_page(data, **options))
    expect(page.locator("[data-sign-button]")).to_be_enabled()


def press(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.fill("#passphrase", passphrase)
    page.click("[data-sign-button]")


def envelopes(site: Site) -> list[tuple[str, bytes]]:
    """Every envelope that was posted, with its id, in order."""
    return [
        (item["id"], item["envelope"].encode())
        for _, body in site.posted
        for item in body["envelopes"]
    ]


def test_what_is_shown_is_signed(site: Site, page: Page) -> None:
    prefix = Prefix(["staff list.xlsx"])
    payload = prefix.attestation(0, note='quoted "note"\nof two lines')
    show(site, page, to_sign(prefix, payload))
    shown = page.locator("pre.declaration").all_text_contents()
    assert shown == [json.loads(payload)["predicate"]["declaration"]["text"]]
    press(page)
    page.wait_for_url("**/receipt")
    ((item, data),) = envelopes(site)
    envelope = parse_envelope(data)
    (signature,) = envelope.signatures
    assert (item, envelope.payload, signature.keyid) == ("item-0", payload, OFFICER.keyid)
    assert signing.verify(OFFICER.public_key, envelope.signed_bytes, signature.sig)
    assert site.tokens == ["renewed 1"]
    # Neither the passphrase nor anything of the key but its name left the page.
    assert PASSPHRASE not in json.dumps(site.posted)


def test_each_of_a_few_is_sent_alone_and_seen_to_succeed(site: Site, page: Page) -> None:
    show(site, page, attestations([f"file {n}" for n in range(5)]))
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => said.push(
            document.querySelector("[data-progress]").textContent)).observe(
            document.querySelector("[data-progress]"), {childList: true}); }"""
    )
    site.answer = lambda path, body: (200, took_all(path, body)[1] | {"next": None})
    press(page)
    expect(page.locator("[data-progress]")).to_contain_text("All 5 are signed.")
    assert [len(body["envelopes"]) for _, body in site.posted] == [1] * 5
    said = page.evaluate("said")
    assert "Signed 3 of 5: file 2" in said
    assert page.locator("[data-progress] + ul li").count() == 5
    assert page.input_value("#passphrase") == ""


@pytest.mark.parametrize(("count", "chunks"), [(20, [1] * 20), (21, [21]), (60, [25, 25, 10])])
def test_many_are_sent_in_chunks(site: Site, page: Page, count: int, chunks: list[int]) -> None:
    show(site, page, attestations([f"file {n}" for n in range(count)]))
    press(page)
    page.wait_for_url("**/receipt")
    assert [len(body["envelopes"]) for _, body in site.posted] == chunks
    assert [item for item, _ in envelopes(site)] == [f"item-{n}" for n in range(count)]
    for _, data in envelopes(site):
        envelope = parse_envelope(data)
        assert signing.verify(OFFICER.public_key, envelope.signed_bytes, envelope.signatures[0].sig)


def test_the_same_answers_are_shown_once(site: Site, page: Page) -> None:
    prefix = Prefix(["a.csv", "b.csv", "c.csv", "<b>d</b>.csv"])
    payloads = [
        prefix.attestation(0),
        prefix.attestation(1, note="a printout turned up"),
        prefix.attestation(2),
        prefix.attestation(3, supersedes="ab" * 32),
    ]
    show(site, page, to_sign(prefix, *payloads))
    groups = page.locator("[data-answers]")
    sizes = [group.get_attribute("data-answers") for group in groups.all()]
    assert sizes == ["2", "1", "1"]
    assert groups.nth(0).locator("pre").count() == 1
    # The other file's own declaration is there to be opened, and is that file's.
    groups.nth(0).locator("summary", has_text="c.csv").click()
    texts = [json.loads(payload)["predicate"]["declaration"]["text"] for payload in payloads]
    expect(groups.nth(0).locator("pre")).to_have_count(2)
    assert groups.nth(0).locator("pre").all_text_contents() == [texts[0], texts[2]]
    assert page.locator("[data-declarations] b").count() == 0


def test_a_demand_a_review_and_a_closure_are_signed(new_visitor: NewVisitor) -> None:
    prefix = Prefix(["a.csv", "b.csv"])
    first = Prefix(["a.csv", "b.csv"], reference=None)
    reviewed = [prefix.attestation(0), prefix.attestation(1)]
    demand = to_sign(first, first.demand(), signer="signatory")
    del demand["reference"]
    review = to_sign(prefix, prefix.review(*reviewed), signer="signatory")
    review["items"][0]["reviewed"] = [b64(payload) for payload in reviewed]
    closure = to_sign(prefix, prefix.closure(), signer="signatory")
    closure["bodies"] = []
    amendment = to_sign(prefix, prefix.demand(), signer="signatory")
    # A page may leave out what there is none of.
    del amendment["listing"]["withdrawn"]
    for data, texts in ((demand, 1), (review, 2), (closure, 1), (amendment, 1)):
        page, site = new_visitor(), Site(answer=took_all)
        show(site, page, data)
        assert page.locator("pre.declaration").count() == texts
        press(page)
        page.wait_for_url("**/receipt")
        ((_, envelope),) = envelopes(site)
        assert b64(parse_envelope(envelope).payload) == data["items"][0]["payload"]


def test_a_key_is_confirmed_by_typing_what_was_heard(site: Site, page: Page) -> None:
    data = to_sign(Prefix([]), confirmation(), signer="signatory")
    show(site, page, data, typed=True)
    assert "Ruth Amble" in page.inner_text("[data-declarations]")
    heard = signing.fingerprint(OFFICER.keyid)
    # Not shown first: else it would be copied instead of listened for.
    assert heard.split()[0] not in page.inner_text("main")
    page.fill("#typed", signing.fingerprint(SIGNATORY.keyid))
    press(page)
    expect(page.locator("#typed-error")).to_contain_text("not the fingerprint of this key")
    assert page.evaluate("signatures") == 0
    page.fill("#typed", heard.replace(" ", "").upper())
    press(page)
    page.wait_for_url("**/receipt")
    assert len(envelopes(site)) == 1


def test_everyone_can_read_what_the_script_makes(
    site: Site, page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    prefix = Prefix(["a.csv", "b.csv", "c.csv"])
    reviewed = [prefix.attestation(0), prefix.attestation(1), prefix.attestation(2, note="other")]
    data = to_sign(prefix, prefix.review(*reviewed), signer="signatory")
    data["items"][0]["reviewed"] = [b64(payload) for payload in reviewed]
    show(site, page, data)
    page.locator("summary").click()
    assert_accessible(page)
    press(page, "wrong")
    expect(page.locator("#passphrase-error")).to_be_visible()
    assert_accessible(page)


def test_a_wrong_passphrase_costs_nothing(site: Site, page: Page) -> None:
    show(site, page, attestations(["a.csv"]))
    press(page, "")
    expect(page.locator("#passphrase-error")).to_contain_text("Enter your passphrase.")
    press(page, "not this one")
    expect(page.locator("#passphrase-error")).to_contain_text("does not open the key")
    expect(page.locator("[data-errors]")).to_be_focused()
    assert page.title() == "Error: Sign"
    assert page.get_attribute("#passphrase", "aria-describedby") == "passphrase-error"
    page.click("[data-errors] a")
    expect(page.locator("#passphrase")).to_be_focused()
    assert page.input_value("#passphrase") == "not this one"
    assert site.posted == []
    assert page.evaluate("signatures") == 0
    press(page)
    page.wait_for_url("**/receipt")


def test_the_signer_may_bring_the_key_file(site: Site, page: Page) -> None:
    data = attestations(["a.csv"])
    file = data.pop("keyFile")
    show(site, page, data)
    press(page)
    expect(page.locator("#key-file-error")).to_contain_text("Choose your key file.")

    def choose(content: bytes) -> None:
        page.set_input_files(
            "#key-file",
            {"name": "key.json", "mimeType": "application/json", "buffer": content},
        )

    choose(b"something else")
    press(page)
    expect(page.locator("#key-file-error")).to_contain_text("not a key file")
    choose(keyfiles.seal(SIGNATORY, PASSPHRASE))
    press(page)
    expect(page.locator("#key-file-error")).to_contain_text("another key")
    assert page.evaluate("signatures") == 0
    choose(json.dumps(file, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    press(page)
    page.wait_for_url("**/receipt")


def test_a_double_click_signs_once(site: Site, page: Page) -> None:
    def pressed_once_more(path: str, body: Any) -> Answer:
        # The page is busy now, waiting for this answer.
        page.evaluate("document.querySelector('form').requestSubmit()")
        return took_all(path, body)

    site.answer = pressed_once_more
    show(site, page, attestations(["a.csv", "b.csv"]))
    page.fill("#passphrase", PASSPHRASE)
    page.dblclick("[data-sign-button]")
    page.wait_for_url("**/receipt")
    assert [item for item, _ in envelopes(site)] == ["item-0", "item-1"]


def test_the_passphrase_is_never_part_of_a_submission(site: Site, page: Page) -> None:
    body = signing_page(attestations(["a.csv"])).replace(
        'id="passphrase"', 'id="passphrase" name="passphrase"'
    )
    site.open(page, body)
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    fields = page.evaluate("[...new FormData(document.querySelector('form')).keys()]")
    assert fields == []


def test_an_envelope_is_of_the_payload_s_own_bytes(site: Site, page: Page) -> None:
    data = attestations(["a.csv"])
    show(site, page, data)
    # What becomes of the page's own elements afterwards changes nothing.
    page.evaluate("document.getElementById('to-sign').textContent = '{}'")
    press(page)
    page.wait_for_url("**/receipt")
    ((_, envelope),) = envelopes(site)
    assert parse_envelope(envelope).payload == base64.b64decode(data["items"][0]["payload"])
