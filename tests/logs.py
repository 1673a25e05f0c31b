"""Writes real logs for tests: real statements, real signatures, a real tree.

A `LogWriter` judges every leaf as it writes it, like the server. What a forger would do goes
through `forge` and `append_unjudged`, after which only the verifier may say what is wrong.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from attest.bundle.judge import Judge
from attest.log.checkpoint import origin as origin_of
from attest.log.checkpoint import sign_checkpoint
from attest.log.leaf import Leaf, encode_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.signing import PrivateKey, b64
from attest.statements import build
from attest.statements.bodies import check_plain
from attest.statements.canonical import decode, encode
from attest.statements.envelope import parse_envelope, sign_payload, statement_hash
from tests.cast import ANNE, HALDEN, LOG_KEY, OSCAR, PARTIES, Signer

INSTANCE = "attest.example"
START = datetime(2013, 2, 4, 9, 0, tzinfo=UTC)
LIAISON = {"name": "Lena Lund", "role": "Bid manager", "organisation": HALDEN}

Change = Callable[[dict[str, Any]], None]


def made_up_uuid(name: str) -> str:
    """The same identifier for the same name, in every run."""
    return str(uuid5(NAMESPACE_URL, name))


class LogWriter:
    """Writes one demand's log. Each leaf is a minute after the one before."""

    def __init__(self, name: str = "demand", *, instance: str = INSTANCE) -> None:
        self.demand_id = made_up_uuid(name)
        self.origin = origin_of(instance, self.demand_id)
        self.leaves: list[bytes] = []
        self.bodies: list[bytes | None] = []
        self.judge = Judge(self.origin, self.demand_id)
        self.now = START
        self.files: list[str] = []
        self.stores: list[str] = []
        self._nonces = 0

    # --- Leaves -------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        return len(self.leaves)

    def append(self, kind: str, body: bytes) -> int:
        """Add a leaf that must be good, and give its index."""
        index = self.append_unjudged(kind, body)
        self.judge.admit(self.leaves[index], body)
        return index

    def append_unjudged(self, kind: str, body: bytes, **members: Any) -> int:
        """Add a leaf whatever it is; `members` replace those of the leaf."""
        said = {
            "at": self.now,
            "body": hashlib.sha256(body).hexdigest(),
            "demand": self.demand_id,
            "seq": self.size,
            "type": kind,
            **members,
        }
        self.leaves.append(encode_leaf(Leaf(**said)))
        self.bodies.append(body)
        self.now += timedelta(minutes=1)
        return self.size - 1

    def nonce(self) -> str:
        self._nonces += 1
        return b64(hashlib.sha256(f"{self.origin} {self._nonces}".encode()).digest()[:16])

    def plain(self, event: str, /, **members: Any) -> int:
        return self.append(event, self.plain_body(event, **members))

    def plain_body(self, event: str, /, **members: Any) -> bytes:
        body = {"v": 1, "demandId": self.demand_id, "nonce": self.nonce(), **members}
        check_plain(event, body)
        return encode(body)

    def root(self, size: int | None = None) -> bytes:
        return Frontier(map(leaf_hash, self.leaves[:size])).root

    def checkpoint(self, size: int | None = None, key: PrivateKey = LOG_KEY) -> str:
        """The checkpoint over the first `size` leaves (None: all)."""
        at = self.size if size is None else size
        return sign_checkpoint(self.origin, at, self.root(at), key)

    # --- Keys ---------------------------------------------------------------------------------

    def enrol(self, who: Signer, *keys: PrivateKey) -> int:
        payload = build.key_enrolment(
            who.key.public_key, who.holder, nonce=self.nonce(), stated_at=self.now
        )
        return self.append("key.enrolled", sign_payload(payload, who.key, *keys))

    def confirm(self, whom: Signer, by: Signer = ANNE) -> int:
        payload = build.key_confirmation(
            whom.keyid,
            whom.holder,
            by.signer,
            "telephone",
            nonce=self.nonce(),
            stated_at=self.now,
        )
        return self.append("key.confirmed", sign_payload(payload, by.key))

    def revoke(
        self, whom: Signer, by: Signer | None = None, *, since: datetime | None = None
    ) -> int:
        by = by or whom
        payload = build.key_revocation(
            whom.keyid,
            by.signer,
            "Lost.",
            nonce=self.nonce(),
            stated_at=self.now,
            compromised_since=since,
        )
        return self.append("key.revoked", sign_payload(payload, by.key))

    # --- Files, stores and other plain events ---------------------------------------------------

    def name_file(self, name: str, content: bytes | None = None, **members: Any) -> str:
        file_id = made_up_uuid(f"{self.origin} file {len(self.files)}")
        if content is not None:
            members["sha256"] = hashlib.sha256(content).hexdigest()
        self.plain("file.named", fileId=file_id, name=name, kind="electronic", **members)
        self.files.append(file_id)
        return file_id

    def name_store(self, label: str, medium: str = "electronic") -> str:
        store_id = made_up_uuid(f"{self.origin} store {len(self.stores)}")
        self.plain(
            "store.named",
            storeId=store_id,
            label=label,
            medium=medium,
            kind="file_share",
            namedBy=LIAISON,
        )
        self.stores.append(store_id)
        return store_id

    def withdraw_store(self, store_id: str) -> int:
        return self.plain("store.withdrawn", storeId=store_id, reason="A slip.", by=LIAISON)

    def reopen(self, file_id: str) -> int:
        return self.plain("file.reopened", fileId=file_id, reason="Another copy.", by=LIAISON)

    def letter(self) -> int:
        return self.append("letter.sent", self._letter_body())

    def letter_unjudged(self) -> int:
        """For logs of many leaves, which judging would make slow to write."""
        return self.append_unjudged("letter.sent", self._letter_body())

    def _letter_body(self) -> bytes:
        return self.plain_body(
            "letter.sent",
            letter="reminder",
            to="lena@halden.example",
            messageId=f"<{self.size}@attest.example>",
            checkpointSize=self.size,
        )

    def evidence(self, content: bytes, name: str = "shredding.txt") -> int:
        return self.plain(
            "evidence.added",
            name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            mediaType="text/plain",
            by=LIAISON,
        )

    # --- Signed statements ----------------------------------------------------------------------

    def demand_payload(self, by: Signer = ANNE, **changes: Any) -> bytes:
        return build.deletion_demand(
            **{
                "reference": "NC-2013-1",
                "parties": PARTIES,
                "basis": "NDA-2012-117",
                "action": "delete",
                "due_on": date(2013, 2, 18),
                "instruction": "Delete every copy.\nSay how.",
                **self._signed(by, changes),
            }
        )

    def attestation_payload(
        self, file_id: str, by: Signer = OSCAR, *, outcome: str = "none_found", **changes: Any
    ) -> bytes:
        seen = self._signed(by, changes)["seen"]["size"]
        file = self.judge.facts.file(file_id)
        assert file is not None
        last = next(self.judge.facts.attestations(file.number), None)
        body = self.bodies[file.leaf]
        assert body is not None
        return build.deletion_attestation(
            **{
                "file_id": file_id,
                "file_body_bytes": body,
                "copies": [
                    answer(store.store_id, outcome) for store in self.judge.view(seen).stores
                ],
                "onward": {"disclosed": False},
                "supersedes": None if last is None else last.statement,
                **self._signed(by, changes),
            }
        )

    def review_payload(
        self,
        file_ids: Iterable[str],
        by: Signer = ANNE,
        *,
        decision: str = "accepted",
        **changes: Any,
    ) -> bytes:
        return build.attestation_review(
            **{
                "subjects": [(file_id, self.last_attestation(file_id)) for file_id in file_ids],
                "decision": decision,
                "reason": "A serial is missing." if decision == "rejected" else None,
                **self._signed(by, changes),
            }
        )

    def closure_payload(
        self, by: Signer = ANNE, *, outcome: str = "closed", **changes: Any
    ) -> bytes:
        return build.demand_closure(
            **{"outcome": outcome, "reason": None, **self._signed(by, changes)}
        )

    def issue(self, by: Signer = ANNE, **changes: Any) -> int:
        payload = self.demand_payload(by, **changes)
        return self.append("demand.issued", sign_payload(payload, by.key))

    def amend(self, by: Signer = ANNE, **changes: Any) -> int:
        payload = self.demand_payload(by, **changes)
        return self.append("demand.amended", sign_payload(payload, by.key))

    def attest(self, file_id: str, by: Signer = OSCAR, **changes: Any) -> int:
        payload = self.attestation_payload(file_id, by, **changes)
        return self.append("attestation.signed", sign_payload(payload, by.key))

    def review(self, *file_ids: str, by: Signer = ANNE, **changes: Any) -> int:
        payload = self.review_payload(file_ids, by, **changes)
        return self.append("attestation.reviewed", sign_payload(payload, by.key))

    def close(self, by: Signer = ANNE, **changes: Any) -> int:
        payload = self.closure_payload(by, **changes)
        return self.append("demand.closed", sign_payload(payload, by.key))

    def last_attestation(self, file_id: str) -> str:
        """The hash of the file's last attestation."""
        file = self.judge.facts.file(file_id)
        assert file is not None
        return next(self.judge.facts.attestations(file.number)).statement

    def seen(self, size: int | None = None) -> dict[str, Any]:
        """The prefix of that size (None: all), as statements have it."""
        at = self.size if size is None else size
        return build.seen(self.origin, at, self.judge.root_at(at))

    def _signed(self, by: Signer, changes: Mapping[str, Any]) -> dict[str, Any]:
        seen = changes.get("seen") or self.seen()
        return {
            "demand_id": self.demand_id,
            "signer": by.signer,
            "context": self.judge.context(seen["size"]),
            "nonce": self.nonce(),
            "stated_at": self.now,
            **changes,
            "seen": seen,
        }

    # --- What a forger does ---------------------------------------------------------------------

    def forge(self, kind: str, payload: bytes, change: Change, by: Signer) -> int:
        """Change a statement as one likes, sign it well, and add it."""
        return self.append_unjudged(kind, sign_payload(changed(payload, change), by.key))


