"""signer.html, as it lies on somebody's disk: it signs what Python would, and refuses the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attest.offline.inspect import Disagreement, inspect
from attest.offline.signed import parse_signed
from attest.offline.to_sign import Item, ToSignFile, encode_to_sign, parse_to_sign
from attest.signing import fingerprint, verify
from attest.statements import build
from attest.statements.canonical import FormatError, encode
from attest.statements.envelope import parse_envelope
from tests.browser.alterations import CASES, closure, demand, key, officer_s, review
from tests.browser.conftest import NewVisitor
from tests.browser.signing_pages import (
    NOW,
    OFFICER,
    OFFICER_FILE,
    PASSPHRASE,
    PEOPLE,
    SIGNATORY,
    SIGNATORY_FILE,
    SIGNERS,
    WATCH,
    Prefix,
    confirmation,
    to_sign,
)
from tests.offline.test_inspect import lines_of
from tests.offline.test_offline_files import BAD_BYTES, FILE, signed_file

SIGNER = Path(__file__).parents[2] / "static" / "built" / "signer.html"


@dataclass
class Disk:
    """A computer without a network, with the page open on it."""

    page: Page
    folder: Path
    requests: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def read(self, data: bytes, name: str = "ND-2013-004.to-sign.jsonl") -> None:
        """Chooses a file, and asks for what is in it."""
        if self.page.locator("#done").is_visible():
            self.page.click("#again")
        self.page.set_input_files("#file", self.put(name, data))
        self.page.click("#choose button")

    def sign(self, which: dict[str, Any], passphrase: str = PASSPHRASE) -> None:
        self.page.set_input_files("#key", self.put("my.key", encode(which)))
        self.page.fill("#passphrase", passphrase)
        self.page.click("#sign-button")

    def saved(self) -> list[Any]:
        """The envelopes of the file that the page lets one save, each signature checked."""
        expect(self.page.locator("#done")).to_be_visible()
        with self.page.expect_download() as download:
            self.page.click("#save")
        assert download.value.suggested_filename == "signed.jsonl"
        path = self.folder / "signed.jsonl"
        download.value.save_as(path)
        found = []
        for item in parse_signed(path.read_bytes()).items:
            envelope = parse_envelope(item.envelope)
            for signature in envelope.signatures:
                by = {OFFICER.keyid: OFFICER, SIGNATORY.keyid: SIGNATORY}[signature.keyid]
                assert verify(by.public_key, envelope.signed_bytes, signature.sig)
            found.append(envelope)
        return found

    def error(self) -> str:
        """What the page says is wrong."""
        expect(self.page.locator("#errors")).to_be_visible()
        return self.page.locator("#errors").inner_text()


@pytest.fixture
def disk(new_visitor: NewVisitor, tmp_path: Path) -> Iterator[Disk]:
    page = new_visitor()
    page.context.set_offline(True)
    page.add_init_script(WATCH)
    found = Disk(page, tmp_path)
    page.on("request", lambda request: found.requests.append(request.url))
    page.goto(SIGNER.as_uri())
    expect(page.locator("#choose")).to_be_visible()
    yield found
    # Itself, and what it hands to the person before it; never anybody else.
    others = [url for url in found.requests if not url.startswith(("blob:", "data:"))]
    assert others == [SIGNER.as_uri()]


@pytest.mark.parametrize(
    ("make", "own", "button"),
    [
        (officer_s, OFFICER_FILE, "Sign 2 attestations"),
        (demand, SIGNATORY_FILE, "Sign the deletion demand ND-2013-004"),
        (review, SIGNATORY_FILE, "Sign the review (reject 2 attestations)"),
        (closure, SIGNATORY_FILE, "Sign the closure of the demand"),
    ],
)
def test_each_kind_is_read_and_signed(
    disk: Disk, make: Callable[[], Any], own: dict[str, Any], button: str
) -> None:
    data = lines_of(make())
    disk.read(data)
    expect(disk.page.locator("#sign-button")).to_have_text(button)
    shown = disk.page.locator("#declarations").inner_text()
    items = inspect(parse_to_sign(data))
    assert items[0].text in shown
    assert all(each.text in shown for item in items for each in item.reviewed[:1])
    if make is demand:
        assert "Files that it covers: 2" in shown
        assert "b.csv (electronic)" in shown
    disk.sign(own)
    assert [envelope.payload for envelope in disk.saved()] == [item.payload for item in items]
    assert disk.page.input_value("#passphrase") == ""


def test_a_key_is_confirmed_by_what_was_heard(disk: Disk) -> None:
    disk.read(lines_of(key()))
    heard = fingerprint(OFFICER.keyid)
    disk.page.fill("#typed", fingerprint(SIGNATORY.keyid))
    disk.sign(SIGNATORY_FILE)
    assert "not the fingerprint of this key" in disk.error()
    assert heard not in disk.page.content()
    disk.page.fill("#typed", heard.upper())
    disk.sign(SIGNATORY_FILE)
    assert len(disk.saved()) == 1


def test_statements_about_keys_read_as_in_the_command(disk: Disk) -> None:
    said: dict[str, Any] = {"nonce": build.new_nonce(), "stated_at": NOW}
    signer = SIGNERS["signatory"]
    payloads = [
        (SIGNATORY, build.key_enrolment(SIGNATORY.public_key, PEOPLE["signatory"], **said)),
        (SIGNATORY, confirmation()),
        (SIGNATORY, build.key_revocation(OFFICER.keyid, signer, "Lost.", **said)),
        (
            SIGNATORY,
            build.key_revocation(
                OFFICER.keyid, signer, "Stolen.\nIn a bag.", compromised_since=NOW, **said
            ),
        ),
    ]
    for by, payload in payloads:
        file = encode_to_sign(ToSignFile(by.keyid, (Item("key", payload),)))
        disk.read(file)
        expect(disk.page.locator("#sign")).to_be_visible()
        (item,) = inspect(parse_to_sign(file))
        assert disk.page.locator("#declarations pre").text_content() == item.text


def test_a_rotation_is_signed_by_both_keys(disk: Disk) -> None:
    payload = build.key_enrolment(
        OFFICER.public_key, PEOPLE["officer"], nonce=build.new_nonce(), stated_at=NOW
    )
    file = ToSignFile(OFFICER.keyid, (Item("key", payload),), also_keyid=SIGNATORY.keyid)
    disk.read(encode_to_sign(file))
    disk.sign(OFFICER_FILE)
    assert "Choose the key file." in disk.error()
    disk.page.set_input_files("#old-key", disk.put("old.key", encode(SIGNATORY_FILE)))
    disk.page.fill("#old-passphrase", PASSPHRASE)
    disk.sign(OFFICER_FILE)
    (envelope,) = disk.saved()
    assert [each.keyid for each in envelope.signatures] == [OFFICER.keyid, SIGNATORY.keyid]
    expect(disk.page.locator("#own")).to_contain_text(fingerprint(OFFICER.keyid))


def test_a_wrong_key_or_passphrase_is_said_and_may_be_put_right(disk: Disk) -> None:
    disk.read(lines_of(officer_s()))
    disk.page.click("#sign-button")
    assert "Choose the key file." in disk.error()
    disk.sign(SIGNATORY_FILE)
    assert "holds another key" in disk.error()
    disk.sign(OFFICER_FILE, passphrase="wrong")
    assert "does not open" in disk.error()
    assert disk.page.evaluate("signatures") == 0
    disk.sign(OFFICER_FILE)
    assert len(disk.saved()) == 2


def test_another_file_takes_away_what_was_read(disk: Disk) -> None:
    disk.read(lines_of(officer_s()))
    expect(disk.page.locator("#sign")).to_be_visible()
    disk.page.set_input_files("#file", disk.put("other.jsonl", b"{}"))
    expect(disk.page.locator("#sign")).to_be_hidden()
    assert disk.page.locator("#declarations").inner_text() == ""


def refusal(data: bytes) -> str | None:
    """Python's sentence; None where the file may be signed."""
    try:
        inspect(parse_to_sign(data))
    except (Disagreement, FormatError) as error:
        return str(error)
    return None


