"""Extracts of which the zip, a proof or a body is bad (steps 1 to 5)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from attest.log.merkle import leaf_hash
from attest.log.proofs import parse_inclusion, write_consistency, write_inclusion
from attest.log.tree import Tree
from tests.cast import MALLORY
from tests.extracts import by_hand, entries_of, extract, zipped
from tests.logs import LogWriter, closed_log

FIRST = "list 0.xlsx"
LOG = closed_log(2, 2)
GOOD = extract(LOG, FIRST, earlier=[9])
# The leaves of LOG: 0 Anne's key, 1 2 files, 3 4 stores, 5 demand, 6 7 Oscar's key, 8
# acknowledged, 9 10 attested, 11 letter, 12 rejected, 13 the other accepted, 14 attested again,
# 15 accepted, 16 closed, 17 letter.
LEAVES = (0, 1, 3, 4, 5, 6, 7, 14, 15, 16)
SIZES = (5, 9, 14, 15, 16)


@dataclass(frozen=True)
class Bad:
    step: int
    says: str
    make: Callable[[], bytes]
    log: LogWriter = LOG


BAD: dict[str, Bad] = {}

Make = Callable[[], bytes]


def bad(step: int, says: str) -> Callable[[Make], Make]:
    """The extract that the function gives is refused so."""

    def keep(make: Make) -> Make:
        BAD[make.__name__.replace("_", " ")] = Bad(step, says, make)
        return make

    return keep


def edited(**parts: Any) -> bytes:
    """The good extract with entries replaced (by the last part of their names) or taken out."""
    entries = entries_of(GOOD)
    for name in list(entries):
        short = name.rpartition("/")[2].partition(".")[0]
        if short in parts:
            value = parts.pop(short)
            if value is None:
                del entries[name]
            else:
                entries[name] = value(entries[name])
    assert not parts
    return zipped(entries)


def holding(*leaves: int, without: tuple[int, ...] = (), sizes: tuple[int, ...] = SIZES) -> bytes:
    """An extract of LOG with some leaves more or less."""
    return zipped(by_hand(LOG, {*LEAVES, *leaves} - {*without}, sizes))


# --- 1 The zip -------------------------------------------------------------------------------


@bad(1, "not spelt")
def entries_with_a_time_of_their_own() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries_of(GOOD).items():
            archive.writestr(zipfile.ZipInfo(name, (2013, 2, 4, 9, 0, 0)), content)
    return out.getvalue()


@bad(1, "is not stored")
def deflated() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries_of(GOOD).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@bad(1, "is no name that an extract has")
def entries_of_a_bundle_among_its_own() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in [*entries_of(GOOD).items(), ("certificate.pdf", b"%PDF")]:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


@bad(1, "is no name that a bundle has")
def a_bundle_with_a_leaf_of_an_extract() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evidence/checkpoint", LOG.checkpoint())
        archive.writestr("extract/leaves.jsonl", b"")
    return out.getvalue()


@bad(1, "is missing")
def without_a_checkpoint() -> bytes:
    return edited(checkpoint=None)


@bad(1, "a comment")
def truncated() -> bytes:
    return GOOD[:-1]


@bad(1, "stands between")
def with_something_before_it() -> bytes:
    # It begins as an extract does, so that it is read as one.
    return GOOD[:38] + GOOD


# --- 2 The checkpoint ------------------------------------------------------------------------


@bad(2, "of another log")
def another_demands() -> bytes:
    return extract(closed_log(2, 2, name="another"), FIRST)


@bad(2, "one signature by the log key")
def a_checkpoint_by_another_key() -> bytes:
    note = LOG.checkpoint(key=MALLORY.key)
    return edited(checkpoint=lambda _: note.encode())


# --- 3 Inclusion -----------------------------------------------------------------------------


def proof_of(index: int) -> bytes:
    return entries_of(GOOD)[f"extract/inclusion/{index}.tlog-proof"]


@bad(3, "of another index than its name says")
def a_proof_of_another_index() -> bytes:
    return edited(**{"14": lambda _: proof_of(15)})


@bad(3, "not proved to lie in the log")
def another_leafs_proof_under_its_index() -> bytes:
    other = parse_inclusion(proof_of(15))
    return edited(**{"14": lambda _: write_inclusion(14, other.hashes, other.checkpoint)})


@bad(3, "not proved to lie in the log")
def a_leaf_swapped_for_another_of_the_log() -> bytes:
    return edited(leaves=lambda data: data.replace(LOG.leaves[14], LOG.leaves[9]))


@bad(3, "not proved to lie in the log")
def leaves_in_another_order() -> bytes:
    return edited(leaves=lambda data: b"".join(reversed(data.splitlines(keepends=True))))


@bad(3, "not proved to lie in the log")
def a_leaf_edited() -> bytes:
    return edited(leaves=lambda data: data.replace(b"T09:14:00Z", b"T09:13:00Z"))


@bad(3, "not as many proofs as leaves")
def a_proof_left_out() -> bytes:
    entries = entries_of(GOOD)
    del entries["extract/inclusion/16.tlog-proof"]
    return zipped(entries)


@bad(3, "not as many proofs as leaves")
def a_proof_too_many() -> bytes:
    return edited(leaves=lambda data: data[: data.rstrip().rfind(b"\n") + 1])


@bad(3, "leads to another checkpoint")
def a_proof_to_an_older_checkpoint() -> bytes:
    tree = Tree(map(leaf_hash, LOG.leaves[:17]))
    older = write_inclusion(14, tree.inclusion(14), LOG.checkpoint(17).encode())
    return edited(**{"14": lambda _: older})


@bad(3, "has no line with its index")
def a_proof_with_extra_data() -> bytes:
    return edited(**{"14": lambda data: data.replace(b"index", b"extra AAAA\nindex")})


# --- 4 Prefixes ------------------------------------------------------------------------------


def prefix_proof(size: int, of: int, root: bytes | None = None) -> bytes:
    tree = Tree(map(leaf_hash, LOG.leaves))
    return write_consistency(
        size, root or tree.root(size), tree.consistency(of), LOG.checkpoint().encode()
    )


@bad(4, "does not prove a prefix")
def a_consistency_proof_of_another_size() -> bytes:
    return edited(**{"9": lambda _: prefix_proof(9, 8)})


@bad(4, "does not prove a prefix")
def a_consistency_proof_for_another_root() -> bytes:
    return edited(**{"9": lambda _: prefix_proof(9, 9, LOG.root(8))})


@bad(4, "does not prove a prefix")
def a_consistency_proof_of_a_power_of_two_for_another_root() -> bytes:
    entries = by_hand(LOG, LEAVES, (*SIZES, 8))
    entries["extract/consistency/8"] = prefix_proof(8, 8, LOG.root(9))
    return zipped(entries)


@bad(4, "about a prefix of another size")
def a_consistency_proof_under_another_name() -> bytes:
    return edited(**{"9": lambda _: prefix_proof(8, 8)})


@bad(4, "does not prove a prefix")
def a_consistency_proof_of_the_whole() -> bytes:
    entries = by_hand(LOG, LEAVES, SIZES)
    note = LOG.checkpoint().encode()
    entries["extract/consistency/18"] = write_consistency(18, LOG.root(), [], note)
    return zipped(entries)


# --- 5 Bodies --------------------------------------------------------------------------------


@bad(5, "does not hash")
def a_body_edited() -> bytes:
    return edited(bodies=lambda data: data.replace(b'"label":"Share 0"', b'"label":"Share X"'))


@bad(5, "does not hash")
def a_body_withheld() -> bytes:
    withheld = b'{"withheld":"%s"}\n' % LOG.leaves[3].split(b'"body":"')[1][:64]
    return edited(
        bodies=lambda data: b"".join(
            withheld if line == (LOG.bodies[3] or b"") + b"\n" else line
            for line in data.splitlines(keepends=True)
        )
    )


@bad(5, "more bodies than leaves")
def a_body_too_many() -> bytes:
    return edited(bodies=lambda data: data + (LOG.bodies[2] or b"") + b"\n")


@bad(5, "the body is missing")
def a_body_left_out() -> bytes:
    return edited(bodies=lambda data: data[: data.rstrip().rfind(b"\n") + 1])
