"""What the judge keeps of every leaf: prefix root, time, body hash and nonce, in packed columns."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from typing import Protocol

from attest.domain.packed import PackedKeys, PackedRows
from attest.log.merkle import EMPTY_ROOT, HASH_BYTES, Frontier, leaf_hash


class Bodies(Protocol):
    """The hashes of the bodies, by the index of their leaf."""

    def __contains__(self, key: bytes, /) -> bool: ...

    def __getitem__(self, leaf: int, /) -> bytes: ...


class Prefixes(Protocol):
    """What the judge asks about the leaves before the next one."""

    @property
    def size(self) -> int:
        """The index of the next leaf."""

    @property
    def bodies(self) -> Bodies:
        """Of every leaf so far."""

    @property
    def nonces(self) -> PackedKeys:
        """Of every body so far."""

    def append(self, leaf: bytes, at: datetime, body: bytes, nonce: bytes | None) -> None:
        """Add a leaf: its bytes, its time, its body's hash, and the nonce unless withheld."""

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` leaves. Raises IndexError where it is not known."""

    def at(self, leaf: int) -> datetime:
        """When a leaf was added, as it says itself. Raises IndexError where there is none."""


class EveryPrefix:
    """Every prefix of a growing log, about a hundred bytes a leaf."""

    def __init__(self) -> None:
        self._frontier = Frontier()
        self._roots = PackedRows(HASH_BYTES)
        self._at = array("q")  # seconds since 1970, UTC
        self.bodies = PackedKeys(HASH_BYTES)  # numbered as the leaves are
        self.nonces = PackedKeys(16)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._at)

    def append(self, leaf: bytes, at: datetime, body: bytes, nonce: bytes | None) -> None:
        """Add a leaf: its bytes, its time, its body's hash, and the nonce unless withheld."""
        self.bodies.add(body)
        if nonce is not None:
            self.nonces.add(nonce)
        self._frontier.append(leaf_hash(leaf))
        self._roots.append(self._frontier.root)
        self._at.append(int(at.timestamp()))

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` leaves. Raises IndexError beyond the log's end."""
        if not 0 <= size <= self.size:
            raise IndexError(size)
        if size == 0:
            return EMPTY_ROOT
        return self._roots[size - 1]

    def at(self, leaf: int) -> datetime:
        """When a leaf was added, as it says itself. Raises IndexError beyond the log's end."""
        if not 0 <= leaf < self.size:
            raise IndexError(leaf)
        return datetime.fromtimestamp(self._at[leaf], UTC)
