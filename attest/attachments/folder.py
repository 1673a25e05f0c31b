"""Evidence files in a folder: two levels, so that no directory grows too long.

A file is written under `incoming/` (incoming.py), then renamed to `ab/abcd…`: another process sees
all of it or nothing. File and directories are synced before a row may speak of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from attest.attachments.hashing import checked
from attest.attachments.incoming import INCOMING
from attest.attachments.store import CHUNK, Kept, Missing
from attest.domain.scalars import is_sha256


class FolderStore:
    """A store in one folder of this machine, which must be one file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, part: Path, digest: str) -> None:
        """Renames `part` into its place. Both must lie on one file system.

        Over one that is there already, too: it has the same bytes, unless the disk spoilt them.
        """
        goal = self._path(digest)
        new_directories = [folder for folder in (self._folder, goal.parent) if not folder.is_dir()]
        goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.utime(part)
        part.replace(goal)
        for folder in (goal.parent, *(made.parent for made in new_directories)):
            sync_directory(folder)

    def find(self, digest: str) -> Kept | None:
        """From the file's entry in its directory."""
        try:
            return _kept(self._path(digest))
        except FileNotFoundError:
            return None

    def read(self, digest: str) -> Iterator[bytes]:
        """Opens the file at once, so that what is read afterwards cannot be taken away."""
        try:
            file = self._path(digest).open("rb")
        except FileNotFoundError:
            raise Missing(f"The evidence file {digest} is missing where it is kept.") from None

        def pieces() -> Iterator[bytes]:
            with file:
                while piece := file.read(CHUNK):
                    yield piece

        return checked(pieces(), digest)

    def every(self) -> Iterator[Kept]:
        """What other programs left in the folder is no file of ours, and is passed over."""
        for path in self._folder.glob("??/*"):
            if is_sha256(path.name) and path.parent.name == path.name[:2]:
                with suppress(FileNotFoundError):
                    yield _kept(path)

    def remove(self, digest: str, before: datetime | None = None) -> bool:
        """Takes the file aside, looks at its age, and puts a younger one back.

        So nothing that somebody puts meanwhile is ever lost: it is seen here as a young file, or
        put after the old one was taken aside.
        """
        goal = self._path(digest)
        aside = self._folder / INCOMING / uuid4().hex
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            goal.rename(aside)
        except FileNotFoundError:
            return False
        if before is not None and _moment(aside) >= before:
            aside.replace(goal)
            return False
        aside.unlink()
        return True

    def unfinished(self, before: datetime) -> Iterator[str]:
        """None: a file is renamed into its place, and is there whole."""
        return iter(())

    def abandon(self, unfinished: str) -> None:
        """There is nothing to remove."""

    def _path(self, digest: str) -> Path:
        if not is_sha256(digest):
            raise Missing("There is no evidence file of that name.")
        return self._folder / digest[:2] / digest


def sync_directory(folder: Path) -> None:
    """What was renamed into a directory is there after a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _kept(path: Path) -> Kept:
    return Kept(path.name, path.stat().st_size, _moment(path))


def _moment(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
