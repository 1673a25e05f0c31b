"""What a verifier says: one set of facts, which the text and the JSON both come from.

Exit statuses (docs/formats.md §6): 0 VERIFIED, 1 FAILED, 3 INTACT, BUT with the reasons. Files
are given one at a time, because a log may name a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from attest.bundle.algorithms import CheckSignature
from attest.bundle.extract_report import EXTRACT, NOT_COMPARED, SENTENCE, extract_head
from attest.bundle.failure import Failure
from attest.bundle.keyring import Confirmation, Key
from attest.bundle.token import Timestamp
from attest.bundle.trust import Trust
from attest.bundle.trusted import stands_differently
from attest.bundle.verified import Verified
from attest.bundle.verifier import verify
from attest.domain.facts import Attestation, NamedFile, Review
from attest.domain.scalars import format_time, parse_time
from attest.domain.standing import Standing, View
from attest.signing import b64, fingerprint
from attest.statements.bodies import PLAIN_TYPES

VERIFIED = "VERIFIED"
FAILED = "FAILED"
INTACT_BUT = "INTACT, BUT"

STATUS = {VERIFIED: 0, FAILED: 1, INTACT_BUT: 3}

KEYS_NOT_PINNED = "keys not pinned"
NOT_WITNESSED = "not witnessed"
KEY_REVOKED = "key revoked"

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a log that is intact is not taken at its word, with the keys that it is about."""

    name: str
    sentence: str
    keys: tuple[Key, ...] = ()


class Report:
    """The outcome of one verification: `verified`, or `failure` with the step that refused."""

    def __init__(
        self, trust: Trust, verified: Verified | None = None, failure: Failure | None = None
    ) -> None:
        self.trust = trust
        self.verified = verified
        self.failure = failure
        self.reasons = _reasons(verified) if verified else ()
        self.verdict = FAILED if verified is None else INTACT_BUT if self.reasons else VERIFIED

    @property
    def status(self) -> int:
        """The exit status."""
        return STATUS[self.verdict]

    def head(self) -> Data:
        """Everything but the files."""
        data: Data = {"verdict": self.verdict, "status": self.status, "origin": self.trust.origin}
        if self.failure is not None:
            data["failure"] = {"step": self.failure.step, "reason": self.failure.reason}
            if self.failure.leaf is not None:
                data["failure"]["leaf"] = self.failure.leaf
        if self.verified is not None:
            data |= self._intact(self.verified)
            if self.verified.extract is not None:
                data["extract"] = extract_head(self.verified, self.verified.extract)
        return data

    def files(self) -> Iterator[Data]:
        """Every named file with its state, by whom, when, by which key, and what proves it."""
        if self.verified is not None:
            for file in self.verified.judge.facts.files():
                yield self._file(self.verified, file)

    # --- Parts --------------------------------------------------------------------------------

    def _intact(self, verified: Verified) -> Data:
        state = verified.judge.state
        return {
            "reasons": [
                {
                    "reason": reason.name,
                    "sentence": reason.sentence,
                    "keys": [_key(key) for key in reason.keys],
                }
                for reason in self.reasons
            ],
            "checkpoint": {
                "size": verified.checkpoint.size,
                "rootHash": b64(verified.checkpoint.root),
            },
            "received": len(self.trust.seen) - _not_compared(verified),
            "demand": self._demand(verified),
            "keys": [self._key_standing(verified, key) for key in verified.judge.keys],
            "operatorsWord": {kind: state.types[kind] for kind in PLAIN_TYPES if state.types[kind]},
            "withheld": dict(sorted(state.withheld.items())),
            "notChecked": {
                "timestamps": verified.timestamps,
                "certificate": verified.certificate,
            },
            "attachments": verified.attachments,
            "timestamps": [_stamp(size, stamp) for size, stamp in verified.stamped],
        }

    def _demand(self, verified: Verified) -> Data:
        trusted = verified.trusted
        data: Data = {"state": demand_state(trusted.view)}
        if demand_state(trusted.claimed) != data["state"]:
            data["claimed"] = demand_state(trusted.claimed)
        demand = trusted.view.demand or trusted.claimed.demand
        if demand is not None:
            said = demand.predicate
            data |= {
                "reference": said["reference"],
                "dueOn": said["dueOn"],
                "parties": said["parties"],
                "statement": self._said(verified, demand.leaf, demand.key, said["statedAt"]),
            }
        closure = trusted.view.closure
        if closure is not None:
            data["closure"] = self._said(
                verified, closure.leaf, closure.key, format_time(closure.stated_at)
            )
        return data

    def _file(self, verified: Verified, file: NamedFile) -> Data:
        trusted = verified.trusted
        standing, claimed = trusted.view.file(file.number), trusted.claimed.file(file.number)
        data: Data = {"fileId": file.file_id, "name": file.name, "kind": file.kind}
        if file.content is not None:
            data["sha256"] = file.content
        data |= self._standing(verified, standing)
        if stands_differently(standing, claimed):
            data["claimed"] = self._standing(verified, claimed)
        return data

    def _standing(self, verified: Verified, standing: Standing) -> Data:
        data: Data = {"state": standing.state}
        if standing.attestation is not None:
            data["attestation"] = self._attestation(verified, standing.attestation)
        if standing.reviews:
            data["reviews"] = [self._review(verified, review) for review in standing.reviews]
        return data

    def _attestation(self, verified: Verified, attestation: Attestation) -> Data:
        stated_at = format_time(attestation.stated_at)
        data = {
            "statement": attestation.statement,
            "settled": attestation.settled,
            "disclosed": attestation.disclosed,
            **self._said(verified, attestation.leaf, attestation.key, stated_at),
        }
        for leaf in verified.judge.facts.reopenings(attestation.file):
            # It may have been held back; the state goes by the leaves all the same.
            if attestation.seen <= leaf < attestation.leaf:
                data["unseenReopening"] = leaf
        return data

    def _review(self, verified: Verified, review: Review) -> Data:
        stated_at = format_time(review.stated_at)
        return {
            "decision": "accepted" if review.accepted else "rejected",
            **self._said(verified, review.leaf, review.key, stated_at),
        }

    def _said(self, verified: Verified, leaf: int, key: int, stated_at: str) -> Data:
        """By whom, when, by which key, and since when something outside proves it."""
        by = verified.judge.keys.numbered(key)
        data: Data = {
            "leaf": leaf,
            "at": format_time(verified.judge.at(leaf)),
            "statedAt": stated_at,
            **_key(by),
        }
        proof = verified.witnesses.proof(leaf)
        if proof is not None:
            data["provedBy"] = format_time(proof.moment)
            data["provedWith"] = {"size": proof.size} | ({"tsa": proof.tsa} if proof.tsa else {})
        return data | _flag(verified, leaf, by, stated_at)

    def _key_standing(self, verified: Verified, key: Key) -> Data:
        data = {**_key(key), "leaf": key.leaf, "trusted": self._trusted(verified, key)}
        if key.rotated_from is not None:
            data["rotatedFrom"] = key.rotated_from
        data["confirmed"] = [self._confirmation(verified, item) for item in key.confirmations]
        data["revoked"] = [
            {"leaf": item.leaf, "by": item.signer, "reason": item.reason}
            | ({} if item.since is None else {"compromisedSince": format_time(item.since)})
            for item in key.revocations
        ]
        if key.keyid in self.trust.revoked:
            data["revokedByYou"] = format_time(self.trust.revoked[key.keyid])
        return data

    def _confirmation(self, verified: Verified, item: Confirmation) -> Data:
        data: Data = {"leaf": item.leaf, "by": item.signer, "method": item.method}
        signer = verified.judge.keys.get(item.signer)
        at = format_time(verified.judge.at(item.leaf))
        return (
            data | {"void": item.void} | (_flag(verified, item.leaf, signer, at) if signer else {})
        )

    def _trusted(self, verified: Verified, key: Key) -> str:
        if key.keyid in self.trust.pinned:
            return "pinned"
        return "confirmed" if key.number in verified.trusted.trusted_keys else "no"


