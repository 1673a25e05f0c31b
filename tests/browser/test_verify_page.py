"""verify.html, as it lies on somebody's disk: the command's report, of every bundle there is."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from attest.bundle.report import Report, check
from attest.bundle.report_text import lines
from attest.bundle.trust import encode_trust, parse_trust
from tests.browser.conftest import PHONE, NewVisitor
from tests.browser.looking import TOO_WIDE
from tests.bundles.corpus import HERE, rows
from tests.logs import issued_log
from tests.packing import packed, trust_of
from tools.build_pages import content

GOOD = "good/closed-with-reviews.zip"
BAD = "bad/an-attestation-backdated.zip"
INTACT = "intact/all-three-reasons.zip"

# Chooses files, presses the button and waits, for one bundle after the other; gives what the page
# shows, what it saves, or the sentence that it says instead.
VERIFY_ALL = """async (cases) => {
    const at = (id) => document.getElementById(id);
    const file = ([name, data]) => {
        const carrier = new DataTransfer();
        const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
        carrier.items.add(new File([bytes], name));
        return carrier.files;
    };
    let saved;
    URL.createObjectURL = (blob) => { saved = blob; return "blob:none"; };
    HTMLAnchorElement.prototype.click = () => {};
    const kept = async (button) => { at(button).click(); return saved.text(); };
    const results = [];
    for (const { bundle, trust } of cases) {
        at("bundle").files = file(bundle);
        at("trust").files = file(trust);
        at("verify").click();
        while (at("verify").disabled) await new Promise((resolve) => setTimeout(resolve));
        results.push(at("result").hidden ? { sentence: at("errors").textContent } : {
            title: at("verdict-title").textContent,
            focused: document.activeElement.id,
            shown: at("report").textContent,
            text: await kept("save-text"),
            json: JSON.parse(await kept("save-json")),
        });
    }
    return results;
}"""

# Key and R are the neutral point, and S is 0: whatever the message, the equation holds.
TRICK = """async () => {
    const neutral = new Uint8Array(32);
    neutral[0] = 1;
    const key = await crypto.subtle.importKey("raw", neutral, "Ed25519", true, ["verify"]);
    const signature = new Uint8Array(64);
    signature.set(neutral);
    return crypto.subtle.verify("Ed25519", key, signature, new TextEncoder().encode("anything"));
}"""

Case = tuple[str, bytes, bytes]


@dataclass
class Disk:
    """A computer without a network, with the page open on it."""

    page: Page
    file: Path
    requests: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> Path:
        path = self.file.parent / name
        path.write_bytes(data)
        return path

    def choose(self, bundle: Path, trust: Path) -> None:
        self.page.set_input_files("#bundle", bundle)
        self.page.set_input_files("#trust", trust)

    def verify(self, name: str) -> None:
        self.choose(HERE / name, HERE / trust_beside(name))
        self.page.click("#verify")
        expect(self.page.locator("#result")).to_be_visible()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as the sources give it now, whatever set-up built."""
    file = tmp_path_factory.mktemp("disk") / "attest-verify.html"
    file.write_bytes(content("verify"))
    return file


@pytest.fixture
def disk(new_visitor: NewVisitor, built: Path) -> Iterator[Disk]:
    """At the end the page must not have asked anybody for anything."""
    page = new_visitor()
    disk = Disk(page, built)
    page.on("request", lambda request: disk.requests.append(request.url))
    page.goto(built.as_uri())
    expect(page.locator("#verify")).to_be_visible()
    yield disk
    assert disk.requests == [built.as_uri()]


def trust_beside(name: str) -> str:
    """The trust file that the corpus has for a bundle."""
    trust: str = next(row["trust"] for row in rows() if row["file"] == name)
    return trust


def ask(page: Page, cases: list[Case]) -> list[dict[str, Any]]:
    """What the page answers to bundles with their trust files."""
    given = [
        {
            "bundle": [name, base64.b64encode(bundle).decode()],
            "trust": ["trust.json", base64.b64encode(trust).decode()],
        }
        for name, bundle, trust in cases
    ]
    answers: list[dict[str, Any]] = page.evaluate(VERIFY_ALL, given)
    return answers


def said(report: Report) -> dict[str, Any]:
    """What the command writes with --json."""
    whole: dict[str, Any] = json.loads(json.dumps(report.head() | {"files": [*report.files()]}))
    return whole


def test_every_bundle_gets_the_command_s_report(disk: Disk) -> None:
    cases = [
        (row["file"], (HERE / row["file"]).read_bytes(), (HERE / row["trust"]).read_bytes())
        for row in rows()
    ]
    assert len(cases) > 200
    for (name, bundle, trust), answer in zip(cases, ask(disk.page, cases), strict=True):
        report = check(io.BytesIO(bundle), parse_trust(trust))
        assert "sentence" not in answer, (name, answer)
        assert answer["json"] == said(report), name
        assert answer["text"] == "".join(f"{line}\n" for line in lines(report)), name
        assert answer["shown"] == answer["text"], name
        # The heading's words are the verdict's, and the focus is there.
        assert answer["title"].upper().startswith(report.verdict.rstrip(",")), name
        assert answer["focused"] == "verdict-title", name


