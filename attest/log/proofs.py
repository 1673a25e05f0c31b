"""Proofs as files: C2SP tlog-proof, and one of the same make for a prefix (docs/formats.md §9).

Both are text, and both end with the checkpoint that they lead to, so that each can be checked
by itself. `parse_*` check the shape alone; merkle.py checks what they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from attest.domain.scalars import FormatError
from attest.log.merkle import HASH_BYTES
from attest.signing import b64, unb64

INCLUSION = "c2sp.org/tlog-proof@v1"

# Enough for every tree whose size is below 2^53; a consistency proof may have one more.
MAX_HASHES = 54

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_OLD = re.compile(r"old ([1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A leaf's index, the hashes from it to the root, lowest first, and the checkpoint's bytes."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Consistency:
    """A prefix's size and root, RFC 6962 §2.1.2's hashes, and the checkpoint's bytes."""

    size: int
    root: bytes
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def write_inclusion(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """A C2SP tlog-proof (v1), without extra data."""
    return _write([INCLUSION, f"index {index}"], hashes, checkpoint)


def parse_inclusion(data: bytes) -> Inclusion:
    """Read what `write_inclusion` writes; FormatError for every other spelling."""
    lines, checkpoint = _parts(data)
    if lines[0] != INCLUSION:
        raise FormatError(f"the proof does not begin with {INCLUSION}")
    found = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if found is None:
        raise FormatError("the proof has no line with its index")
    return Inclusion(int(found[1]), _hashes(lines[2:]), checkpoint)


def write_consistency(size: int, root: bytes, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The proof that the first `size` leaves had that 32-byte root."""
    return _write([f"old {size}", b64(root)], hashes, checkpoint)


def parse_consistency(data: bytes) -> Consistency:
    """Read what `write_consistency` writes; FormatError for every other spelling."""
    lines, checkpoint = _parts(data)
    found = _OLD.fullmatch(lines[0])
    if found is None:
        raise FormatError("the proof has no line with the prefix's size")
    if len(lines) < 2:
        raise FormatError("the proof has no line with the prefix's root")
    root, *hashes = _hashes(lines[1:])
    return Consistency(int(found[1]), root, tuple(hashes), checkpoint)


def _write(first: list[str], hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    lines = [*first, *(b64(item) for item in hashes)]
    return "".join(f"{line}\n" for line in lines).encode("ascii") + b"\n" + checkpoint


def _parts(data: bytes) -> tuple[list[str], bytes]:
    """The lines before the empty one, and the bytes behind it."""
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise FormatError("the proof has no empty line before its checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeError:
        raise FormatError("the proof is not ASCII before its checkpoint") from None
    return lines, checkpoint


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_HASHES + 1:
        raise FormatError("the proof has too many hashes")
    return tuple(_hash(line) for line in lines)


def _hash(line: str) -> bytes:
    try:
        data = unb64(line)
    except ValueError:
        data = b""
    if len(data) != HASH_BYTES:
        raise FormatError("a line of the proof is not 32 bytes in base64")
    return data
