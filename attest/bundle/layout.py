"""The bundle's entries and the zip records around them (docs/formats.md §5; PKWARE APPNOTE 6.3).

Packing and reading share this page, so that what one writes is what the other takes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from attest.domain.scalars import is_sha256

CHECKPOINT = "evidence/checkpoint"
LEAVES = "evidence/leaves.jsonl"
BODIES = "evidence/bodies.jsonl"
EARLIER = "evidence/earlier/"
TIMESTAMPS = "evidence/timestamps/"
ATTACHMENTS = "attachments/"
CERTIFICATE = "certificate.pdf"
README = "README.txt"

MUST = (CHECKPOINT, LEAVES, BODIES)

MAX_LEAVES = 4_000_000
MAX_LEAF = 512
MAX_BODY = 1024 * 1024
MAX_NOTE = 64 * 1024
MAX_TIMESTAMP = 64 * 1024
MAX_ATTACHMENT = 4 * 1024**3
MAX_CERTIFICATE = 256 * 1024 * 1024
MAX_README = 1024 * 1024

_SIZE = r"([1-9][0-9]{0,6})"
_EARLIER = re.compile(re.escape(EARLIER) + _SIZE)
_TIMESTAMP = re.compile(re.escape(TIMESTAMPS) + _SIZE + r"\.tsr")

# A place is a section and what orders entries inside it.
Place = tuple[int, int, str]


def place(name: str) -> Place | None:
    """Where an entry of this name stands in the bundle; None for a name that no bundle has."""
    if name in _FIXED:
        return (_FIXED[name][0], 0, "")
    size = earlier_size(name)
    if size is not None:
        return (3, size, "")
    size = timestamp_size(name)
    if size is not None:
        return (4, size, "")
    if name.startswith(ATTACHMENTS) and is_sha256(name.removeprefix(ATTACHMENTS)):
        return (5, 0, name)
    return None


def most_bytes(name: str) -> int:
    """How large an entry of an allowed name may be, unpacked."""
    if name in _FIXED:
        return _FIXED[name][1]
    if name.startswith(ATTACHMENTS):
        return MAX_ATTACHMENT
    return MAX_NOTE if name.startswith(EARLIER) else MAX_TIMESTAMP


def earlier_size(name: str) -> int | None:
    """The size in the name of an older checkpoint, None for other names."""
    return _in_name(_EARLIER, name)


def timestamp_size(name: str) -> int | None:
    """The size in the name of a timestamp, None for other names."""
    return _in_name(_TIMESTAMP, name)


def withheld_line(body_hash: str) -> bytes:
    """What stands in the place of a body that was erased, without the line's end."""
    return b'{"withheld":"%s"}' % body_hash.encode("ascii")


def _in_name(pattern: re.Pattern[str], name: str) -> int | None:
    found = pattern.fullmatch(name)
    size = int(found[1]) if found else 0
    return size if 0 < size <= MAX_LEAVES else None


_FIXED: dict[str, tuple[int, int]] = {
    CHECKPOINT: (0, MAX_NOTE),
    LEAVES: (1, MAX_LEAVES * (MAX_LEAF + 1)),
    BODIES: (2, MAX_LEAVES * (MAX_BODY + 1)),
    CERTIFICATE: (6, MAX_CERTIFICATE),
    README: (7, MAX_README),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which entries a zip of ours has: their places, how large each may be, and which are musts."""

    what: str  # in sentences: "bundle"
    one: str  # "a bundle"
    place: Callable[[str], Place | None]
    most_bytes: Callable[[str], int]
    must: tuple[str, ...]


BUNDLE = Layout("bundle", "a bundle", place, most_bytes, MUST)

# --- The zip format's records, little-endian -------------------------------------------------

STORED = 0
DEFLATED = 8

LOCAL = struct.Struct("<4sHHHHHIIIHH")
LOCAL_MAGIC = b"PK\x03\x04"
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
CENTRAL_MAGIC = b"PK\x01\x02"
END = struct.Struct("<4sHHHHIIH")
END_MAGIC = b"PK\x05\x06"
END64 = struct.Struct("<4sQHHIIQQQQ")
END64_MAGIC = b"PK\x06\x06"
LOCATOR64 = struct.Struct("<4sIQI")
LOCATOR64_MAGIC = b"PK\x06\x07"

MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF
ZIP64_EXTRA = 0x0001
END64_REST = END64.size - 12  # the record's own size, less its first two members

VERSION_PLAIN = 20
VERSION_64 = 45

# 1 January 1980, 00:00, the oldest moment that a zip can name: a bundle has no clock.
NO_TIME = 0
NO_DATE = (0 << 9) | (1 << 5) | 1

# Made on Unix, a regular file that anybody may read (0644).
MADE_BY = 3 << 8
ATTRIBUTES = 0o100644 << 16