def changed(document: bytes, change: Change) -> bytes:
    """A canonical document with something changed, canonical again."""
    value = decode(document)
    change(value)
    return encode(value)


def payload_of(body: bytes | None) -> bytes:
    """The statement inside an envelope."""
    assert body is not None
    return parse_envelope(body).payload


def hash_of(body: bytes | None) -> str:
    """The hash of the statement inside an envelope."""
    return statement_hash(payload_of(body))


def answer(store_id: str, outcome: str = "none_found") -> dict[str, Any]:
    """A copy's entry that is right for its outcome."""
    act = {"performedOn": "2013-02-06", "performedBy": "Halden IT"}
    search = {"scope": "all folders", "on": "2013-02-06", "by": "Halden IT"}
    members: dict[str, dict[str, Any]] = {
        "none_found": {"search": search},
        "deleted": {"method": "overwrite", **act},
        "destroyed": {"method": "shred", "level": "P-4", **act},
        "crypto_erased": {"method": "key_destruction", **act},
        "returned": {**act, "returnedTo": "Northshire Constabulary"},
        "beyond_use": {
            "exception": {
                "basis": "The backup cannot be changed.",
                "until": "2013-03-12",
                "safeguards": ["no_decisions", "no_sharing", "secured", "will_delete"],
            }
        },
        "legal_hold": {"exception": {"basis": "A claim.", "until": "2014-01-01"}},
        "cannot_locate": {"search": search, "note": "The box is not on its shelf."},
        "passed_on": {"passedTo": {"name": "A printer"}},
    }
    return {"storeId": store_id, "outcome": outcome, **members[outcome]}


def as_stream(data: bytes) -> io.BytesIO:
    """Bytes as a file that can be read and sought."""
    return io.BytesIO(data)


def issued_log(files: int = 2, stores: int = 2, name: str = "demand") -> LogWriter:
    """Anne and Oscar have keys, files and stores are named, and the demand is issued."""
    log = LogWriter(name)
    log.enrol(ANNE)
    for number in range(files):
        log.name_file(f"list {number}.xlsx", content=f"rows {number}".encode())
    for number in range(stores):
        log.name_store(f"Share {number}")
    log.issue()
    log.enrol(OSCAR)
    log.confirm(OSCAR)
    return log


def closed_log(files: int = 2, stores: int = 2, name: str = "demand") -> LogWriter:
    """A whole case: attested, one rejected and attested again, accepted, closed."""
    log = issued_log(files, stores, name)
    log.plain("demand.acknowledged", by=LIAISON)
    for file_id in log.files:
        log.attest(file_id, outcome="deleted")
    log.letter()
    first, *others = log.files
    log.review(first, decision="rejected")
    if others:
        log.review(*others)
    log.attest(first, outcome="destroyed")
    log.review(first)
    log.close()
    log.letter()
    return log
