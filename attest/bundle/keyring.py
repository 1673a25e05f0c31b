"""The keys of one log, and what may be said of them (step 7, docs/formats.md §2 and §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from attest.bundle.failure import Failure
from attest.bundle.opening import Statement
from attest.domain.scalars import parse_time
from attest.signing import is_valid_public_key, unb64

STEP = 7

Holder = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A `key.confirmed`. Void where its signer's revocation came first in the log."""

    leaf: int
    signer: str
    method: str
    void: bool


@dataclass(frozen=True, slots=True)
class Revocation:
    """A `key.revoked`; `since` is the moment from which the key is called compromised."""

    leaf: int
    signer: str
    reason: str
    since: datetime | None


@dataclass(slots=True)
class Key:
    """An enrolled key. `number` counts keys in the order of their enrolment in this log."""

    number: int
    leaf: int
    keyid: str
    public_key: bytes
    holder: Holder
    last_stated: datetime
    rotated_from: str | None = None
    confirmations: list[Confirmation] = field(default_factory=list)
    revocations: list[Revocation] = field(default_factory=list)

    @property
    def revoked(self) -> bool:
        """May the key sign no later leaf?"""
        return bool(self.revocations)

    @property
    def compromised_since(self) -> datetime | None:
        """The earliest moment from which a revocation says that it may have been in other hands."""
        return min(
            (item.since for item in self.revocations if item.since is not None), default=None
        )

    @property
    def confirmed(self) -> bool:
        """Did a controller's signatory confirm it, and validly so?"""
        return any(not confirmation.void for confirmation in self.confirmations)


