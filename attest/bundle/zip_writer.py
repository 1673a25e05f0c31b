"""Write a zip of ours forwards (docs/formats.md §5): the same content gives the same bytes.

Entries have no time of their own and fixed attributes. Sizes are known before a header is
written, so that no entry needs a data descriptor and the output needs not be sought: it may be
a socket.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, runtime_checkable

from attest.bundle.layout import (
    ATTRIBUTES,
    CENTRAL,
    CENTRAL_MAGIC,
    DEFLATED,
    END,
    END64,
    END64_MAGIC,
    END64_REST,
    END_MAGIC,
    LOCAL,
    LOCAL_MAGIC,
    LOCATOR64,
    LOCATOR64_MAGIC,
    MADE_BY,
    MAX16,
    MAX32,
    NO_DATE,
    NO_TIME,
    STORED,
    VERSION_64,
    VERSION_PLAIN,
    ZIP64_EXTRA,
    Layout,
)

_CHUNK = 64 * 1024
_IN_MEMORY = 4 * 1024 * 1024

# One level for ever: another one gives other bytes.
_LEVEL = 6


class Output(Protocol):
    """Anything that bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that lie elsewhere and whose size and CRC-32 are known, so that they are read once."""

    size: int
    crc: int
    read: Callable[[], Iterable[bytes]]


@runtime_checkable
class Splicing(Protocol):
    """An output that can remember where foreign bytes go, and read them when it is sent."""

    def splice(self, content: Content, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What both headers of an entry say."""

    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class ZipWriter:
    """A zip that is only ever written forwards."""

    def __init__(self, out: Output, layout: Layout) -> None:
        self._out = out
        self._layout = layout
        self._offset = 0
        self._entries: list[Entry] = []

    def add(self, name: str, content: bytes | Path | Content) -> None:
        """Store an entry. A file is read twice: for its checksum, then for its bytes."""
        if isinstance(content, Content):
            self._splice(name, content)
            return
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
            self._write(central_header(entry))
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
        self._begin(name, method, crc, packed, size)
        self._copy(name, packed, _chunks(content))

    def _splice(self, name: str, content: Content) -> None:
        self._begin(name, STORED, content.crc, content.size, content.size)
        if isinstance(self._out, Splicing):
            self._out.splice(content)
            self._offset += content.size
        else:
            self._copy(name, content.size, content.read())

    def _begin(self, name: str, method: int, crc: int, packed: int, size: int) -> None:
        """Writes an entry's header; `packed` bytes must follow."""
        if self._layout.place(name) is None or size > self._layout.most_bytes(name):
            raise ValueError(f"no {self._layout.what} has an entry {name} of {size} bytes")
        entry = Entry(name.encode("ascii"), method, crc, packed, size, self._offset)
        self._entries.append(entry)
        self._write(local_header(entry))

    def _copy(self, name: str, length: int, chunks: Iterable[bytes]) -> None:
        written = 0
        for chunk in chunks:
            self._write(chunk)
            written += len(chunk)
        if written != length:
            raise ValueError(f"{name} changed while it was being packed")

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)


def local_header(entry: Entry) -> bytes:
    """The header before an entry's data."""
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


def central_header(entry: Entry) -> bytes:
    """The entry's header in the central directory."""
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


def _reader(content: bytes | Path) -> IO[bytes]:
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
