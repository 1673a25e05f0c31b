"""What a store of evidence files does, wherever it keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

CHUNK = 256 * 1024  # bytes


class StoreFailed(Exception):
    """The storage does not answer, or not as it should. `str()` is a sentence without secrets."""


class Missing(StoreFailed):
    """There is no file of that SHA-256."""


class Changed(StoreFailed):
    """What lies under a SHA-256 does not hash to it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store. `since`: when it was last put there (UTC)."""

    digest: str
    size: int
    since: datetime


class Store(Protocol):
    """Files by their SHA-256 in lower-case hex. Every method may raise StoreFailed."""

    def put(self, part: Path, digest: str) -> None:
        """Keeps the file at `part`, which hashes to `digest`, for good; `part` may be gone then.

        One that is there already is replaced, and counts as put there now.
        """

    def find(self, digest: str) -> Kept | None:
        """The file's size and age, None where there is none. Its bytes are not read."""

    def read(self, digest: str) -> Iterator[bytes]:
        """The file in pieces. Raises Missing, and Changed at the end where the hash is wrong."""

    def every(self) -> Iterator[Kept]:
        """Every file, in no order."""

    def remove(self, digest: str, before: datetime | None = None) -> bool:
        """Removes a file; with `before`, only one that was put there earlier. Was it removed?"""

    def unfinished(self, before: datetime) -> Iterator[str]:
        """Files whose sending began earlier and was never ended, by a name for `abandon`."""

    def abandon(self, unfinished: str) -> None:
        """Removes what is there of such a file."""
