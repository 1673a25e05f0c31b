"""What both sides took home, looked at without Attest's own code where that is the point."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import nacl.signing
from playwright.sync_api import Page

from tests.browser.acts import follow, own_fingerprint, press


def take(page: Page, name: str, folder: Path) -> Path:
    """Downloads one thing from the page of downloads, into the folder."""
    with page.expect_download() as downloading:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    assert path.name == name
    return path


def verify(bundle: Path, trust: Path) -> int:
    """The exit status of `python -m attest.bundle`, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "attest.bundle", str(bundle), "--trust", str(trust)],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr)
    return done.returncode


def verify_each_signature(bundle: Path) -> list[str]:
    """Verifies each envelope by PyNaCl alone; gives the types of what was signed, in order.

    The keys are those that the log's enrolments name, each found by the keyid of a signature.
    Raises nacl.exceptions.BadSignatureError.
    """
    with zipfile.ZipFile(bundle) as opened:
        lines = opened.read("evidence/bodies.jsonl").splitlines()
    envelopes = [found for found in map(json.loads, lines) if "signatures" in found]
    statements = [json.loads(base64.b64decode(found["payload"])) for found in envelopes]
    keys = {
        said["subject"][0]["digest"]["sha256"]: base64.b64decode(said["predicate"]["publicKey"])
        for said in statements
        if said["predicateType"] == "urn:attest:key-enrolment:v1"
    }
    for found in envelopes:
        kind = found["payloadType"].encode()
        payload = base64.b64decode(found["payload"])
        # DSSE v1.0.2, protocol.md: PAE(type, body).
        signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        assert found["signatures"]
        for signature in found["signatures"]:
            nacl.signing.VerifyKey(keys[signature["keyid"]]).verify(
                signed, base64.b64decode(signature["sig"])
            )
    return [said["predicateType"].split(":")[2] for said in statements]


def taken_home(signatory: Page, officer: Page, reference: str, folder: Path) -> None:
    """The same bundle for both; what each side's trust file makes of it."""
    taken = {}
    for side, page in (("controller", signatory), ("contractor", officer)):
        (folder / side).mkdir()
        page.goto(f"/demands/{reference}/downloads")
        taken[side] = {
            name: take(page, f"{reference}-{name}", folder / side)
            for name in ("bundle.zip", "certificate.pdf", "trust.json")
        }
    controllers, contractors = taken["controller"], taken["contractor"]
    bundle = controllers["bundle.zip"]
    assert bundle.read_bytes() == contractors["bundle.zip"].read_bytes()
    assert contractors["certificate.pdf"].read_bytes().startswith(b"%PDF-")
    assert verify(bundle, controllers["trust.json"]) == 0
    assert Counter(verify_each_signature(bundle)) == {
        "key-enrolment": 2,
        "key-confirmation": 1,
        "deletion-demand": 1,
        "deletion-attestation": 13,
        "attestation-review": 5,
        "demand-closure": 1,
    }

    assert verify(bundle, contractors["trust.json"]) == 3, "nobody compared the signatory's key"
    heard = own_fingerprint(signatory)
    officer.goto(f"/demands/{reference}/keys")
    follow(officer, "Compare this key")
    officer.get_by_label("The fingerprint that you hear").fill(heard)
    press(officer, "Compare")
    officer.goto(f"/demands/{reference}/downloads")
    (folder / "later").mkdir()
    assert verify(bundle, take(officer, f"{reference}-trust.json", folder / "later")) == 0
