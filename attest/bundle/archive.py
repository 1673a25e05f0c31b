"""Read a bundle's zip strictly (step 1 of docs/formats.md §6).

Two programs can read two different things out of one zip: by the central directory or by the
local headers, and past whatever stands between them. Here the file is local header, data, local
header, data, …, central directory, end; each header twice, the same both times, and nothing else.

1. The end records stand at the very end, without a comment, and agree with each other.
2. The central directory ends where they begin; its entries have the names that a bundle has, in
   the bundle's order, none twice, stored or deflated, not encrypted, without a data descriptor.
3. Each local header says what the central one says; the data of one entry ends where the next
   local header begins, the last one's where the central directory does.
4. Unpacking gives exactly the size and the checksum that the headers promise (while streaming).

Nothing is ever unpacked to disk or as a whole, so that a bomb costs time and no memory, and the
ratio of sizes bounds the time.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from attest.bundle.failure import Failure
from attest.bundle.layout import (
    BUNDLE,
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
    MAX16,
    MAX32,
    STORED,
    ZIP64_EXTRA,
    Layout,
    Place,
)

STEP = 1

_CHUNK = 64 * 1024
_MAX_DIRECTORY = 64 * 1024 * 1024
_MAX_NAME = 100

# Two bits for how hard the packer tried, and one for UTF-8 names; ours are ASCII anyway.
_HARMLESS_FLAGS = 0x0002 | 0x0004 | 0x0800

# Lines of JSON with hashes and signatures deflate to a fifth at best. A megabyte is free.
_MAX_RATIO = 200
_FREE_BYTES = 1024 * 1024

_REGULAR_FILE = 0o100000

# What DOS calls a volume label or a folder: some programs unpack such an entry as no file.
_DOS_NO_FILE = 0x08 | 0x10


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as both of its headers say. `data` is where its bytes start in the file."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    data: int


class Archive:
    """A zip's entries by name, in order. Raises Failure of step 1 for everything odd."""

    def __init__(self, file: BinaryIO, layout: Layout = BUNDLE) -> None:
        self._file = file
        self._layout = layout
        self._size = file.seek(0, os.SEEK_END)
        self.entries: dict[str, Entry] = {}
        start, length, count, records = self._end()
        if length > _MAX_DIRECTORY:
            raise _refuse("the central directory is too long")
        # 2. The central directory ends where the end records begin.
        if start + length != records:
            raise _refuse("something stands between the central directory and the end")
        self._directory(start, self._read(start, length), count)
        for name in layout.must:
            if name not in self.entries:
                raise _refuse(f"{name} is missing")

    # --- Reading ------------------------------------------------------------------------------

    def chunks(self, name: str) -> Iterator[bytes]:
        """An entry's bytes in pieces. Raises Failure when they are not as promised (4)."""
        entry = self.entries[name]
        unpacked = self._inflate(entry) if entry.method == DEFLATED else self._stored(entry)
        crc = size = 0
        for chunk in unpacked:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            if size > entry.size:
                raise _wrong_size(name)
            yield chunk
        if size != entry.size:
            raise _wrong_size(name)
        if crc != entry.crc:
            raise _refuse(f"{name} does not have the checksum that it says")

    def read(self, name: str) -> bytes:
        """All of a small entry."""
        return b"".join(self.chunks(name))

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """An entry's lines without their ends; none may be longer than `longest` bytes."""
        rest = b""
        for chunk in self.chunks(name):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if len(line) > longest:
                    raise _refuse(f"{name} has a line of more than {longest} bytes")
                yield line
            if len(rest) > longest:
                raise _refuse(f"{name} has a line of more than {longest} bytes")
        if rest:
            raise _refuse(f"{name} does not end with a line feed")

    def _stored(self, entry: Entry) -> Iterator[bytes]:
        return self._packed(entry)

    def _inflate(self, entry: Entry) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-15)
        try:
            for chunk in self._packed(entry):
                pending = chunk
                while pending:
                    yield inflate.decompress(pending, _CHUNK)
                    pending = inflate.unconsumed_tail
                    if inflate.unused_data:
                        raise _wrong_size(entry.name)
            yield inflate.flush()
        except zlib.error:
            raise _wrong_size(entry.name) from None
        if not inflate.eof:
            raise _wrong_size(entry.name)

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        at, end = entry.data, entry.data + entry.packed
        while at < end:
            chunk = self._read(at, min(_CHUNK, end - at))
            at += len(chunk)
            yield chunk

    def _read(self, at: int, length: int) -> bytes:
        # A ZIP64 offset may lie beyond what a file can be asked for at all.
        if at + length > self._size:
            raise _refuse("the file breaks off")
        # Two entries are read at once, so that each read says where.
        self._file.seek(at)
        data = self._file.read(length)
        if len(data) != length:
            raise _refuse("the file breaks off")
        return data

    # --- 1. The end records -------------------------------------------------------------------

    def _end(self) -> tuple[int, int, int, int]:
        """The central directory's start, length and count, and where the end records begin."""
        if self._size < END.size:
            raise _refuse("the file is no zip")
        at = self._size - END.size
        end = END.unpack(self._read(at, END.size))
        magic, disk, start_disk, count_here, count, length, start, comment = end
        if magic != END_MAGIC or comment:
            raise _refuse("the file does not end as a zip without a comment does")
        if disk or start_disk or count_here != count:
            raise _refuse("the zip is spread over several disks")
        if count == MAX16 or length == MAX32 or start == MAX32:
            return self._end64(at, start, length, count)
        return start, length, count, at

    def _end64(self, at: int, start: int, length: int, count: int) -> tuple[int, int, int, int]:
        there = at - LOCATOR64.size - END64.size
        if there < 0:
            raise _refuse("the ZIP64 end records are missing")
        magic, _, points_to, disks = LOCATOR64.unpack(
            self._read(at - LOCATOR64.size, LOCATOR64.size)
        )
        record = END64.unpack(self._read(there, END64.size))
        if magic != LOCATOR64_MAGIC or disks != 1 or points_to != there:
            raise _refuse("the ZIP64 locator does not point at its record")
        if record[0] != END64_MAGIC or record[1] != END64_REST or record[4] or record[5]:
            raise _refuse("the ZIP64 end record is odd")
        count_here, count64, length64, start64 = record[6:]
        if count_here != count64:
            raise _refuse("the zip is spread over several disks")
        for small, large, most in (
            (count, count64, MAX16),
            (length, length64, MAX32),
            (start, start64, MAX32),
        ):
            if small != min(large, most):
                raise _refuse("the two end records do not agree")
        return start64, length64, count64, there

    # --- 2. and 3. The headers ----------------------------------------------------------------

    def _directory(self, start: int, directory: bytes, count: int) -> None:
        at = 0
        expected = 0  # where the next local header has to be
        last: Place | None = None
        for _ in range(count):
            header = directory[at : at + CENTRAL.size]
            if len(header) < CENTRAL.size or not header.startswith(CENTRAL_MAGIC):
                raise _refuse("the central directory is odd")
            central = CENTRAL.unpack(header)
            name_length, extra_length, comment_length = central[10:13]
            at += CENTRAL.size
            raw_name = directory[at : at + name_length]
            extra = directory[at + name_length : at + name_length + extra_length]
            at += name_length + extra_length
            if comment_length or at > len(directory):
                raise _refuse("the central directory is odd")
            name = self._name(raw_name)
            here = self._layout.place(name)
            if here is None:
                raise _refuse(f"{name!r} is no name that {self._layout.one} has")
            if last is not None and here <= last:
                raise _refuse(f"{name} stands twice, or out of order")
            last = here
            entry, expected = self._entry(name, central, extra, expected)
            self.entries[name] = entry
        if at != len(directory):
            raise _refuse("the central directory holds more than its entries")
        if expected != start:
            raise _refuse("something stands between the entries and the central directory")

    def _entry(
        self, name: str, central: tuple[int, ...], extra: bytes, expected: int
    ) -> tuple[Entry, int]:
        """The entry, and where its data ends."""
        flags, method = central[3], central[4]
        attributes = central[15]
        if flags & ~_HARMLESS_FLAGS:
            raise _refuse(f"{name} is encrypted, or its sizes come after its data")
        if method not in (STORED, DEFLATED):
            raise _refuse(f"{name} is neither stored nor deflated")
        kind = (attributes >> 16) & 0o170000
        if central[13] or kind not in (0, _REGULAR_FILE) or attributes & _DOS_NO_FILE:
            raise _refuse(f"{name} is no regular file")
        size, packed, offset = _large(name, extra, central[9], central[8], central[16])
        if offset != expected:
            raise _refuse(f"something stands before {name}, or its header is elsewhere")
        if size > self._layout.most_bytes(name):
            raise _refuse(f"{name} is larger than {self._layout.one} allows")
        if size > packed * _MAX_RATIO + _FREE_BYTES or (method == STORED and size != packed):
            raise _refuse(f"{name} promises more than its packed bytes can hold")
        data = self._same_local_header(name, central, size, packed, offset)
        return Entry(name, method, central[7], packed, size, data), data + packed

    def _same_local_header(
        self, name: str, central: tuple[int, ...], size: int, packed: int, offset: int
    ) -> int:
        """Where the data starts, after a local header that says what the central one says."""
        local = LOCAL.unpack(self._read(offset, LOCAL.size))
        raw_name = name.encode("ascii")
        extra_length = local[10]
        rest = self._read(offset + LOCAL.size, len(raw_name) + extra_length)
        local_size, local_packed, _ = _large(name, rest[len(raw_name) :], local[8], local[7], 0)
        same = (
            local[0] == LOCAL_MAGIC
            and local[1:7] == central[2:8]
            and local[9] == len(raw_name)
            and rest.startswith(raw_name)
            and (local_size, local_packed) == (size, packed)
        )
        if not same:
            raise _refuse(f"the local header of {name} differs from the central one")
        return offset + LOCAL.size + len(rest)

    def _name(self, raw: bytes) -> str:
        if len(raw) > _MAX_NAME or not raw.isascii():
            raise _refuse(f"an entry has a name that no {self._layout.what} has")
        return raw.decode("ascii")


def _large(name: str, extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The true size, packed size and offset, read from a ZIP64 field where they need one."""
    needed = [value == MAX32 for value in (size, packed, offset)]
    length = 8 * sum(needed)
    if not length:
        if extra:
            raise _refuse(f"{name} has an extra field")
        return size, packed, offset
    if len(extra) != 4 + length or struct.unpack_from("<HH", extra) != (ZIP64_EXTRA, length):
        raise _refuse(f"{name} has an extra field other than the ZIP64 one that it needs")
    values = iter(struct.unpack(f"<{sum(needed)}Q", extra[4:]))
    size, packed, offset = (
        next(values) if wide else value
        for wide, value in zip(needed, (size, packed, offset), strict=True)
    )
    return size, packed, offset


def _wrong_size(name: str) -> Failure:
    """Too much, too little, bytes behind the deflated data, or no deflated data at all.

    Which of them a reader meets first depends on how large its pieces are.
    """
    return _refuse(f"{name} does not unpack to the size that it says")


def _refuse(reason: str) -> Failure:
    return Failure(STEP, None, reason)
