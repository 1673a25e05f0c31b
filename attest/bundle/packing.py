"""Write a bundle (docs/formats.md §5): the same state gives the same bytes.

Entries have no time of their own and fixed attributes. The two lists of lines are deflated,
everything else is stored. Sizes are known before a header is written, so that no entry needs a
data descriptor and the output needs not be sought: it may be a socket.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from attest.bundle.layout import (
    ATTACHMENTS,
    ATTRIBUTES,
    BODIES,
    CENTRAL,
    CENTRAL_MAGIC,
    CERTIFICATE,
    CHECKPOINT,
    DEFLATED,
    EARLIER,
    END,
    END64,
    END64_MAGIC,
    END64_REST,
    END_MAGIC,
    LEAVES,
    LOCAL,
    LOCAL_MAGIC,
    LOCATOR64,
    LOCATOR64_MAGIC,
    MADE_BY,
    MAX16,
    MAX32,
    NO_DATE,
    NO_TIME,
    README,
    STORED,
    TIMESTAMPS,
    VERSION_64,
    VERSION_PLAIN,
    ZIP64_EXTRA,
    most_bytes,
    place,
    withheld_line,
)

__all__ = ["README_TEXT", "pack", "withheld_line"]

_CHUNK = 64 * 1024
_IN_MEMORY = 4 * 1024 * 1024

# One level for ever: another one gives other bytes.
_LEVEL = 6

README_TEXT = """\
This is a bundle of Attest: the evidence about one deletion demand.

evidence/         what counts: the log with everything that was signed, and its checkpoint
attachments/      files that were added as evidence
certificate.pdf   a rendering for people; it proves nothing

Do not believe what it says because it says so. Verify it, with the trust file that you keep
yourself and never take from a bundle:

    attest verify BUNDLE --trust TRUST

Or, with Python and PyNaCl alone: python -m attest.bundle BUNDLE --trust TRUST
Exit status: 0 verified, 1 failed, 2 unreadable, 3 intact, but not all of it is trusted.
"""


class Output(Protocol):
    """Anything that bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


def pack(
    out: Output,
    *,
    checkpoint: str | bytes,
    leaves: Iterable[bytes],
    bodies: Iterable[bytes],
    earlier: Mapping[int, str | bytes] | None = None,
    timestamps: Mapping[int, bytes] | None = None,
    attachments: Mapping[str, Path | bytes] | None = None,
    certificate: bytes | None = None,
    readme: str | None = README_TEXT,
) -> None:
    """Write the whole bundle.

    `leaves` and `bodies` are lines without their ends, read once, one after the other; an erased
    body is a `withheld_line`. `earlier` and `timestamps` go by size, `attachments` by SHA-256.
    """
    writer = _Writer(out)
    writer.add(CHECKPOINT, _bytes(checkpoint))
    writer.add_lines(LEAVES, leaves)
    writer.add_lines(BODIES, bodies)
    for size, note in sorted((earlier or {}).items()):
        writer.add(f"{EARLIER}{size}", _bytes(note))
    for size, token in sorted((timestamps or {}).items()):
        writer.add(f"{TIMESTAMPS}{size}.tsr", token)
    for digest, content in sorted((attachments or {}).items()):
        writer.add(f"{ATTACHMENTS}{digest}", content)
    if certificate is not None:
        writer.add(CERTIFICATE, certificate)
    if readme is not None:
        writer.add(README, readme.encode("utf-8"))
    writer.finish()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class _Writer:
    """A zip that is only ever written forwards."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._offset = 0
        self._entries: list[_Entry] = []

    def add(self, name: str, content: bytes | Path) -> None:
        """Store an entry. A file is read twice: for its checksum, then for its bytes."""
        crc = size = 0
        with _reader(content) as source:
            for chunk in _chunks(source):
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        with _reader(content) as source:
            self._write_entry(name, STORED, crc, size, size, source)

    def add_lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Deflate lines into an entry, each ended by LF."""
        crc = size = 0
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as packed:
            for line in lines:
                data = line + b"\n"
                crc, size = zlib.crc32(data, crc), size + len(data)
                packed.write(deflate.compress(data))
            packed.write(deflate.flush())
            length = packed.tell()
            packed.seek(0)
            self._write_entry(name, DEFLATED, crc, length, size, packed)

    def finish(self) -> None:
        """Write the central directory and the end records."""
        start = self._offset
        for entry in self._entries:
            self._write(_central(entry))
        length = self._offset - start
        count = len(self._entries)
        if count >= MAX16 or start >= MAX32 or length >= MAX32:
            end64 = self._offset
            self._write(
                END64.pack(
                    END64_MAGIC, END64_REST, MADE_BY | VERSION_64, VERSION_64, 0, 0,
                    count, count, length, start,
                )
            )  # fmt: skip
            self._write(LOCATOR64.pack(LOCATOR64_MAGIC, 0, end64, 1))
        few = min(count, MAX16)
        self._write(END.pack(END_MAGIC, 0, 0, few, few, min(length, MAX32), min(start, MAX32), 0))

    def _write_entry(
        self, name: str, method: int, crc: int, packed: int, size: int, content: IO[bytes]
    ) -> None:
        if place(name) is None or size > most_bytes(name):
            raise ValueError(f"no bundle has an entry {name} of {size} bytes")
        entry = _Entry(name.encode("ascii"), method, crc, packed, size, self._offset)
        self._entries.append(entry)
        self._write(_local(entry))
        written = 0
        for chunk in _chunks(content):
            self._write(chunk)
            written += len(chunk)
        if written != packed:
            raise ValueError(f"{name} changed while it was being packed")

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)


def _local(entry: _Entry) -> bytes:
    large = max(entry.size, entry.packed) >= MAX32
    extra = struct.pack("<HHQQ", ZIP64_EXTRA, 16, entry.size, entry.packed) if large else b""
    return (
        LOCAL.pack(
            LOCAL_MAGIC,
            VERSION_64 if large else VERSION_PLAIN,
            0,
            entry.method,
            NO_TIME,
            NO_DATE,
            entry.crc,
            MAX32 if large else entry.packed,
            MAX32 if large else entry.size,
            len(entry.name),
            len(extra),
        )
        + entry.name
        + extra
    )


def _central(entry: _Entry) -> bytes:
    large = max(entry.size, entry.packed) >= MAX32
    far = entry.offset >= MAX32
    members = b""
    if large:
        members += struct.pack("<QQ", entry.size, entry.packed)
    if far:
        members += struct.pack("<Q", entry.offset)
    extra = struct.pack("<HH", ZIP64_EXTRA, len(members)) + members if members else b""
    # The version is the local header's: the reader wants the two to agree.
    version = VERSION_64 if large else VERSION_PLAIN
    return (
        CENTRAL.pack(
            CENTRAL_MAGIC,
            MADE_BY | version,
            version,
            0,
            entry.method,
            NO_TIME,
            NO_DATE,
            entry.crc,
            MAX32 if large else entry.packed,
            MAX32 if large else entry.size,
            len(entry.name),
            len(extra),
            0,
            0,
            0,
            ATTRIBUTES,
            MAX32 if far else entry.offset,
        )
        + entry.name
        + extra
    )


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text


def _reader(content: bytes | Path) -> IO[bytes]:
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
