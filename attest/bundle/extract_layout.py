"""The entries of an extract: what proves one file's attestation alone (docs/formats.md §9)."""

from __future__ import annotations

import re
from typing import BinaryIO

from attest.bundle.layout import (
    LOCAL,
    LOCAL_MAGIC,
    MAX_LEAF,
    MAX_LEAVES,
    MAX_NOTE,
    MAX_README,
    MAX_TIMESTAMP,
    README,
    Layout,
    Place,
)

FOLDER = "extract/"
CHECKPOINT = f"{FOLDER}checkpoint"
LEAVES = f"{FOLDER}leaves.jsonl"
BODIES = f"{FOLDER}bodies.jsonl"
INCLUSION = f"{FOLDER}inclusion/"
CONSISTENCY = f"{FOLDER}consistency/"
TIMESTAMPS = f"{FOLDER}timestamps/"

# Room for an attestation of 10,000 stores, and for what was signed about it.
MAX_EXTRACTED = 50_000
MAX_BODIES = 256 * 1024 * 1024
# A proof is at most 55 hashes of 45 bytes, and the checkpoint.
MAX_PROOF = MAX_NOTE + 4 * 1024

_INCLUSION = re.compile(re.escape(INCLUSION) + r"(0|[1-9][0-9]{0,6})\.tlog-proof")
_SIZE = r"([1-9][0-9]{0,6})"
_CONSISTENCY = re.compile(re.escape(CONSISTENCY) + _SIZE)
_TIMESTAMP = re.compile(re.escape(TIMESTAMPS) + _SIZE + r"\.tsr")


def place(name: str) -> Place | None:
    """Where an entry of this name stands in an extract; None for a name that no extract has."""
    if name in _FIXED:
        return (_FIXED[name][0], 0, "")
    index = inclusion_index(name)
    if index is not None:
        return (3, index, "")
    size = consistency_size(name)
    if size is not None:
        return (4, size, "")
    size = stamped_size(name)
    return None if size is None else (5, size, "")


def most_bytes(name: str) -> int:
    """How large an entry of an allowed name may be."""
    if name in _FIXED:
        return _FIXED[name][1]
    return MAX_TIMESTAMP if name.startswith(TIMESTAMPS) else MAX_PROOF


def inclusion_index(name: str) -> int | None:
    """The leaf in the name of an inclusion proof, None for other names."""
    found = _INCLUSION.fullmatch(name)
    index = int(found[1]) if found else MAX_LEAVES
    return index if index < MAX_LEAVES else None


def consistency_size(name: str) -> int | None:
    """The size in the name of a consistency proof, None for other names."""
    return _size(_CONSISTENCY, name)


def stamped_size(name: str) -> int | None:
    """The size in the name of a timestamp, None for other names."""
    return _size(_TIMESTAMP, name)


def is_extract(file: BinaryIO) -> bool:
    """Does the zip begin with an entry of an extract? Whether it is a good one is not asked."""
    file.seek(0)
    header = file.read(LOCAL.size + len(FOLDER))
    return header.startswith(LOCAL_MAGIC) and header[LOCAL.size :] == FOLDER.encode("ascii")


def _size(pattern: re.Pattern[str], name: str) -> int | None:
    found = pattern.fullmatch(name)
    size = int(found[1]) if found else 0
    return size if 0 < size <= MAX_LEAVES else None


_FIXED: dict[str, tuple[int, int]] = {
    CHECKPOINT: (0, MAX_NOTE),
    LEAVES: (1, MAX_EXTRACTED * (MAX_LEAF + 1)),
    BODIES: (2, MAX_BODIES),
    README: (6, MAX_README),
}

EXTRACT = Layout("extract", "an extract", place, most_bytes, (CHECKPOINT, LEAVES, BODIES))