class KeyRing:
    """Every key enrolled in the log. `check_*` raise Failure, the others change the ring."""

    def __init__(self, pinned: Mapping[str, Holder]) -> None:
        self._pinned = pinned
        self._by_id: dict[str, Key] = {}
        self._by_number: list[Key] = []

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._by_number)

    def get(self, keyid: str) -> Key | None:
        """The key with this keyid, if it is enrolled."""
        return self._by_id.get(keyid)

    def numbered(self, number: int) -> Key:
        """The `number`-th key, counting from 0. Raises IndexError where there is none."""
        return self._by_number[number]

    # --- key.enrolled -------------------------------------------------------------------------

    def check_enrolment(self, statement: Statement, leaf: int, *, signatures: bool) -> Key:
        """A valid point, not enrolled twice, signed by itself and, rotated, by the old key."""
        predicate = statement.predicate
        public_key = unb64(predicate["publicKey"])
        # The closed schema has made sure that the subject is this key's own keyid.
        keyid = str(statement.subject[0]["digest"]["sha256"])
        holder: Holder = predicate["holder"]
        if not is_valid_public_key(public_key):
            raise Failure(STEP, leaf, "the public key is not a valid point of the curve")
        if keyid in self._by_id:
            raise Failure(STEP, leaf, "the key is enrolled already")
        if keyid not in statement.keyids:
            raise Failure(STEP, leaf, "the key did not sign its own enrolment")
        if keyid in self._pinned and self._pinned[keyid] != holder:
            raise Failure(STEP, leaf, "trust.pinned names another holder for this key")
        old = self._rotated_from(statement, keyid, holder, leaf)
        if signatures:
            if not statement.signed_by(keyid, public_key):
                raise Failure(STEP, leaf, "the key's signature on its enrolment does not verify")
            if old is not None and not statement.signed_by(old.keyid, old.public_key):
                raise Failure(STEP, leaf, "the old key's signature does not verify")
        return Key(
            number=len(self._by_number),
            leaf=leaf,
            keyid=keyid,
            public_key=public_key,
            holder=holder,
            last_stated=statement.stated_at,
            rotated_from=None if old is None else old.keyid,
        )

    def enrol(self, key: Key) -> None:
        """Keep a key that `check_enrolment` made."""
        self._by_id[key.keyid] = key
        self._by_number.append(key)

    def _rotated_from(
        self, statement: Statement, keyid: str, holder: Holder, leaf: int
    ) -> Key | None:
        others = [other for other in statement.keyids if other != keyid]
        if not others:
            return None
        old = self._by_id.get(others[0])
        # A rotation vouches for nothing, so that an old key that was revoked does no harm: its
        # revocation may simply have been copied into this log before.
        if len(others) > 1 or old is None:
            raise Failure(STEP, leaf, "a key that is not enrolled signed the enrolment")
        if old.holder != holder:
            raise Failure(STEP, leaf, "the old key is another holder's")
        return old

    # --- key.confirmed ------------------------------------------------------------------------

    def check_confirmation(
        self, statement: Statement, leaf: int, *, signatures: bool
    ) -> tuple[Key, Confirmation]:
        """By a controller's signatory, and about the holder that was enrolled."""
        key = self._subject(statement, leaf)
        signer = self._signer(statement, leaf, signatures=signatures)
        if signer.holder["side"] != "controller" or signer.holder["duty"] != "signatory":
            raise Failure(STEP, leaf, "only a controller's signatory confirms a key")
        if statement.predicate["holder"] != key.holder:
            raise Failure(STEP, leaf, "the confirmation names another holder than the enrolment")
        confirmation = Confirmation(
            leaf, signer.keyid, statement.predicate["method"], void=signer.revoked
        )
        return key, confirmation

    def confirm(self, key: Key, confirmation: Confirmation, stated_at: datetime) -> None:
        """Keep what `check_confirmation` made."""
        key.confirmations.append(confirmation)
        key.last_stated = stated_at

    # --- key.revoked --------------------------------------------------------------------------

    def check_revocation(
        self, statement: Statement, leaf: int, *, signatures: bool
    ) -> tuple[Key, Revocation]:
        """By the key itself, a key of its organisation, or a controller's signatory.

        Whom the verifier trusts is not known here. A revocation only ever takes away, so that
        the two others are let pass; nobody else's colleague can stop a controller's key.
        """
        key = self._subject(statement, leaf)
        signer = self._signer(statement, leaf, signatures=signatures)
        colleague = all(signer.holder[m] == key.holder[m] for m in ("organisation", "side"))
        signatory = signer.holder["side"] == "controller" and signer.holder["duty"] == "signatory"
        if not (signer is key or colleague or signatory):
            raise Failure(STEP, leaf, "this key may not revoke that one")
        since = statement.predicate.get("compromisedSince")
        revocation = Revocation(
            leaf,
            signer.keyid,
            statement.predicate["reason"],
            None if since is None else parse_time(since),
        )
        return key, revocation

    def revoke(self, key: Key, revocation: Revocation, stated_at: datetime) -> None:
        """Keep what `check_revocation` made."""
        key.revocations.append(revocation)
        key.last_stated = stated_at

    # --- both ---------------------------------------------------------------------------------

    def _subject(self, statement: Statement, leaf: int) -> Key:
        key = self._by_id.get(statement.predicate["keyid"])
        if key is None:
            raise Failure(STEP, leaf, "the key that the statement is about is not enrolled")
        if statement.stated_at < key.last_stated:
            raise Failure(STEP, leaf, "a key's statements are not in the order of statedAt")
        return key

    def _signer(self, statement: Statement, leaf: int, *, signatures: bool) -> Key:
        named = statement.predicate["signer"]
        if statement.keyids != (named["keyid"],):
            raise Failure(STEP, leaf, "the signature is not by the key that signer names")
        signer = self._by_id.get(named["keyid"])
        if signer is None:
            raise Failure(STEP, leaf, "the signer's key is not enrolled")
        if named != {**signer.holder, "keyid": signer.keyid}:
            raise Failure(STEP, leaf, "signer names another holder than the enrolment")
        if signatures and not statement.signed_by(signer.keyid, signer.public_key):
            raise Failure(STEP, leaf, "the signature does not verify")
        return signer
