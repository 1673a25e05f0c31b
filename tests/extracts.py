"""Takes extracts out of tests' logs, by the writer and by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from attest.bundle.extract import BundleLog, write_extract
from attest.bundle.extract_layout import EXTRACT
from attest.bundle.zip_writer import ZipWriter
from attest.log.merkle import leaf_hash
from attest.log.proofs import write_consistency, write_inclusion
from attest.log.tree import Tree
from tests.logs import LogWriter
from tests.packing import packed

Entries = dict[str, bytes]


def extract(log: LogWriter, wanted: str, *, earlier: Iterable[int] = ()) -> bytes:
    """The extract of a file, through the log's bundle."""
    bundle = packed(log, earlier={size: log.checkpoint(size) for size in earlier})
    return extract_of(bundle, wanted)


def extract_of(bundle: bytes, wanted: str) -> bytes:
    """The extract of a file, out of a bundle."""
    out = io.BytesIO()
    write_extract(out, BundleLog(io.BytesIO(bundle)), wanted)
    return out.getvalue()


def by_hand(log: LogWriter, leaves: Iterable[int], sizes: Iterable[int]) -> Entries:
    """An extract's entries as somebody would make them who holds the whole log and its key."""
    tree = Tree(map(leaf_hash, log.leaves))
    note = log.checkpoint().encode()
    taken = sorted(leaves)
    entries = {
        "extract/checkpoint": note,
        "extract/leaves.jsonl": b"".join(log.leaves[index] + b"\n" for index in taken),
        "extract/bodies.jsonl": b"".join((log.bodies[index] or b"") + b"\n" for index in taken),
    }
    for index in taken:
        name = f"extract/inclusion/{index}.tlog-proof"
        entries[name] = write_inclusion(index, tree.inclusion(index), note)
    for size in sorted(sizes):
        name = f"extract/consistency/{size}"
        entries[name] = write_consistency(size, tree.root(size), tree.consistency(size), note)
    return entries


def entries_of(data: bytes) -> Entries:
    """An extract's entries, by an unzipper that is not ours."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """The entries as a well-made extract, in the order in which they come."""
    out = io.BytesIO()
    writer = ZipWriter(out, EXTRACT)
    for name, content in entries.items():
        writer.add(name, content)
    writer.finish()
    return out.getvalue()
