"""Write the extract of one file: the smallest thing that proves its attestation.

For somebody who must not see the other files (docs/formats.md §9). The log is read twice: once
to judge it and to build its tree, once to take what belongs to the file. Nothing here verifies
whether the log key signed the checkpoint: whoever gets the extract does, with a trust file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import zip_longest
from typing import BinaryIO, Protocol

from attest.bundle import extract_layout as parts
from attest.bundle.archive import Archive
from attest.bundle.extract_choice import (
    CannotExtract,
    Choice,
    choose,
    find_file,
)
from attest.bundle.failure import Failure
from attest.bundle.judge import WITHHOLDABLE, Judge
from attest.bundle.layout import (
    BODIES,
    CHECKPOINT,
    LEAVES,
    MAX_BODY,
    MAX_LEAF,
    README,
    TIMESTAMPS,
    earlier_size,
    timestamp_size,
)
from attest.bundle.opening import open_envelope, open_statement
from attest.bundle.withheld import unless_withheld
from attest.bundle.zip_writer import Output, ZipWriter
from attest.log.checkpoint import Checkpoint, parse_checkpoint
from attest.log.leaf import parse_leaf
from attest.log.merkle import leaf_hash
from attest.log.proofs import write_consistency, write_inclusion
from attest.log.tree import Tree
from attest.statements.bodies import KEY_TYPES, SIGNED_TYPES
from attest.statements.canonical import FormatError

__all__ = ["BundleLog", "CannotExtract", "Choice", "Log", "write_extract"]

README_TEXT = """\
This is an extract of Attest: what proves the attestation of one file, taken out of the log of
one deletion demand. The other files of that demand are not in it.

Do not believe what it says because it says so. Verify it, with a trust file that you keep
yourself and never take from whoever gave you the extract:

    attest verify EXTRACT --trust TRUST

Exit status: 1 failed, 2 unreadable, 3 intact, and the report says what an extract cannot show.
It is never 0: a whole bundle says more.
"""

# Taken from the log, and put into the extract as it stands.
_Entry = tuple[bytes, bytes]


class Log(Protocol):
    """A whole log, which can be read more than once."""

    @property
    def checkpoint(self) -> bytes:
        """The newest checkpoint."""

    @property
    def earlier(self) -> Collection[int]:
        """The sizes of older checkpoints that were sent out."""

    @property
    def stamped(self) -> Collection[int]:
        """The sizes over which there are timestamps."""

    def timestamp(self, size: int) -> bytes:
        """The timestamp over a size that `stamped` lists."""

    def entries(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Each leaf with its body, None where the body was erased."""


class BundleLog:
    """The log of a bundle."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises CannotExtract for what is no bundle."""
        if parts.is_extract(file):
            raise CannotExtract("This is an extract already: it holds one file alone.")
        try:
            self._archive = Archive(file)
            self.checkpoint = self._archive.read(CHECKPOINT)
        except Failure as failure:
            raise CannotExtract(_broken(failure)) from failure
        sizes = (earlier_size(name) for name in self._archive.entries)
        self.earlier = tuple(size for size in sizes if size is not None)
        sizes = (timestamp_size(name) for name in self._archive.entries)
        self.stamped = tuple(size for size in sizes if size is not None)

    def timestamp(self, size: int) -> bytes:
        """The timestamp over that size. Raises Failure where it is not as promised."""
        return self._archive.read(f"{TIMESTAMPS}{size}.tsr")

    def entries(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Each leaf with its body. Raises Failure for entries that are not as promised."""
        leaves = self._archive.lines(LEAVES, MAX_LEAF)
        bodies = self._archive.lines(BODIES, MAX_BODY)
        for index, (leaf, body) in enumerate(zip_longest(leaves, bodies)):
            if leaf is None or body is None:
                raise Failure(5, index, "there are not as many bodies as leaves")
            yield leaf, unless_withheld(body, leaf, index)


def write_extract(out: Output, log: Log, wanted: str) -> Choice:
    """Write the extract of the file with this fileId or exact name. The same log, the same bytes.

    Raises CannotExtract, before anything is written.
    """
    try:
        checkpoint = parse_checkpoint(log.checkpoint)
        judge, tree = _judged(log, checkpoint)
        choice = choose(judge, find_file(judge, wanted))
        taken = _taken(log, choice.leaves)
        stamps = {size: log.timestamp(size) for size in _covering(log, choice, tree.size)}
    except (Failure, FormatError) as failure:
        raise CannotExtract(_broken(failure)) from failure
    if len(taken) > parts.MAX_EXTRACTED or _size(taken) > parts.MAX_BODIES:
        raise CannotExtract("What was said about this file is more than an extract can hold.")
    sizes = {*_seen(taken), *log.earlier, *stamps}
    writer = ZipWriter(out, parts.EXTRACT)
    writer.add(parts.CHECKPOINT, log.checkpoint)
    writer.add(parts.LEAVES, b"".join(leaf + b"\n" for leaf, _ in taken))
    writer.add(parts.BODIES, b"".join(body + b"\n" for _, body in taken))
    for index in choice.leaves:
        proof = write_inclusion(index, tree.inclusion(index), log.checkpoint)
        writer.add(f"{parts.INCLUSION}{index}.tlog-proof", proof)
    for size in sorted(size for size in sizes if 0 < size < tree.size):
        proof = write_consistency(size, tree.root(size), tree.consistency(size), log.checkpoint)
        writer.add(f"{parts.CONSISTENCY}{size}", proof)
    for size, stamp in sorted(stamps.items()):
        writer.add(f"{parts.TIMESTAMPS}{size}.tsr", stamp)
    writer.add(README, README_TEXT.encode("utf-8"))
    writer.finish()
    return choice


def _judged(log: Log, checkpoint: Checkpoint) -> tuple[Judge, Tree]:
    """What the log says, and its tree. Signatures are left to whoever verifies the extract."""
    judge = Judge(
        checkpoint.origin,
        checkpoint.origin.rpartition("/")[2],
        may_withhold=WITHHOLDABLE,
        check_signatures=False,
    )
    tree = Tree()
    for leaf, body in log.entries():
        judge.admit(leaf, body)
        tree.append(leaf_hash(leaf))
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise Failure(3, None, "the leaves do not hash to the checkpoint's root")
    return judge, tree


def _taken(log: Log, leaves: Collection[int]) -> list[_Entry]:
    wanted = frozenset(leaves)
    return [
        (leaf, body)
        for index, (leaf, body) in enumerate(log.entries())
        if index in wanted and body is not None
    ]


def _covering(log: Log, choice: Choice, most: int) -> set[int]:
    """The sizes of the first timestamp over each leaf taken, and of the newest one."""
    sizes = sorted(size for size in log.stamped if size <= most)
    firsts = (bisect_right(sizes, leaf) for leaf in choice.leaves)
    found = {sizes[place] for place in firsts if place < len(sizes)}
    return found | set(sizes[-1:])


def _seen(taken: list[_Entry]) -> Iterator[int]:
    """The sizes of the prefixes that the statements name."""
    for leaf, body in taken:
        kind = parse_leaf(leaf).type
        if kind in SIGNED_TYPES and kind not in KEY_TYPES:
            envelope = open_envelope(body, 8, 0)
            statement = open_statement(envelope, SIGNED_TYPES[kind], 8, 0, trusted=True)
            yield int(statement.predicate["seen"]["size"])


def _size(taken: list[_Entry]) -> int:
    return sum(len(body) + 1 for _, body in taken)


def _broken(why: Exception) -> str:
    return f"The bundle cannot be extracted from, because it is not intact: {why}."
