"""The key page: made here, checked before it is signed, kept by its holder."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attest import keyfiles, signing
from attest.signing import PrivateKey, b64
from attest.statements import build
from attest.statements.canonical import encode
from attest.statements.envelope import parse_envelope
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Answer, Site, module, run
from tests.browser.signing_pages import PEOPLE, SIGNATORY, WATCH, Prefix

PASSPHRASE = "seven boats at noon"
NOW = datetime(2013, 2, 6, 9, 0, tzinfo=UTC)
HOLDER = PEOPLE["officer"]

KEY_PAGE = f"""
<div data-errors class="govuk-error-summary" tabindex="-1" hidden></div>
<form data-make-key data-prepare="/prepare" data-enrol="/enrol" data-renew="/renew" novalidate>
  <section data-step="passphrase"><h2>Choose a passphrase</h2>
    <div class="govuk-form-group"><label for="passphrase">Passphrase</label>
      <input id="passphrase" name="passphrase" type="password" data-passphrase></div>
    <p data-strength role="status"></p>
    <div class="govuk-form-group"><label for="again">Once more</label>
      <input id="again" type="password" data-passphrase-again></div>
    <div class="govuk-form-group"><label for="existing">Key file</label>
      <input id="existing" type="file" data-existing></div>
    <button data-make disabled>Make my signing key</button></section>
  <section data-step="keep" hidden><h2>Keep your key file</h2><p data-holder></p>
    <button type="button" data-download>Download</button>
    <div class="govuk-form-group"><input id="keep" type="checkbox" data-keep-with-server checked>
      <label for="keep">Keep a locked copy with the server</label></div>
    <button data-enrol-button disabled>Enrol this key</button></section>
  <section data-step="read-out" hidden><h2>Read out</h2>
    <p data-fingerprint></p><a data-next href="/somewhere">Go on</a></section>