def test_points_of_small_order_are_refused_although_the_browser_takes_them(disk: Disk) -> None:
    # Where this fails, the browser has become stricter; the verifier must not need that.
    assert disk.page.evaluate(TRICK) is True
    disk.verify("bad/a-key-of-small-order.zip")
    expect(disk.page.locator("#verdict")).to_contain_text("not a valid point of the curve")


def test_what_is_shown(disk: Disk, assert_accessible: Callable[[Page], None]) -> None:
    page = disk.page
    assert_accessible(page)
    for name, title in ((GOOD, "Verified"), (BAD, "Failed"), (INTACT, "Intact, but: keys not")):
        disk.verify(name)
        expect(page.locator("#verdict-title")).to_contain_text(title)
        expect(page.locator("#verdict-title")).to_be_focused()
        assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate(TOO_WIDE) == []
    expect(page.locator("#about")).to_contain_text(Path(INTACT).name)


def test_the_bundle_s_hash_is_shown(disk: Disk) -> None:
    disk.verify(GOOD)
    digest = hashlib.sha256((HERE / GOOD).read_bytes()).hexdigest()
    expect(disk.page.locator("#about")).to_contain_text(digest)


def test_reports_are_saved_under_the_bundle_s_name(disk: Disk) -> None:
    disk.verify(BAD)
    for button, ending in (("#save-text", "txt"), ("#save-json", "json")):
        with disk.page.expect_download() as download:
            disk.page.click(button)
        assert download.value.suggested_filename == f"{Path(BAD).name}.report.{ending}"


def test_the_keyboard_alone_is_enough(disk: Disk) -> None:
    page = disk.page
    disk.choose(HERE / GOOD, HERE / trust_beside(GOOD))
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


def test_dropped_files_find_their_places(disk: Disk) -> None:
    page = disk.page
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


def test_wrong_files_are_said_in_words(disk: Disk) -> None:
    page, errors = disk.page, disk.page.locator("#errors")
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
            disk.put("odd.json", b'{"origin":"x"}'),
            "odd.json: logKey: is missing.",
        ),
        (good, disk.put("long.json", b"x" * (1024 * 1024 + 2)), "is larger than 1 MiB."),
    ):
        disk.choose(bundle, other)
        page.click("#verify")
        expect(errors).to_contain_text(sentence)
        expect(page.locator("#result")).to_be_hidden()
    disk.verify(GOOD)
    expect(errors).to_be_hidden()


def test_a_certificate_must_be_one(disk: Disk) -> None:
    disk.choose(HERE / GOOD, HERE / trust_beside(GOOD))
    disk.page.click("summary")
    disk.page.set_input_files("#roots", disk.put("tsa.pem", b"no certificate"))
    disk.page.click("#verify")
    expect(disk.page.locator("#errors")).to_have_text("tsa.pem is not a certificate in PEM form.")


@pytest.fixture(scope="session")
def large() -> Case:
    """A log of 20,000 leaves, nearly all of them letters."""
    log = issued_log()
    for _ in range(20_000):
        log.letter_unjudged()
    return "large.zip", packed(log), encode_trust(trust_of(log))


def test_a_large_bundle_shows_how_far_it_is(disk: Disk, large: Case) -> None:
    page = disk.page
    name, bundle, trust = large
    disk.choose(disk.put(name, bundle), disk.put("large.json", trust))
    # Notes each movement of the bar, and how long the page kept its own clock waiting.
    page.evaluate("""() => {
        window.seen = { values: [], words: new Set(), longest: 0 };
        const bar = document.getElementById("bar");
        let last = performance.now();
        window.watch = setInterval(() => {
            const now = performance.now();
            seen.longest = Math.max(seen.longest, now - last);
            last = now;
            if (bar.value !== seen.values.at(-1)) seen.values.push(bar.value);
            seen.words.add(document.getElementById("working-words").textContent);
        }, 5);
    }""")
    page.click("#verify")
    expect(page.locator("#result")).to_be_visible()
    seen = page.evaluate(
        "() => { clearInterval(watch); return { ...seen, words: [...seen.words] }; }"
    )
    values = seen["values"][1:]  # the first is from before
    assert len(values) > 3
    assert values == sorted(values)
    assert any(words.startswith("Judging the log: ") for words in seen["words"])
    assert any(words.endswith(" of 20,008 leaves.") for words in seen["words"])
    assert seen["longest"] < 1000  # milliseconds, on a machine that does other things too
    expect(page.locator("#working")).to_be_hidden()


def test_a_large_bundle_can_be_stopped(disk: Disk, large: Case) -> None:
    name, bundle, trust = large
    disk.choose(disk.put(name, bundle), disk.put("large.json", trust))
    disk.page.click("#verify")
    disk.page.click("#stop")
    expect(disk.page.locator("#told")).to_have_text("Stopped. Nothing was found out.")
    expect(disk.page.locator("#result")).to_be_hidden()
    expect(disk.page.locator("#verify")).to_be_enabled()


def test_without_scripts_it_says_what_to_do(new_visitor: NewVisitor, built: Path) -> None:
    page = new_visitor(java_script_enabled=False)
    page.goto(built.as_uri())
    expect(page.locator("#starting")).to_contain_text("Scripts are switched off here")
    expect(page.locator("#verify")).to_be_hidden()
