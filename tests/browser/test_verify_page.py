"""verify.html, as it lies on somebody's disk: the command's report, of every bundle there is."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from attest.bundle.report import Report, check
from attest.bundle.report_text import lines
from attest.bundle.trust import encode_trust, parse_trust
from attest.certificates import check_signature
from attest.log.checkpoint import checkpoint_text
from tests.browser.verify_page import Case, Disk
from tests.bundle import bad_extract_leaves  # noqa: F401 - it fills the table of bad extracts
from tests.bundle.bad_extracts import BAD as BAD_EXTRACTS
from tests.bundle.bad_extracts import GOOD as GOOD_EXTRACT
from tests.bundle.bad_extracts import LOG
from tests.bundles.corpus import HERE, rows
from tests.extracts import extract_of
from tests.packing import packed, trust_of
from tests.tsa import tsa

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


def bundles() -> Iterator[Case]:
    """The corpus, good and bad, and the extracts beside it."""
    for row in rows():
        bundle, trust = HERE / row["file"], HERE / row["trust"]
        yield row["file"], bundle.read_bytes(), trust.read_bytes()
    for witnessed in (True, False):
        trust = encode_trust(trust_of(LOG, witnessed=witnessed))
        yield f"extract {witnessed}.zip", GOOD_EXTRACT, trust
    for name, bad in BAD_EXTRACTS.items():
        yield f"{name}.zip", bad.make(), encode_trust(trust_of(bad.log, witnessed=False))
    # A timestamp in an extract: with the root that it leads to, another one, and none.
    token = tsa("ecdsa").token(checkpoint_text(LOG.origin, 17, LOG.root(17)).encode())
    stamped = extract_of(packed(LOG, timestamps={17: token}), "list 0.xlsx")
    for roots in ((tsa("ecdsa").root_pem,), (tsa("rsa").root_pem,), ()):
        yield f"stamped {len(roots)}.zip", stamped, encode_trust(trust_of(LOG, tsa_roots=roots))


def test_every_bundle_gets_the_command_s_report(verify_disk: Disk) -> None:
    cases = list(bundles())
    assert len(cases) > 400
    for (name, bundle, trust), answer in zip(cases, ask(verify_disk.page, cases), strict=True):
        report = check(io.BytesIO(bundle), parse_trust(trust), check_signature)
        assert "sentence" not in answer, (name, answer)
        assert answer["json"] == said(report), name
        assert answer["text"] == "".join(f"{line}\n" for line in lines(report)), name
        assert answer["shown"] == answer["text"], name
        # The heading's words are the verdict's, and the focus is there.
        assert answer["title"].upper().startswith(report.verdict.rstrip(",")), name
        assert answer["focused"] == "verdict-title", name


def test_points_of_small_order_are_refused_although_the_browser_takes_them(
    verify_disk: Disk,
) -> None:
    # Where this fails, the browser has become stricter; the verifier must not need that.
    assert verify_disk.page.evaluate(TRICK) is True
    verify_disk.verify("bad/a-key-of-small-order.zip")
    expect(verify_disk.page.locator("#verdict")).to_contain_text("not a valid point of the curve")
