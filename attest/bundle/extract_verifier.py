"""Verify an extract: the steps of docs/formats.md §6, as far as a few leaves allow (§9).

1.  The zip has an extract's entries, all stored, and is spelt as Attest spells it.
2.  The checkpoint, as in a bundle.
3.  Each leaf is proved to lie in the checkpoint's tree, at its own place.
4.  Each prefix is proved to be one; checkpoints in `trust.seen` of those sizes have its root.
5.  to 12. Each leaf with its body, by the judge's rules; and nothing is there that does not
    belong to the one file.
13. Timestamps are over prefixes that were proved; checked where `tsaRoots` is set.

What is left out cannot be seen: the report says so, and never says VERIFIED.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any, BinaryIO

from attest.bundle.archive import Archive
from attest.bundle.extract_choice import keys_used
from attest.bundle.extract_layout import (
    BODIES,
    CHECKPOINT,
    EXTRACT,
    LEAVES,
    MAX_EXTRACTED,
    consistency_size,
    inclusion_index,
    stamped_size,
)
from attest.bundle.extract_rules import ExtractRules, ProvedPrefixes
from attest.bundle.failure import Failure, at_step
from attest.bundle.judge import Judge
from attest.bundle.layout import MAX_BODY, MAX_LEAF, STORED
from attest.bundle.opening import open_envelope, open_statement
from attest.bundle.timestamps import CheckToken, check_over_prefix
from attest.bundle.token import Timestamp
from attest.bundle.trust import Trust
from attest.bundle.trusted import trusted_views
from attest.bundle.verified import Extracted, Verified
from attest.bundle.witnesses import Witnesses
from attest.bundle.zip_writer import ZipWriter
from attest.log.checkpoint import Checkpoint, open_checkpoint
from attest.log.leaf import parse_leaf
from attest.log.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from attest.log.proofs import parse_consistency, parse_inclusion
from attest.statements.bodies import KEY_TYPES, SIGNED_TYPES

# What an extract may hold: one of these, and any number of those.
_ONE = frozenset({"file.named", "attestation.signed", "demand.issued", "demand.closed"})
_SOME = frozenset(
    {*KEY_TYPES, "store.named", "demand.amended", "attestation.reviewed", "file.reopened"}
)


def verify_extract(file: BinaryIO, trust: Trust, check_token: CheckToken | None = None) -> Verified:
    """Take an extract through the steps. Raises Failure where one refuses.

    Without `check_token`, timestamps are counted and not checked.
    """
    return _Verification(file, trust, check_token).run()


class _Verification:
    """One run. Each method is a step, or a few."""

    def __init__(self, file: BinaryIO, trust: Trust, check_token: CheckToken | None) -> None:
        self._trust = trust
        self._check_token = check_token
        self._attested: Mapping[str, Any] = {}
        # 1. The zip.
        self._archive = Archive(file, EXTRACT)
        for entry in self._archive.entries.values():
            if entry.method != STORED:
                raise Failure(1, None, f"{entry.name} is not stored, as all of an extract is")
        _expect_our_spelling(self._archive, file)

    def run(self) -> Verified:
        # 2. The newest checkpoint.
        self._note = self._archive.read(CHECKPOINT)
        with at_step(2):
            checkpoint = self._open(self._note)
        # 3. and 4. Proofs.
        indexes = self._included(checkpoint)
        roots = self._prefixes(checkpoint)
        received, not_compared = self._received(roots)
        # 5. to 12. The leaves with their bodies, and whether they belong.
        judge = self._judge(indexes, roots)
        self._belongs(judge)
        # 13. Timestamps.
        timestamps, stamped = self._timestamps(roots)
        witnesses = Witnesses(received, ((size, at.proved, at.tsa) for size, at in stamped))
        return Verified(
            checkpoint=checkpoint,
            judge=judge,
            witnesses=witnesses,
            trusted=trusted_views(judge, self._trust, witnesses),
            timestamps=timestamps,
            attachments=0,
            certificate=False,
            extract=Extracted(
                declaration=self._attested["declaration"]["text"],
                supersedes=self._attested.get("supersedes"),
                not_compared=not_compared,
            ),
            stamped=tuple(stamped),
        )

    def _open(self, note: bytes | str) -> Checkpoint:
        return open_checkpoint(note, self._trust.origin, self._trust.log_key)

    # 3. Each leaf lies where its proof says, and its proof leads to this checkpoint.
    def _included(self, checkpoint: Checkpoint) -> list[int]:
        names = (name for name in self._archive.entries if inclusion_index(name) is not None)
        indexes: list[int] = []
        for leaf, name in zip_longest(self._archive.lines(LEAVES, MAX_LEAF), names):
            if leaf is None or name is None or len(indexes) == MAX_EXTRACTED:
                raise Failure(3, None, "there are not as many proofs as leaves")
            index = inclusion_index(name)
            assert index is not None  # noqa: S101 - for mypy; names are those that have one
            with at_step(3, index):
                proof = parse_inclusion(self._archive.read(name))
            if proof.index != index:
                raise Failure(3, index, "the proof is of another index than its name says")
            if proof.checkpoint != self._note:
                raise Failure(3, index, "the proof leads to another checkpoint")
            if not verify_inclusion(
                index, checkpoint.size, leaf_hash(leaf), proof.hashes, checkpoint.root
            ):
                raise Failure(3, index, "the leaf is not proved to lie in the log")
            indexes.append(index)
        return indexes

    # 4. The roots of earlier prefixes, each proved.
    def _prefixes(self, checkpoint: Checkpoint) -> dict[int, bytes]:
        roots = {0: EMPTY_ROOT, checkpoint.size: checkpoint.root}
        for name in self._archive.entries:
            size = consistency_size(name)
            if size is None:
                continue
            with at_step(4):
                proof = parse_consistency(self._archive.read(name))
            if proof.size != size:
                raise Failure(4, None, f"{name} is about a prefix of another size")
            if proof.checkpoint != self._note:
                raise Failure(4, None, f"{name} leads to another checkpoint")
            if size >= checkpoint.size or not verify_consistency(
                size, proof.root, checkpoint.size, checkpoint.root, proof.hashes
            ):
                raise Failure(4, None, f"{name} does not prove a prefix of the log")
            roots[size] = proof.root
        return roots

    # 4. Checkpoints that reached the verifier: those of a size whose root was proved.
    def _received(self, roots: dict[int, bytes]) -> tuple[list[tuple[int, datetime]], int]:
        received = []
        not_compared = 0
        for item in self._trust.seen:
            with at_step(4):
                older = self._open(item.note)
            if older.size not in roots:
                not_compared += 1
            elif older.root != roots[older.size]:
                raise Failure(
                    4, None, f"trust.seen: a checkpoint shows another past, of {older.size} leaves"
                )
            else:
                received.append((older.size, item.received_at))
        return received, not_compared

    # 5. to 12. One leaf after the other, as in a whole log.
    def _judge(self, indexes: list[int], roots: dict[int, bytes]) -> Judge:
        prefixes = ProvedPrefixes(roots)
        judge = Judge(
            self._trust.origin,
            self._trust.demand_id,
            pinned=self._trust.pinned,
            prefixes=prefixes,
            rules=ExtractRules,
        )
        leaves = self._archive.lines(LEAVES, MAX_LEAF)
        bodies = self._archive.lines(BODIES, MAX_BODY)
        for index, leaf, body in zip_longest(indexes, leaves, bodies):
            if index is None or leaf is None:
                raise Failure(5, None, "there are more bodies than leaves")
            if body is None:
                raise Failure(5, index, "the body is missing")
            kind = _type_with_a_place(judge, leaf, index)
            prefixes.skip_to(index)
            judge.admit(leaf, body)
            if kind == "attestation.signed":
                self._attested = _predicate(body)
        return judge

    # 6. and 7. Nothing is there for nothing.
    def _belongs(self, judge: Judge) -> None:
        facts = judge.facts
        attestation = next(facts.attestations(0), None) if facts.file_count else None
        if attestation is None:
            raise Failure(10, None, "the extract holds no attestation")
        for store in facts.stores.values():
            if store.leaf >= attestation.seen:
                raise Failure(6, store.leaf, "the store is not one that the attestation answers")
        for leaf in facts.reopenings(0):
            if leaf < attestation.leaf:
                raise Failure(6, leaf, "the file was reopened before it was attested")
        numbers = {attestation.key, *(demand.key for demand in facts.demands)}
        numbers |= {review.key for review in facts.reviews(0)}
        numbers |= {closure.key for closure in facts.closures}
        used = keys_used(judge.keys, (judge.keys.numbered(number).keyid for number in numbers))
        for key in judge.keys:
            if key.keyid not in used:
                raise Failure(7, key.leaf, "the key signed nothing in this extract")

    # 13. Each timestamp is over a prefix that was proved.
    def _timestamps(self, roots: dict[int, bytes]) -> tuple[int, list[tuple[int, Timestamp]]]:
        unchecked = 0
        stamped: list[tuple[int, Timestamp]] = []
        for name in self._archive.entries:
            size = stamped_size(name)
            if size is None:
                continue
            if size not in roots:
                raise Failure(13, None, f"{name} is over a prefix that no proof is about")
            if self._check_token is None:
                unchecked += 1
                continue
            response, origin = self._archive.read(name), self._trust.origin
            stamp = check_over_prefix(self._check_token, response, origin, size, roots[size], name)
            stamped.append((size, stamp))
        return unchecked, stamped


# 6. What may stand in an extract, and what may stand there once.
def _type_with_a_place(judge: Judge, leaf: bytes, index: int) -> str:
    with at_step(6, index):
        kind = parse_leaf(leaf).type
    if kind not in _ONE | _SOME:
        raise Failure(6, index, f"{kind} has no place in an extract")
    if kind in _ONE and judge.state.types[kind]:
        raise Failure(6, index, f"{kind} stands in an extract once")
    return kind


def _predicate(body: bytes) -> Mapping[str, Any]:
    """What an attestation says that the judge has just admitted."""
    name = SIGNED_TYPES["attestation.signed"]
    return open_statement(open_envelope(body, 8, 0), name, 8, 0, trusted=True).predicate


# 1. One spelling: an extract is small, so that it can simply be written again.
def _expect_our_spelling(archive: Archive, file: BinaryIO) -> None:
    writer = ZipWriter(_SameAs(file), EXTRACT)
    for name in archive.entries:
        writer.add(name, archive.read(name))
    writer.finish()


class _SameAs:
    """Takes what is written to it only where it stands in the file already."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def write(self, data: bytes) -> None:
        self._file.seek(self._at)
        if self._file.read(len(data)) != data:
            raise Failure(1, None, "the zip is not spelt as an extract's is")
        self._at += len(data)
