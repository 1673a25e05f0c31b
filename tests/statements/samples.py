"""One small demand to make statements about: its files, stores, people and prefix."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from attest.signing import PrivateKey, b64
from attest.statements import build
from attest.statements.declarations import Listing, listing

NOW = datetime(2013, 2, 14, 10, 0, 5, tzinfo=UTC)
DEMAND_ID = "3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1"
FILE_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
STORE_ID = "11111111-1111-4111-8111-111111111111"
OTHER_STORE_ID = "22222222-2222-4222-8222-222222222222"
NONCE = b64(bytes(range(16)))
SEEN = build.seen(f"attest.example/demand/{DEMAND_ID}", 12, bytes(range(32)))

OFFICER_KEY = PrivateKey.from_seed(b"officer".ljust(32, b"."))
SIGNATORY_KEY = PrivateKey.from_seed(b"signatory".ljust(32, b"."))
OFFICER_HOLDER = {
    "name": "Rowan Hale",
    "role": "Information assurance lead",
    "organisation": "Halden Support Services plc",
    "side": "contractor",
    "duty": "officer",
}
SIGNATORY_HOLDER = {
    "name": "Alex Marsh",
    "role": "Senior information risk owner",
    "organisation": "Northshire Constabulary",
    "side": "controller",
    "duty": "signatory",
}
OFFICER = {**OFFICER_HOLDER, "keyid": OFFICER_KEY.keyid}
SIGNATORY = {**SIGNATORY_HOLDER, "keyid": SIGNATORY_KEY.keyid}
PERSON = {"name": "Sam Lee", "role": "Liaison", "organisation": "Halden Support Services plc"}

PARTIES: dict[str, Any] = {
    "controllers": [
        {"name": "Northshire Constabulary", "role": "lead"},
        {"name": "Eastshire Police", "role": "joint"},
    ],
    "contractor": {"name": "Halden Support Services plc"},
    "carriers": [{"name": "Midshire Police"}],
    "concurrence": "lead",
}

FILE_MEMBERS: dict[str, Any] = {
    "fileId": FILE_ID,
    "name": "establishment-list-2012-12.csv",
    "kind": "electronic",
    "sha256": hashlib.sha256(b"content").hexdigest(),
}
STORE_MEMBERS: dict[str, Any] = {
    "storeId": STORE_ID,
    "label": "Bid team file share",
    "medium": "electronic",
    "kind": "file share",
    "namedBy": PERSON,
}
FILE_BODY = build.plain("file.named", DEMAND_ID, NONCE, **FILE_MEMBERS)

DELETED = {
    "storeId": STORE_ID,
    "outcome": "deleted",
    "method": "overwrite",
    "performedOn": "2013-02-06",
    "performedBy": "J. Byrne, IT operations",
}


@dataclass(frozen=True)
class FixedContext:
    """A prefix written down by hand."""

    named_files: Mapping[str, Mapping[str, Any]]
    named_stores: Mapping[str, Mapping[str, Any]]
    files: Listing
    stores: Listing
    withdrawn: Listing
    reference: str | None

    def file(self, file_id: str) -> Mapping[str, Any]:
        return self.named_files[file_id]

    def store(self, store_id: str) -> Mapping[str, Any]:
        return self.named_stores[store_id]


CONTEXT = FixedContext(
    named_files={FILE_ID: FILE_MEMBERS},
    named_stores={STORE_ID: STORE_MEMBERS},
    files=listing([hashlib.sha256(FILE_BODY).hexdigest()]),
    stores=listing(["ab" * 32]),
    withdrawn=listing([]),
    reference="NS/2013/017",
)

IN_DEMAND: dict[str, Any] = {
    "demand_id": DEMAND_ID,
    "seen": SEEN,
    "context": CONTEXT,
    "nonce": NONCE,
    "stated_at": NOW,
}


def demand(**changes: Any) -> bytes:
    """The payload of a demand."""
    members: dict[str, Any] = {
        "reference": "NS/2013/017",
        "parties": PARTIES,
        "basis": "Non-disclosure agreement NDA-2012-117",
        "action": "delete",
        "due_on": NOW.date(),
        "instruction": "Delete every copy.\nTell us where each one was.",
        "signer": SIGNATORY,
        **IN_DEMAND,
    }
    return build.deletion_demand(**{**members, **changes})


def attestation(**changes: Any) -> bytes:
    """The payload of an attestation: one file, one store."""
    members: dict[str, Any] = {
        "file_id": FILE_ID,
        "file_body_bytes": FILE_BODY,
        "copies": [DELETED],
        "onward": {"disclosed": False},
        "supersedes": None,
        "signer": OFFICER,
        **IN_DEMAND,
    }
    return build.deletion_attestation(**{**members, **changes})


def review(**changes: Any) -> bytes:
    """The payload of a review."""
    members: dict[str, Any] = {
        "subjects": [(FILE_ID, "cd" * 32)],
        "decision": "accepted",
        "reason": None,
        "signer": SIGNATORY,
        **IN_DEMAND,
    }
    return build.attestation_review(**{**members, **changes})


def closure(**changes: Any) -> bytes:
    """The payload of a closure."""
    members: dict[str, Any] = {
        "outcome": "closed",
        "reason": None,
        "signer": SIGNATORY,
        **IN_DEMAND,
    }
    return build.demand_closure(**{**members, **changes})


def enrolment(**changes: Any) -> bytes:
    """The payload of an officer's enrolment."""
    members: dict[str, Any] = {
        "public_key": OFFICER_KEY.public_key,
        "holder": OFFICER_HOLDER,
        "nonce": NONCE,
        "stated_at": NOW,
    }
    return build.key_enrolment(**{**members, **changes})


def confirmation(**changes: Any) -> bytes:
    """The payload of a signatory's confirmation of the officer's key."""
    members: dict[str, Any] = {
        "keyid": OFFICER_KEY.keyid,
        "holder": OFFICER_HOLDER,
        "signer": SIGNATORY,
        "method": "telephone",
        "nonce": NONCE,
        "stated_at": NOW,
    }
    return build.key_confirmation(**{**members, **changes})


def revocation(**changes: Any) -> bytes:
    """The payload of an officer's revocation of their own key."""
    members: dict[str, Any] = {
        "keyid": OFFICER_KEY.keyid,
        "signer": OFFICER,
        "reason": "The laptop was stolen.",
        "nonce": NONCE,
        "stated_at": NOW,
        "compromised_since": NOW,
    }
    return build.key_revocation(**{**members, **changes})


PAYLOADS = {
    "key-enrolment": enrolment,
    "key-confirmation": confirmation,
    "key-revocation": revocation,
    "deletion-demand": demand,
    "deletion-attestation": attestation,
    "attestation-review": review,
    "demand-closure": closure,
}