def test_it_refuses_what_python_refuses_for_the_same_reason(disk: Disk) -> None:
    differ = []
    for name, (make, change) in CASES.items():
        data = make()
        change(data)
        file = lines_of(data)
        disk.read(file)
        said, wanted = disk.error(), refusal(file)
        assert disk.page.locator("#sign").is_hidden(), name
        if wanted is None or wanted not in said:
            differ.append((name, wanted, said))
    assert differ == []
    assert disk.page.evaluate("signatures") == 0


def test_it_refuses_damaged_files_for_the_same_reason(disk: Disk) -> None:
    differ = []
    for name, change in BAD_BYTES.items():
        file = change(encode_to_sign(FILE))
        disk.read(file)
        said, wanted = disk.error(), refusal(file)
        if wanted is None or wanted not in said:
            differ.append((name, wanted, said))
    assert differ == []


def test_names_cannot_become_markup(disk: Disk) -> None:
    prefix = Prefix(["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>"])
    disk.read(lines_of(to_sign(prefix, prefix.attestation(0), prefix.attestation(1))))
    expect(disk.page.locator("#sign")).to_be_visible()
    assert disk.page.locator("#declarations img, #declarations script").count() == 0
    assert "<img" in disk.page.locator("#declarations").inner_text()


def test_what_is_signed_already_is_to_be_uploaded(disk: Disk) -> None:
    disk.read(signed_file(), "signed.jsonl")
    said = disk.error()
    assert said == refusal(signed_file())
    assert said == "This file is signed already: upload it on the page that handed it out."
    expect(disk.page.locator("#sign")).to_be_hidden()
