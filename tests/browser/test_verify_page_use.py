"""Using verify.html: files in, verdict out, by mouse and keyboard, for the eye and for the ear."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.bundle.trust import encode_trust, parse_trust
from tests.browser.conftest import PATIENCE, PHONE, LiveAt, NewVisitor
from tests.browser.looking import TOO_WIDE
from tests.browser.verify_page import BAD, GOOD, INTACT, Case, Disk, trust_beside
from tests.bundles.corpus import HERE
from tests.logs import issued_log
from tests.packing import packed, trust_of


def test_what_is_shown(verify_disk: Disk, assert_accessible: Callable[[Page], None]) -> None:
    page = verify_disk.page
    assert_accessible(page)
    for name, title in ((GOOD, "Verified"), (BAD, "Failed"), (INTACT, "Intact, but: keys not")):
        verify_disk.verify(name)
        expect(page.locator("#verdict-title")).to_contain_text(title)
        expect(page.locator("#verdict-title")).to_be_focused()
        assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate(TOO_WIDE) == []
    expect(page.locator("#about")).to_contain_text(Path(INTACT).name)


def test_the_bundle_s_hash_is_shown(verify_disk: Disk) -> None:
    verify_disk.verify(GOOD)
    digest = hashlib.sha256((HERE / GOOD).read_bytes()).hexdigest()
    expect(verify_disk.page.locator("#about")).to_contain_text(digest)


def test_reports_are_saved_under_the_bundle_s_name(verify_disk: Disk) -> None:
    verify_disk.verify(BAD)
    for button, ending in (("#save-text", "txt"), ("#save-json", "json")):
        with verify_disk.page.expect_download() as download:
            verify_disk.page.click(button)
        assert download.value.suggested_filename == f"{Path(BAD).name}.report.{ending}"


def test_the_keyboard_alone_is_enough(verify_disk: Disk) -> None:
    page = verify_disk.page
    verify_disk.choose(HERE / GOOD, HERE / trust_beside(GOOD))
    page.locator("body").focus()
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert order == ["bundle", "trust", "SUMMARY", "verify"]
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-title")).to_be_focused()
    for button in ("save-text", "save-json", "report"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == button


def test_dropped_files_find_their_places(verify_disk: Disk) -> None:
    page = verify_disk.page
    script = """() => {
        const carrier = new DataTransfer();
        for (const name of ["case.zip", "mine.json", "tsa.pem", "notes.txt"]) {
            carrier.items.add(new File(["x"], name));
        }
        const event = new DragEvent("drop", { dataTransfer: carrier, cancelable: true });
        document.dispatchEvent(event);
        return [event.defaultPrevented, ...["bundle", "trust", "roots"].map(
            (id) => [...document.getElementById(id).files].map(({ name }) => name).join())];
    }"""
    assert page.evaluate(script) == [True, "case.zip", "mine.json", "tsa.pem"]
    expect(page.locator("#told")).to_have_text("Chosen: case.zip, mine.json, tsa.pem.")
    expect(page.locator("#roots")).to_be_visible()


def test_of_several_bundles_none_is_taken(verify_disk: Disk) -> None:
    page = verify_disk.page
    script = """(names) => {
        const carrier = new DataTransfer();
        for (const name of names) carrier.items.add(new File(["x"], name));
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: carrier, cancelable: true }));
        return ["bundle", "trust"].map(
            (id) => [...document.getElementById(id).files].map(({ name }) => name).join());
    }"""
    errors = page.locator("#errors")
    # Nor does one stay that lay there before.
    assert page.evaluate(script, ["first.zip"]) == ["first.zip", ""]
    assert page.evaluate(script, ["a.zip", "b.zip", "mine.json"]) == ["", "mine.json"]
    expect(errors).to_have_text(
        "2 zip files were dropped. Only one bundle can be verified at a time: drop that one."
    )
    expect(page.locator("#told")).to_have_text("Chosen: mine.json.")
    assert page.evaluate(script, ["b.zip"]) == ["b.zip", "mine.json"]
    expect(errors).to_be_hidden()
    assert page.evaluate(script, ["x.json", "y.json"]) == ["b.zip", ""]
    expect(errors).to_contain_text("with one trust file: drop yours.")
    page.evaluate(script, ["notes.txt"])
    expect(errors).to_have_text("None of these is a zip, a JSON or a PEM file.")


def test_wrong_files_are_said_in_words(verify_disk: Disk) -> None:
    page, errors = verify_disk.page, verify_disk.page.locator("#errors")
    good, trust = HERE / GOOD, HERE / trust_beside(GOOD)
    page.click("#verify")
    expect(errors).to_have_text("Choose the bundle: a zip file.")
    expect(errors).to_be_focused()
    page.set_input_files("#bundle", good)
    page.click("#verify")
    expect(errors).to_contain_text("Choose your trust file.")
    for bundle, other, sentence in (
        (good, good, f"{good.name} is a zip file. Choose your trust file"),
        (trust, trust, f"{trust.name} is not a zip file. Choose the bundle."),
        (
            good,
            verify_disk.put("odd.json", b'{"origin":"x"}'),
            "odd.json: logKey: is missing.",
        ),
        (good, verify_disk.put("long.json", b"x" * (1024 * 1024 + 2)), "is larger than 1 MiB."),
    ):
        verify_disk.choose(bundle, other)
        page.click("#verify")
        expect(errors).to_contain_text(sentence)
        expect(page.locator("#result")).to_be_hidden()
    verify_disk.verify(GOOD)
    expect(errors).to_be_hidden()


def test_roots_are_taken_beside_the_trust_file(verify_disk: Disk) -> None:
    name = "good/a-key-revoked-after-a-timestamp.zip"
    trust = parse_trust((HERE / trust_beside(name)).read_bytes())
    without = verify_disk.put("mine.json", encode_trust(replace(trust, tsa_roots=())))
    verify_disk.choose(HERE / name, without)
    verify_disk.page.click("#verify")
    expect(verify_disk.page.locator("#verdict-title")).to_contain_text("Intact, but: key revoked")
    # As an authority publishes it: with words around it, and with the line ends of Windows.
    pem = "The root:\r\n" + trust.tsa_roots[0].replace("\n", "\r\n")
    verify_disk.page.click("summary")
    verify_disk.page.set_input_files("#roots", verify_disk.put("tsa.pem", pem.encode()))
    verify_disk.page.click("#verify")
    expect(verify_disk.page.locator("#verdict-title")).to_have_text("Verified")
    expect(verify_disk.page.locator("#report")).to_contain_text(
        "each leads to a TSA root that you trust"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no certificate", "tsa.pem does not hold certificates in PEM."),
        (
            b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
            "tsa.pem: the verifier cannot use it, because ",
        ),
    ],
    ids=["something-else", "an-empty-one"],
)
def test_a_root_must_be_a_certificate(verify_disk: Disk, content: bytes, sentence: str) -> None:
    verify_disk.choose(HERE / GOOD, HERE / trust_beside(GOOD))
    verify_disk.page.click("summary")
    verify_disk.page.set_input_files("#roots", verify_disk.put("tsa.pem", content))
    verify_disk.page.click("#verify")
    expect(verify_disk.page.locator("#errors")).to_contain_text(sentence)


@pytest.fixture(scope="session")
def large() -> Case:
    """A log of 20,000 leaves, nearly all of them letters."""
    log = issued_log()
    for _ in range(20_000):
        log.letter_unjudged()
    return "large.zip", packed(log), encode_trust(trust_of(log))


def test_a_large_bundle_shows_how_far_it_is(verify_disk: Disk, large: Case) -> None:
    page = verify_disk.page
    name, bundle, trust = large
    verify_disk.choose(verify_disk.put(name, bundle), verify_disk.put("large.json", trust))
    # Notes each movement of the bar, and how long the page kept its own clock waiting.
    page.evaluate("""() => {
        window.seen = { values: [], words: new Set(), longest: 0 };
        const bar = document.getElementById("bar");
        const begun = performance.now();
        let last = begun;
        window.watch = setInterval(() => {
            const now = performance.now();
            seen.longest = Math.max(seen.longest, now - last);
            seen.whole = now - begun;
            last = now;
            if (bar.value !== seen.values.at(-1)) seen.values.push(bar.value);
            seen.words.add(document.getElementById("working-words").textContent);
        }, 5);
    }""")
    page.click("#verify")
    expect(page.locator("#result")).to_be_visible(timeout=3 * PATIENCE)
    seen = page.evaluate(
        "() => { clearInterval(watch); return { ...seen, words: [...seen.words] }; }"
    )
    values = seen["values"][1:]  # the first is from before
    assert len(values) > 3
    assert values == sorted(values)
    assert any(words.startswith("Judging the log: ") for words in seen["words"])
    assert any(words.endswith(" of 20,008 leaves.") for words in seen["words"])
    # Milliseconds. A busy machine keeps everything waiting: the whole takes as much longer.
    assert seen["longest"] < max(1000, seen["whole"] / 4)
    expect(page.locator("#working")).to_be_hidden()


def test_a_large_bundle_can_be_stopped(verify_disk: Disk, large: Case) -> None:
    name, bundle, trust = large
    verify_disk.choose(verify_disk.put(name, bundle), verify_disk.put("large.json", trust))
    verify_disk.page.click("#verify")
    verify_disk.page.click("#stop")
    expect(verify_disk.page.locator("#told")).to_have_text("Stopped. Nothing was found out.")
    expect(verify_disk.page.locator("#result")).to_be_hidden()
    expect(verify_disk.page.locator("#verify")).to_be_enabled()


def test_without_scripts_it_says_what_to_do(new_visitor: NewVisitor, verify_html: Path) -> None:
    page = new_visitor(java_script_enabled=False)
    page.goto(verify_html.as_uri())
    expect(page.locator("#starting")).to_contain_text("Scripts are switched off here")
    expect(page.locator("#verify")).to_be_hidden()


def test_the_server_offers_it_to_anybody(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    # The general policy would stop its script, and then nothing would answer.
    page = new_visitor(base_url=live_at("drafted").address)
    page.goto("/verify")
    page.get_by_role("button", name="Open the page").click()
    page.set_input_files("#bundle", HERE / GOOD)
    page.set_input_files("#trust", HERE / trust_beside(GOOD))
    page.click("#verify")
    expect(page.locator("#verdict-title")).to_have_text("Verified")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download attest-verify.html").click()
    assert download.value.suggested_filename == "attest-verify.html"
    digest = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
    expect(page.locator(".attest-fingerprint").first).to_have_text(digest)