def check(
    bundle: Path | BinaryIO, trust: Trust, check_signature: CheckSignature | None = None
) -> Report:
    """Verify a bundle and report. Raises CannotVerify and OSError as `verify` does."""
    try:
        return Report(trust, verified=verify(bundle, trust, check_signature))
    except Failure as failure:
        return Report(trust, failure=failure)


def demand_state(view: View) -> str:
    """`not_issued`, `issued`, or how it was closed."""
    if view.demand is None:
        return "not_issued"
    closure = view.closure
    return "issued" if closure is None else closure.outcome


def _reasons(verified: Verified) -> tuple[Reason, ...]:
    reasons = []
    trusted = verified.trusted
    if verified.extract is not None:
        reasons.append(Reason(EXTRACT, SENTENCE))
    if trusted.not_pinned:
        reasons.append(
            Reason(
                KEYS_NOT_PINNED,
                "Some of it stands on keys that your trust file does not pin, and that no pinned "
                "signatory's key confirmed. Without their word it stands as shown.",
                trusted.not_pinned,
            )
        )
    if not verified.witnesses:
        reasons.append(
            Reason(
                NOT_WITNESSED,
                NOT_COMPARED
                if _not_compared(verified)
                else "Your trust file holds no checkpoint from a letter, so that nothing outside "
                "shows that others were given the same log, or when.",
            )
        )
    if trusted.revoked:
        reasons.append(
            Reason(
                KEY_REVOKED,
                "Your trust file calls keys revoked, and nothing outside proves that what they "
                "signed is older. Without their word it stands as shown.",
                trusted.revoked,
            )
        )
    return tuple(reasons)


def _flag(verified: Verified, leaf: int, key: Key, stated_at: str) -> Data:
    """`compromisedSince` where the key may have been in other hands when this was logged.

    Both times are only claims, so the later one counts; but what something outside proves older
    than the moment that the key's revocation names is not touched by it.
    """
    since = key.compromised_since
    proved = verified.witnesses.proved(leaf)
    if since is None or (proved is not None and proved < since):
        return {}
    late = max(verified.judge.at(leaf), parse_time(stated_at)) >= since
    return {"compromisedSince": format_time(since)} if late else {}


def _not_compared(verified: Verified) -> int:
    return 0 if verified.extract is None else verified.extract.not_compared


def _stamp(size: int, stamp: Timestamp) -> Data:
    data: Data = {"size": size, "time": format_time(stamp.time)}
    if stamp.accuracy is not None:
        data["accuracySeconds"] = stamp.accuracy
    return data | {
        "proves": format_time(stamp.proved),
        "tsa": stamp.tsa,
        "signedWith": stamp.signed_with,
        "until": format_time(stamp.until),
    }


def _key(key: Key) -> Data:
    return {"keyid": key.keyid, "fingerprint": fingerprint(key.keyid), "holder": dict(key.holder)}
