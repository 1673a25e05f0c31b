"""What a signing page holds: statements of one small demand, and the page around them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from attest import keyfiles
from attest.signing import PrivateKey, b64
from attest.statements import build
from attest.statements.canonical import encode
from attest.statements.declarations import Listing, listing
from tests.browser.script_pages import data_block, module

PASSPHRASE = "correct horse battery"
NOW = datetime(2013, 2, 14, 10, 0, tzinfo=UTC)
DEMAND = "5a0c1f0e-3f0a-4d5e-9a55-0c6f4a1c7e01"
REFERENCE = "ND-2013-004"
OFFICER = PrivateKey.from_seed(b"\x07" * 32)
SIGNATORY = PrivateKey.from_seed(b"\x08" * 32)
# Sealing takes a moment by intent, so each is done once.
OFFICER_FILE = json.loads(keyfiles.seal(OFFICER, PASSPHRASE))
SIGNATORY_FILE = json.loads(keyfiles.seal(SIGNATORY, PASSPHRASE))
SEEN = build.seen(f"attest.example/demand/{DEMAND}", 12, hashlib.sha256(b"root").digest())
PEOPLE = {
    "officer": {
        "name": "Ruth Amble",
        "role": "Information Assurance Manager",
        "organisation": "Halden Support Services plc",
        "side": "contractor",
        "duty": "officer",
    },
    "signatory": {
        "name": "Ian Croft",
        "role": "Senior Information Risk Owner",
        "organisation": "Northshire Constabulary",
        "side": "controller",
        "duty": "signatory",
    },
}
SIGNERS = {
    "officer": PEOPLE["officer"] | {"keyid": OFFICER.keyid},
    "signatory": PEOPLE["signatory"] | {"keyid": SIGNATORY.keyid},
}
NAMED_BY = {"name": "Ann Hale", "role": "Case handler", "organisation": "Northshire Constabulary"}


def uuid(kind: int, n: int) -> str:
    return f"{kind:08x}-0000-4000-8000-{n:012x}"


@dataclass
class Prefix:
    """Files and stores that a signer has seen; a `declarations.Context`."""

    names: list[str]
    labels: tuple[str, ...] = ("File share", "Unit 7")
    reference: str | None = REFERENCE
    files: Listing = field(init=False)
    stores: Listing = field(init=False)
    withdrawn: Listing = field(default_factory=lambda: listing([]))
    bodies: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        named = [
            build.plain(
                "file.named", DEMAND, build.new_nonce(),
                fileId=uuid(1, n), name=name, kind="electronic",
                sha256=hashlib.sha256(name.encode()).hexdigest() if n else None,
            )
            for n, name in enumerate(self.names)
        ]  # fmt: skip
        stores = [
            build.plain(
                "store.named", DEMAND, build.new_nonce(),
                storeId=uuid(2, n), label=label, medium="electronic", kind="file share",
                namedBy=NAMED_BY,
            )
            for n, label in enumerate(self.labels)
        ]  # fmt: skip
        self.files, self.stores = (
            listing([hashlib.sha256(body).hexdigest() for body in bodies])
            for bodies in (named, stores)
        )
        self.bodies = named + stores
        self._files = {body["fileId"]: body for body in map(json.loads, named)}
        self._stores = {body["storeId"]: body for body in map(json.loads, stores)}

    def file(self, file_id: str) -> Mapping[str, Any]:
        return self._files[file_id]

    def store(self, store_id: str) -> Mapping[str, Any]:
        return self._stores[store_id]

    def attestation(self, n: int, note: str = "", supersedes: str | None = None) -> bytes:
        copies = []
        for store in range(len(self.labels)):
            search = {"scope": "all of it", "on": "2013-02-08", "by": "two people"}
            copy = {"storeId": uuid(2, store), "outcome": "none_found", "search": search}
            copies.append(copy | ({"note": note} if note else {}))
        return build.deletion_attestation(
            demand_id=DEMAND, file_id=uuid(1, n), file_body_bytes=self.bodies[n], copies=copies,
            onward={"disclosed": False}, supersedes=supersedes, signer=SIGNERS["officer"],
            seen=SEEN, context=self, nonce=build.new_nonce(), stated_at=NOW,
        )  # fmt: skip

    def demand(self) -> bytes:
        parties = {
            "controllers": [{"name": "Northshire Constabulary", "role": "lead"}],
            "contractor": {"name": "Halden Support Services plc"},
            "carriers": [],
            "concurrence": "lead",
        }
        return build.deletion_demand(
            demand_id=DEMAND, reference=REFERENCE, parties=parties, basis="NDA-2012-117",
            action="delete", due_on=date(2013, 2, 18), instruction="Delete it.\nAll of it.",
            signer=SIGNERS["signatory"], seen=SEEN, context=self, nonce=build.new_nonce(),
            stated_at=NOW,
        )  # fmt: skip

    def review(self, *attestations: bytes) -> bytes:
        subjects = [
            (json.loads(payload)["predicate"]["fileId"], hashlib.sha256(payload).hexdigest())
            for payload in attestations
        ]
        return build.attestation_review(
            demand_id=DEMAND, subjects=subjects, decision="rejected", reason="Which serial?",
            signer=SIGNERS["signatory"], seen=SEEN, context=self, nonce=build.new_nonce(),
            stated_at=NOW,
        )  # fmt: skip

    def closure(self, signer: str = "signatory") -> bytes:
        return build.demand_closure(
            demand_id=DEMAND, outcome="closed", reason=None, signer=SIGNERS[signer],
            seen=SEEN, context=self, nonce=build.new_nonce(), stated_at=NOW,
        )  # fmt: skip

    def listings(self) -> dict[str, Any]:
        return {
            kind: {"count": listed.count, "sha256": listed.sha256}
            for kind, listed in (
                ("files", self.files), ("stores", self.stores), ("withdrawn", self.withdrawn)
            )
        }  # fmt: skip


def confirmation() -> bytes:
    """The signatory says that the officer's key is the officer's."""
    return build.key_confirmation(
        OFFICER.keyid, PEOPLE["officer"], SIGNERS["signatory"], "telephone",
        nonce=build.new_nonce(), stated_at=NOW,
    )  # fmt: skip


def to_sign(prefix: Prefix, *payloads: bytes, signer: str = "officer") -> dict[str, Any]:
    """The page's data, as the server gives it."""
    return {
        "keyid": SIGNERS[signer]["keyid"],
        "keyFile": OFFICER_FILE if signer == "officer" else SIGNATORY_FILE,
        "items": [{"id": f"item-{n}", "payload": b64(p)} for n, p in enumerate(payloads)],
        "bodies": [b64(body) for body in prefix.bodies],
        "listing": prefix.listings(),
        "reference": REFERENCE,
        "postTo": "/sign",
        "renewTo": "/renew",
    }


