"""A file while it comes in: written once, hashed on the way, gone if it does not arrive whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from attest.attachments.thumbnails import thumbnail_of
from attest.domain.media_types import SNIFFED, sniff

# The folder of what is not whole yet, inside the store's folder and on its file system.
INCOMING = "incoming"
# Left free on the disk, in bytes: the database must always be able to write.
RESERVE = 200_000_000


class NoRoom(Exception):
    """The disk would be full."""


class TooLarge(Exception):
    """The file is larger than an evidence file may be."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in whole. `path` is its temporary place."""

    path: Path
    digest: str
    size: int  # bytes
    crc32: int
    media_type: str

    def thumbnail(self) -> bytes | None:
        """A small JPEG of a picture, None for anything else. Takes a moment."""
        return thumbnail_of(self.path, self.media_type)


class Incoming:
    """Takes bytes one piece after the other. Made by `receiving`."""

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self._most = most
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hasher = hashlib.sha256()
        self._crc = 0
        self.size = 0  # bytes so far
        self._head = b""

    def write(self, piece: bytes) -> None:
        """Adds a piece. Raises TooLarge, and OSError where the disk refuses."""
        self.size += len(piece)
        if self.size > self._most:
            raise TooLarge
        if len(self._head) < SNIFFED:
            self._head += piece[: SNIFFED - len(self._head)]
        self._hasher.update(piece)
        self._crc = zlib.crc32(piece, self._crc)
        self._file.write(piece)

    def finish(self) -> Arrived:
        """The file is whole and on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Arrived(self.path, self._hasher.hexdigest(), self.size, self._crc, sniff(self._head))

    def close(self) -> None:
        """Leaves nothing behind, unless it was renamed to its place by then."""
        self._file.close()
        with suppress(FileNotFoundError):
            self.path.unlink()


@contextmanager
def receiving(folder: Path, most: int) -> Iterator[Incoming]:
    """A file of at most `most` bytes comes into `folder`/incoming.

    It is removed at the end unless the store took it (Store.put).
    """
    place = folder / INCOMING
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    incoming = Incoming(place / uuid4().hex, most)
    try:
        yield incoming
    finally:
        incoming.close()


def need_room(folder: Path, size: int) -> None:
    """Raises NoRoom where `size` bytes more would fill the disk."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + RESERVE:
        raise NoRoom


def left_behind(folder: Path, before: datetime) -> Iterator[Path]:
    """What was coming in when a process was killed, and has not grown since `before`."""
    for path in (folder / INCOMING).glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                yield path