</form>
<div data-progress role="status"></div>{module("make-key.js")}"""


def enrolment(public_key: bytes) -> bytes:
    return build.key_enrolment(public_key, HOLDER, nonce=build.new_nonce(), stated_at=NOW)


def enrols(path: str, body: Any) -> Answer:
    """A server that enrols what it is sent."""
    if path == "/prepare":
        return 200, {"payload": b64(enrolment(base64.b64decode(body["publicKey"])))}
    envelope = parse_envelope(body["envelope"].encode())
    keyid = envelope.signatures[0].keyid
    return 200, {"next": "/keys", "fingerprint": signing.fingerprint(keyid)}


@pytest.fixture
def site() -> Site:
    return Site(answer=enrols)


@pytest.fixture
def page(new_visitor: NewVisitor, site: Site) -> Page:
    page = new_visitor()
    page.add_init_script(WATCH)
    site.open(page, KEY_PAGE)
    expect(page.locator("[data-make]")).to_be_enabled()
    return page


def make(page: Page, passphrase: str = PASSPHRASE, again: str = PASSPHRASE) -> None:
    page.fill("#passphrase", passphrase)
    page.fill("#again", again)
    page.click("[data-make]")


def test_a_key_is_made_kept_and_enrolled(site: Site, page: Page) -> None:
    make(page)
    expect(page.locator("[data-holder]")).to_contain_text("Ruth Amble")
    expect(page.locator("h2", has_text="Keep your key file")).to_be_focused()
    with page.expect_download() as event:
        page.click("[data-download]")
    file = event.value.path().read_bytes()
    assert event.value.suggested_filename.endswith(".json")
    page.click("[data-enrol-button]")
    expect(page.locator("[data-fingerprint]")).not_to_be_empty()
    key = keyfiles.open_key_file(file, PASSPHRASE)
    assert page.inner_text("[data-fingerprint]") == signing.fingerprint(key.keyid)
    assert page.get_attribute("[data-next]", "href") == "http://localhost/keys"
    (_, prepared), (_, enrolled) = site.posted
    assert prepared == {"publicKey": b64(key.public_key)}
    assert encode(enrolled["keyFile"]) == file
    envelope = parse_envelope(enrolled["envelope"].encode())
    (signature,) = envelope.signatures
    assert signature.keyid == key.keyid
    assert signing.verify(key.public_key, envelope.signed_bytes, signature.sig)
    assert json.loads(envelope.payload)["predicate"]["holder"] == HOLDER
    # Neither the passphrase nor the key itself was sent, nor stays on the page.
    sent = json.dumps(site.posted)
    assert PASSPHRASE not in sent
    assert b64(key.seed) not in sent
    assert page.input_value("#passphrase") == page.input_value("#again") == ""


def test_the_server_need_not_hold_a_copy(site: Site, page: Page) -> None:
    make(page)
    page.uncheck("#keep")
    page.click("[data-enrol-button]")
    expect(page.locator("#keep-error")).to_contain_text("Download the key file")
    assert len(site.posted) == 1
    with page.expect_download():
        page.click("[data-download]")
    page.click("[data-enrol-button]")
    expect(page.locator("[data-fingerprint]")).not_to_be_empty()
    assert set(site.posted[1][1]) == {"envelope"}


@pytest.mark.parametrize(
    ("passphrase", "again", "field", "sentence"),
    [
        ("", "", "passphrase", "at least 12 characters"),
        ("elevenchars", "elevenchars", "passphrase", "has 11 characters"),
        ("😀" * 11, "😀" * 11, "passphrase", "has 11 characters"),
        ("aaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaab", "passphrase", "repeats very few"),
        ("Password2024!", "Password2024!", "passphrase", "first passphrases"),
        ("qwerty-welcome", "qwerty-welcome", "passphrase", "first passphrases"),
        (PASSPHRASE, PASSPHRASE + " ", "again", "differ"),
    ],
)
def test_a_bad_passphrase_makes_no_key(
    site: Site, page: Page, passphrase: str, again: str, field: str, sentence: str
) -> None:
    make(page, passphrase, again)
    expect(page.locator(f"#{field}-error")).to_contain_text(sentence)
    assert page.input_value("#passphrase") == passphrase
    assert site.posted == []


def test_advice_comes_in_words(page: Page) -> None:
    for typed, words in [
        ("short", "7 more to go."),
        ("twelve chars", "Just long enough."),
        ("seventeen letters", "Good."),
        ("four quite unrelated words", "Strong"),
    ]:
        page.fill("#passphrase", typed)
        expect(page.locator("[data-strength]")).to_contain_text(words)


def other_key(payload: bytes) -> bytes:
    return enrolment(SIGNATORY.public_key)


def other_subject(payload: bytes) -> bytes:
    statement = json.loads(payload)
    statement["subject"][0]["digest"]["sha256"] = SIGNATORY.keyid
    return encode(statement)


def a_member_more(payload: bytes) -> bytes:
    statement = json.loads(payload)
    statement["predicate"]["also"] = "x"
    return encode(statement)


def another_statement(payload: bytes) -> bytes:
    return Prefix(["a.csv"]).attestation(0)


def not_canonical(payload: bytes) -> bytes:
    return payload + b"\n"


@pytest.mark.parametrize(
    "change", [other_key, other_subject, a_member_more, another_statement, not_canonical]
)
def test_nothing_but_its_own_enrolment_is_signed(site: Site, page: Page, change: Any) -> None:
    def prepares_another(path: str, body: Any) -> Answer:
        payload = enrolment(base64.b64decode(body["publicKey"]))
        return 200, {"payload": b64(change(payload))}

    site.answer = prepares_another
    make(page)
    expect(page.locator("[data-errors]")).not_to_be_empty()
    expect(page.locator("[data-step=keep]")).to_be_hidden()
    assert page.evaluate("signatures") == 0
    assert [path for path, _ in site.posted] == ["/prepare"]


def test_a_refusal_can_be_answered(site: Site, page: Page) -> None:
    site.signed_in = False
    make(page)
    expect(page.locator("[data-errors]")).to_contain_text("You have been signed out.")
    assert page.input_value("#passphrase") == PASSPHRASE
    site.signed_in = True
    page.click("[data-make]")
    expect(page.locator("[data-enrol-button]")).to_be_enabled()
    site.answer = lambda path, body: (400, {"sentence": "You have a key already."})
    page.click("[data-enrol-button]")
    expect(page.locator("[data-errors]")).to_contain_text("You have a key already.")
    site.answer = enrols
    page.click("[data-enrol-button]")
    expect(page.locator("[data-fingerprint]")).not_to_be_empty()
    # The same key all along: what was downloaded stays good.
    envelopes = {body["envelope"] for path, body in site.posted if path == "/enrol"}
    assert len(envelopes) == 1


def test_another_fingerprint_is_never_read_out(site: Site, page: Page) -> None:
    make(page)
    expect(page.locator("[data-enrol-button]")).to_be_enabled()
    other = signing.fingerprint(PrivateKey.generate().keyid)
    site.answer = lambda path, body: (200, {"next": "/keys", "fingerprint": other})
    page.click("[data-enrol-button]")
    expect(page.locator("[data-errors]")).to_contain_text("Do not read it out.")
    assert other not in page.inner_text("main")


def test_the_page_s_fields_are_never_submitted(page: Page) -> None:
    fields = run(page, "return [...new FormData(document.querySelector('form')).keys()];")
    assert fields == []


def test_a_browser_that_cannot_sign_says_so(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.add_init_script(
        "SubtleCrypto.prototype.generateKey = async () => { throw new DOMException('no'); };"
    )
    Site().open(page, KEY_PAGE)
    expect(page.locator("[data-errors]")).to_contain_text("Firefox 129")
    expect(page.locator("[data-make]")).to_be_disabled()


def choose(page: Page, data: bytes) -> None:
    page.set_input_files(
        "#existing", {"name": "officer.key", "mimeType": "application/json", "buffer": data}
    )


def test_a_key_file_from_the_command_line_is_enrolled(site: Site, page: Page) -> None:
    key = PrivateKey.generate()
    choose(page, keyfiles.seal(key, PASSPHRASE) + b"\n")
    page.fill("#passphrase", PASSPHRASE)
    page.click("[data-make]")
    expect(page.locator('[data-step="keep"]')).to_be_visible()
    page.click("[data-enrol-button]")
    expect(page.locator("[data-fingerprint]")).to_have_text(signing.fingerprint(key.keyid))
    sent = next(body for path, body in site.posted if path == "/enrol")
    envelope = parse_envelope(sent["envelope"].encode())
    assert signing.verify(key.public_key, envelope.signed_bytes, envelope.signatures[0].sig)
    assert keyfiles.open_key_file(encode(sent["keyFile"]), PASSPHRASE).keyid == key.keyid


@pytest.mark.parametrize(
    ("data", "passphrase", "sentence"),
    [
        (b"a shopping list", PASSPHRASE, "not a key file"),
        (keyfiles.seal(PrivateKey.generate(), "another passphrase"), PASSPHRASE, "does not open"),
    ],
    ids=["no key file", "wrong passphrase"],
)
def test_a_key_file_that_does_not_open_is_refused(
    site: Site, page: Page, data: bytes, passphrase: str, sentence: str
) -> None:
    choose(page, data)
    page.fill("#passphrase", passphrase)
    page.click("[data-make]")
    expect(page.locator("[data-errors]")).to_contain_text(sentence)
    assert not any(path == "/enrol" for path, _ in site.posted)
