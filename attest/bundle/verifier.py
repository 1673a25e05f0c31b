"""Verify a bundle: the thirteen steps of docs/formats.md §6, in their order.

1.  The zip is as §5 says (archive.py).
2.  The checkpoint parses strictly, its origin is `trust.origin`, the pinned log key signed it.
3.  Leaves hash to the checkpoint's size and root; all prefix roots are kept on the way.
4.  Every checkpoint in `trust.seen` and `earlier/` is a prefix: right key, size ≤ n, same root.
5.  Every body hashes to its leaf's `body`; withheld ones only of the types in `mayWithhold`.
6.  to 12. Each leaf with its body (judge.py).
13. Timestamps are over the prefix of their size, up to one of `tsaRoots` (token.py; without
    roots they are counted, and not checked); attachments hash to their names, each named by an
    `evidence.added` that is not withheld.

Then, outside the steps, what the verifier's trust makes of it (trusted.py).

The bundle is read three times, first for its checksums, then its leaves alone, then leaves and
bodies together, and never kept: about 200 bytes of memory a leaf, names aside. The verifier's
clock is never used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from attest.bundle.algorithms import CheckSignature
from attest.bundle.archive import Archive
from attest.bundle.extract_layout import is_extract
from attest.bundle.extract_verifier import verify_extract
from attest.bundle.failure import Failure, at_step
from attest.bundle.judge import Judge
from attest.bundle.layout import (
    ATTACHMENTS,
    BODIES,
    CERTIFICATE,
    CHECKPOINT,
    LEAVES,
    MAX_BODY,
    MAX_LEAF,
    MAX_LEAVES,
    README,
    earlier_size,
    timestamp_size,
)
from attest.bundle.timestamps import CheckToken, check_over_prefix, token_checker
from attest.bundle.token import Timestamp
from attest.bundle.trust import Trust
from attest.bundle.trusted import trusted_views
from attest.bundle.verified import Verified
from attest.bundle.withheld import unless_withheld
from attest.bundle.witnesses import Witnesses
from attest.log.checkpoint import Checkpoint, open_checkpoint
from attest.log.merkle import EMPTY_ROOT, HASH_BYTES, Frontier, leaf_hash


def verify(
    bundle: Path | BinaryIO, trust: Trust, check_signature: CheckSignature | None = None
) -> Verified:
    """Take a bundle through all steps, or an extract through those that it allows.

    `check_signature` checks the signatures of certificates and timestamps; without `tsaRoots` in
    the trust file it is asked for nothing. Raises Failure where a step refuses, CannotVerify
    where nothing can be said, and OSError where the file cannot be read.
    """
    check_token = token_checker(trust, check_signature)
    if isinstance(bundle, Path):
        with bundle.open("rb") as file:
            return verify(file, trust, check_signature)
    if is_extract(bundle):
        return verify_extract(bundle, trust, check_token)
    return _Verification(bundle, trust, check_token).run()


class _Verification:
    """One run. Each method is a step, or a few."""

    def __init__(self, file: BinaryIO, trust: Trust, check_token: CheckToken | None) -> None:
        self._file = file
        self._trust = trust
        self._check_token = check_token
        self._stamped: list[tuple[int, Timestamp]] = []

    def run(self) -> Verified:
        # 1. The zip. What is read in pieces between other steps, and what no step reads, must
        #    unpack: whatever is wrong with that is found here, however large the pieces are.
        archive = Archive(self._file)
        for name in (LEAVES, BODIES, CERTIFICATE, README):
            if name in archive.entries:
                _drain(archive, name)
        # 2. The newest checkpoint.
        with at_step(2):
            checkpoint = self._open(archive.read(CHECKPOINT))
        # 3. The leaves alone, with the root of every prefix.
        roots = self._roots(archive, checkpoint)
        # 4. Older checkpoints.
        received = self._older(archive, checkpoint, roots)
        del roots  # the judge keeps its own
        # 5. to 12. Leaves and bodies.
        judge = self._judge(archive, checkpoint)
        # 13. What lies beside the log.
        timestamps, attachments = self._beside(archive, judge)
        witnesses = Witnesses(
            received, ((size, stamp.proved, stamp.tsa) for size, stamp in self._stamped)
        )
        return Verified(
            checkpoint=checkpoint,
            judge=judge,
            witnesses=witnesses,
            trusted=trusted_views(judge, self._trust, witnesses),
            timestamps=timestamps,
            attachments=attachments,
            certificate=CERTIFICATE in archive.entries,
            stamped=tuple(self._stamped),
        )

    def _open(self, note: bytes | str) -> Checkpoint:
        return open_checkpoint(note, self._trust.origin, self._trust.log_key)

    # 3. Size and root, and all prefix roots on the way.
    def _roots(self, archive: Archive, checkpoint: Checkpoint) -> bytearray:
        frontier = Frontier()
        roots = bytearray()
        for leaf in archive.lines(LEAVES, MAX_LEAF):
            if frontier.size == min(checkpoint.size, MAX_LEAVES):
                raise Failure(3, frontier.size, "there are more leaves than the checkpoint says")
            frontier.append(leaf_hash(leaf))
            roots += frontier.root
        if frontier.size != checkpoint.size:
            raise Failure(
                3, None, f"there are {frontier.size} leaves, and should be {checkpoint.size}"
            )
        if frontier.root != checkpoint.root:
            raise Failure(3, None, "the leaves do not hash to the checkpoint's root")
        return roots

    # 4. Every older checkpoint is a prefix.
    def _older(
        self, archive: Archive, newest: Checkpoint, roots: bytearray
    ) -> list[tuple[int, datetime]]:
        received = []
        for item in self._trust.seen:
            older = self._prefix(item.note, newest, roots, "trust.seen")
            received.append((older, item.received_at))
        for name in archive.entries:
            size = earlier_size(name)
            if size is not None and self._prefix(archive.read(name), newest, roots, name) != size:
                raise Failure(4, None, f"{name} holds a checkpoint of another size")
        return received

    def _prefix(self, note: bytes | str, newest: Checkpoint, roots: bytearray, name: str) -> int:
        with at_step(4):
            older = self._open(note)
        if older.size > newest.size:
            raise Failure(
                4,
                None,
                f"{name}: a checkpoint over {older.size} leaves exists, so some are missing",
            )
        end = older.size * HASH_BYTES
        root = bytes(roots[end - HASH_BYTES : end]) if older.size else EMPTY_ROOT
        if older.root != root:
            raise Failure(
                4, None, f"{name}: a checkpoint shows another past, of {older.size} leaves"
            )
        return older.size

    # 5. to 12. One leaf after the other, with its body.
    def _judge(self, archive: Archive, checkpoint: Checkpoint) -> Judge:
        judge = Judge(
            self._trust.origin,
            self._trust.demand_id,
            may_withhold=self._trust.may_withhold,
            pinned=self._trust.pinned,
        )
        leaves = archive.lines(LEAVES, MAX_LEAF)
        bodies = archive.lines(BODIES, MAX_BODY)
        for leaf, body in zip_longest(leaves, bodies):
            if leaf is None:
                raise Failure(5, None, "there are more bodies than leaves")
            if body is None:
                raise Failure(5, judge.size, "the body is missing")
            judge.admit(leaf, unless_withheld(body, leaf, judge.size))
        # The second reading must have shown the leaves of the first.
        if (judge.size, judge.root) != (checkpoint.size, checkpoint.root):
            raise Failure(3, None, "the file changed while it was being read")
        return judge

    # 13. Timestamps and attachments.
    def _beside(self, archive: Archive, judge: Judge) -> tuple[int, int]:
        timestamps = attachments = 0
        for name in archive.entries:
            size = timestamp_size(name)
            if size is not None:
                if size > judge.size:
                    raise Failure(13, None, f"{name} is over more leaves than there are")
                if self._check_token is None:
                    _drain(archive, name)
                    timestamps += 1
                else:
                    self._timestamp(archive.read(name), size, judge, name, self._check_token)
            elif name.startswith(ATTACHMENTS):
                self._attachment(archive, name, judge)
                attachments += 1
        return timestamps, attachments

    def _timestamp(
        self, response: bytes, size: int, judge: Judge, name: str, check: CheckToken
    ) -> None:
        root = judge.root_at(size)
        stamp = check_over_prefix(check, response, self._trust.origin, size, root, name)
        self._stamped.append((size, stamp))

    def _attachment(self, archive: Archive, name: str, judge: Judge) -> None:
        wanted = name.removeprefix(ATTACHMENTS)
        if bytes.fromhex(wanted) not in judge.state.evidence:
            raise Failure(13, None, f"{name} is not named by any evidence.added")
        digest = hashlib.sha256()
        for chunk in archive.chunks(name):
            digest.update(chunk)
        if digest.hexdigest() != wanted:
            raise Failure(13, None, f"{name} does not hash to its name")


def _drain(archive: Archive, name: str) -> None:
    chunks: Iterator[bytes] = archive.chunks(name)
    for _ in chunks:
        pass
