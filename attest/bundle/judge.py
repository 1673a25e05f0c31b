"""Judge a demand's log, leaf by leaf: steps 5 to 12 of docs/formats.md §6.

The judge takes bytes and does no I/O. The verifier feeds it a bundle; the server feeds it every
leaf before keeping it, so that one place holds the rules and no bad leaf spoils a log.

For each leaf, with the numbers of the format's steps (each stands above its block):

5.  The body hashes to the leaf's `body`; withheld bodies only of the types allowed.
6.  The leaf: closed schema, `v`, `demand`, `seq` counting from 0, `at` never going back, a known
    type, no body twice, §4's order; a plain body: closed schema, and what it names was named.
7.  Key statements (keyring.py).
8.  Other signed statements: signature, schema, and whether this signer may (signed.py).
9.  `seen`, `demandId`, `statedAt` and nonces (signed.py, and here for nonces).
10. Attestations answer their file and every store (signed.py).
11. The declaration is what the template makes (signed.py).
12. Reviews and closures (signed.py), and nothing but letters and keys after a closure (here).

Whom the verifier trusts plays no part: that is asked afterwards, of the facts (trust.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from attest.bundle.failure import Failure, at_step
from attest.bundle.keyring import Holder, KeyRing
from attest.bundle.listing import PrefixContext
from attest.bundle.opening import open_envelope, open_statement
from attest.bundle.prefix import Prefixes
from attest.bundle.signed import SignedRules
from attest.bundle.state import LogState
from attest.domain.facts import Facts
from attest.domain.standing import View
from attest.log.leaf import Leaf, parse_leaf
from attest.signing import unb64
from attest.statements.bodies import EVENT_TYPES, KEY_TYPES, PLAIN_TYPES, SIGNED_TYPES, check_plain
from attest.statements.canonical import decode

__all__ = ["WITHHOLDABLE", "Failure", "Judge"]

# What a verifier may let be erased: never what was signed, nor what says which copies there are.
WITHHOLDABLE = frozenset(kind for kind in PLAIN_TYPES if not kind.startswith(("file.", "store.")))

# Key statements say when they were made, and may be copied long after; never before.
_TOLERANCE = timedelta(seconds=600)

_BEFORE_DEMAND = frozenset({*KEY_TYPES, "file.named", "store.named", "demand.issued"})

_Effect = Callable[[], None]


class Judge:
    """Takes the leaves of one log in order, and knows what they say so far.

    `may_withhold` lists the types whose bodies may be missing, `pinned` what the verifier knows
    of keys (keyid to holder). Without `check_signatures` no signature is verified and no
    declaration rendered: for a log that this code admitted before. `prefixes` and `rules` are
    for an extract, which holds some leaves only (extract_rules.py).
    """

    def __init__(
        self,
        origin: str,
        demand_id: str,
        *,
        may_withhold: Collection[str] = frozenset(),
        pinned: Mapping[str, Holder] | None = None,
        check_signatures: bool = True,
        prefixes: Prefixes | None = None,
        rules: type[SignedRules] = SignedRules,
    ) -> None:
        self._state = LogState(origin, demand_id, pinned or {}, prefixes)
        self._signed = rules(self._state)
        self._may_withhold = WITHHOLDABLE.intersection(may_withhold)
        self._check_signatures = check_signatures

    # --- What is known so far -----------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many leaves were admitted."""
        return self._state.size

    @property
    def root(self) -> bytes:
        """The 32-byte root over all leaves."""
        return self.root_at(self.size)

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaves. Raises IndexError beyond the log's end."""
        return self._state.prefixes.root_at(size)

    def at(self, leaf: int) -> datetime:
        """The time that a leaf states. Raises IndexError beyond the log's end."""
        return self._state.prefixes.at(leaf)

    @property
    def last_at(self) -> datetime | None:
        """The time of the newest leaf, None for an empty log."""
        return self.at(self.size - 1) if self.size else None

    @property
    def facts(self) -> Facts:
        """What the log says of files, stores and the demand. Not to be changed."""
        return self._state.facts

    @property
    def keys(self) -> KeyRing:
        """Every key enrolled in the log. Not to be changed."""
        return self._state.keys

    @property
    def closed(self) -> bool:
        """Was the demand closed, and no file reopened since?"""
        return self._state.closed

    @property
    def state(self) -> LogState:
        """All of it, for the verifier's report. Not to be changed."""
        return self._state

    def view(self, size: int | None = None) -> View:
        """How things stand after the first `size` leaves (None: all), every statement counted."""
        return self._state.view(size)

    def context(self, size: int) -> PrefixContext:
        """What a declaration may name, for a signer who saw the first `size` leaves."""
        return self._state.context(size)

    # --- The next leaf ------------------------------------------------------------------------

    def admit(self, leaf: bytes, body: bytes | None, *, trusted: bool = False) -> None:
        """Judge the next leaf and keep what it says; `body` is None where it was erased.

        `trusted` is for an entry that this code admitted before: its signatures, schema and
        declaration are not checked again, and any erasable body may be missing.

        Raises Failure, and then the judge is as it was before.
        """
        try:
            self._admit(leaf, body, trusted=trusted)
        except (KeyError, TypeError, ValueError):
            if not trusted:
                raise
            # Without the schemas, only rows that were changed since can bring this about.
            reason = "the entry is not one that was admitted"
            raise Failure(6, self.size, reason) from None

    def _admit(self, leaf: bytes, body: bytes | None, *, trusted: bool) -> None:
        index = self.size
        with at_step(6, index):
            entry = parse_leaf(leaf)
        digest = bytes.fromhex(entry.body)
        self._check_leaf(entry, index)
        nonce: bytes | None = None
        effect: _Effect = _nothing
        if self._body(entry, body, index, trusted=trusted):
            assert body is not None  # noqa: S101 - for mypy; _body has just seen to it
            if entry.type in KEY_TYPES:
                nonce, effect = self._key_statement(entry, body, index, trusted=trusted)
            elif entry.type in SIGNED_TYPES:
                nonce, effect = self._signed_statement(entry, body, index, trusted=trusted)
            else:
                nonce, effect = self._plain(entry, body, index, trusted=trusted)
            # 9. No nonce twice.
            if nonce in self._state.prefixes.nonces:
                raise Failure(9, index, "the nonce stands in an earlier leaf's body already")
        self._check_closed(entry, index)
        self._state.prefixes.append(leaf, entry.at, digest, nonce)
        self._note_type(entry, index, withheld=body is None)
        effect()

    # 6. The leaf itself.
    def _check_leaf(self, entry: Leaf, index: int) -> None:
        state = self._state
        if entry.demand != state.demand_id:
            raise Failure(6, index, "the leaf names another demand")
        if entry.seq != index:
            raise Failure(6, index, f"seq is {entry.seq}, and should be {index}")
        if entry.type not in EVENT_TYPES:
            raise Failure(6, index, f"{entry.type} is not a type that this version knows")
        last = self.last_at
        if last is not None and entry.at < last:
            raise Failure(6, index, "at goes back behind the leaf before")
        if bytes.fromhex(entry.body) in state.prefixes.bodies:
            raise Failure(6, index, "the body stands in an earlier leaf already")
        issued = bool(state.facts.demands)
        if not issued and entry.type not in _BEFORE_DEMAND:
            raise Failure(6, index, f"{entry.type} stands before demand.issued")
        if issued and entry.type == "demand.issued":
            raise Failure(6, index, "the demand was issued already")

    # 5. The body hashes to the leaf's `body`, or may be withheld. False: withheld.
    def _body(self, entry: Leaf, body: bytes | None, index: int, *, trusted: bool) -> bool:
        if body is None:
            allowed = WITHHOLDABLE if trusted else self._may_withhold
            if entry.type not in allowed:
                raise Failure(5, index, f"the body is withheld, and {entry.type} may not be")
            return False
        if hashlib.sha256(body).hexdigest() != entry.body:
            raise Failure(5, index, "the body does not hash to what the leaf says")
        return True

    # 12. Nothing but letters and key statements after a closure, unless a file is reopened.
    def _check_closed(self, entry: Leaf, index: int) -> None:
        if self._state.closed and not (_in_passing(entry.type) or entry.type == "file.reopened"):
            raise Failure(12, index, f"{entry.type} stands after the demand was closed")

    def _note_type(self, entry: Leaf, index: int, *, withheld: bool) -> None:
        self._state.types[entry.type] += 1
        if withheld:
            self._state.withheld[entry.type] += 1
        if not _in_passing(entry.type):
            self._state.last_act = index

    # 7. Key statements.
    def _key_statement(
        self, entry: Leaf, body: bytes, index: int, *, trusted: bool
    ) -> tuple[bytes, _Effect]:
        keys = self._state.keys
        signatures = self._check_signatures and not trusted
        envelope = open_envelope(body, 7, index)
        statement = open_statement(envelope, KEY_TYPES[entry.type], 7, index, trusted=trusted)
        effect: _Effect
        if entry.type == "key.enrolled":
            enrolled = keys.check_enrolment(statement, index, signatures=signatures)
            effect = partial(keys.enrol, enrolled)
        elif entry.type == "key.confirmed":
            key, confirmation = keys.check_confirmation(statement, index, signatures=signatures)
            effect = partial(keys.confirm, key, confirmation, statement.stated_at)
        else:
            key, revocation = keys.check_revocation(statement, index, signatures=signatures)
            effect = partial(keys.revoke, key, revocation, statement.stated_at)
        # 9. Not stated later than its own leaf, give or take ten minutes.
        if statement.stated_at - entry.at > _TOLERANCE:
            raise Failure(9, index, "statedAt is later than the leaf")
        return statement.nonce, effect

    # 8 to 12. Every other signed statement.
    def _signed_statement(
        self, entry: Leaf, body: bytes, index: int, *, trusted: bool
    ) -> tuple[bytes, _Effect]:
        statement, effect = self._signed.check(
            entry, body, index, signatures=self._check_signatures, trusted=trusted
        )
        return statement.nonce, effect

    # 6. A plain body, the operator's word.
    def _plain(
        self, entry: Leaf, body: bytes, index: int, *, trusted: bool
    ) -> tuple[bytes, _Effect]:
        with at_step(6, index):
            said = json.loads(body) if trusted else decode(body)
            if not trusted:
                check_plain(entry.type, said)
        if said["demandId"] != self._state.demand_id:
            raise Failure(9, index, "demandId is another demand's")
        return unb64(said["nonce"]), self._plain_effect(entry.type, said, index)

    def _plain_effect(self, kind: str, said: Mapping[str, Any], index: int) -> _Effect:
        state, facts = self._state, self._state.facts
        file_id, store_id = said.get("fileId"), said.get("storeId")
        if kind == "file.named":
            if facts.file(said["fileId"]) is not None:
                raise Failure(6, index, "a file with this fileId is named already")

            def name_file() -> None:
                facts.name_file(
                    index, said["fileId"], said["name"], said["kind"], said.get("sha256")
                )
                state.files.append(index)

            return name_file
        if kind == "store.named":
            if store_id in facts.stores:
                raise Failure(6, index, "a store with this storeId is named already")

            def name_store() -> None:
                facts.name_store(index, said["storeId"], said)
                state.stores.append(index)

            return name_store
        if file_id is not None and facts.file(file_id) is None:
            raise Failure(6, index, "fileId is no file that was named")
        if store_id is not None and store_id not in facts.stores:
            raise Failure(6, index, "storeId is no store that was named")
        if kind == "store.withdrawn":
            if facts.stores[said["storeId"]].withdrawn is not None:
                raise Failure(6, index, "the store was withdrawn already")

            def withdraw_store() -> None:
                facts.withdraw_store(index, said["storeId"])
                state.withdrawals.append(index)

            return withdraw_store
        if kind == "file.reopened":

            def reopen() -> None:
                facts.reopen(index, said["fileId"])
                state.closed = False

            return reopen
        if kind == "evidence.added":
            digest = bytes.fromhex(said["sha256"])

            def add_evidence() -> None:
                if digest not in state.evidence:
                    state.evidence.add(digest)

            return add_evidence
        return _nothing


def _in_passing(kind: str) -> bool:
    """Letters and key statements: what may still come after a closure."""
    return kind.startswith(("letter.", "key."))


def _nothing() -> None:
    """The effect of a leaf that changes no state."""
