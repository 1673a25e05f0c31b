"""A whole Merkle tree in memory, for many proofs out of one large log (RFC 6962 §2.1)."""

from __future__ import annotations

from collections.abc import Iterable

from attest.log.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    consistency_path,
    inclusion_path,
    node_hash,
    split,
)


class Tree:
    """A growing tree of which every full subtree is kept: 64 bytes a leaf."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        # Level k, packed: the roots over 2^k leaves each, from the first leaf on.
        self._levels: list[bytearray] = [bytearray()]
        for item in leaf_hashes:
            self.append(item)

    def append(self, item: bytes) -> None:
        """Add the hash of the next leaf."""
        self.size += 1
        level = 0
        self._levels[0] += item
        while not self.size >> level & 1:
            row = self._levels[level]
            item = node_hash(bytes(row[-2 * HASH_BYTES : -HASH_BYTES]), bytes(row[-HASH_BYTES:]))
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += item

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (None: all). Raises ValueError beyond the end."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError("the prefix is longer than the tree")
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """The path from leaf `index` to the root, lowest first; ValueError where there is none."""
        return inclusion_path(index, self.size, self._subtree)

    def consistency(self, old_size: int) -> list[bytes]:
        """What shows that the first `old_size` leaves are a prefix; ValueError for an odd size."""
        return consistency_path(old_size, self.size, self._subtree)

    def _subtree(self, low: int, high: int) -> bytes:
        # A range that a proof asks for begins at a multiple of the power of two that covers it.
        count = high - low
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            at = (low >> level) * HASH_BYTES
            return bytes(self._levels[level][at : at + HASH_BYTES])
        middle = low + split(count)
        return node_hash(self._subtree(low, middle), self._subtree(middle, high))