def attestations(names: list[str]) -> dict[str, Any]:
    """The page's data to sign the same answers for files of these names."""
    prefix = Prefix(names)
    return to_sign(prefix, *(prefix.attestation(n) for n in range(len(names))))


def altered(payload: str, change: Any) -> str:
    """The base64 of a statement after `change(statement)`, in canonical form again."""
    statement = json.loads(base64.b64decode(payload))
    change(statement)
    return b64(encode(statement))


# Counts each signature, before any script of the page runs.
WATCH = """(() => {
    window.signatures = 0;
    const original = SubtleCrypto.prototype.sign;
    SubtleCrypto.prototype.sign = function (...rest) {
        window.signatures += 1;
        return original.apply(this, rest);
    };
})()"""


def signing_page(data: Any, *, typed: bool = False) -> str:
    """The elements that static/signing.js asks for."""
    heard = """<div class="govuk-form-group"><label for="typed">What you heard</label>
        <input id="typed" data-typed autocomplete="off"></div>"""
    return f"""
    <div data-errors class="govuk-error-summary" tabindex="-1" hidden></div>
    <div data-declarations></div>
    <form data-sign novalidate>{heard if typed else ""}
      <div class="govuk-form-group"><label for="passphrase">Passphrase</label>
        <input id="passphrase" type="password" data-passphrase></div>
      <div class="govuk-form-group"><label for="key-file">Key file</label>
        <input id="key-file" type="file" data-key-file></div>
      <button data-sign-button disabled>Sign</button>
    </form>
    <div data-progress role="status"></div>
    {data_block("to-sign", data)}{module("signing.js")}"""
