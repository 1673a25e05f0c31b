"""The Merkle tree of RFC 6962 §2.1 over SHA-256, with its proofs (RFC 9162 §2.1.3, §2.1.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32

# The root over the leaves from the first index up to, and without, the second.
Subtree = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """The 32-byte hash of a leaf's bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree of which only the right edge is kept: one hash a bit set in the size."""

    __slots__ = ("_peaks", "size")

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        # Roots of full subtrees, the largest first.
        self._peaks: list[bytes] = []
        for item in leaf_hashes:
            self.append(item)

    def append(self, item: bytes) -> None:
        """Add the hash of the next leaf."""
        size = self.size
        while size & 1:
            item = node_hash(self._peaks.pop(), item)
            size >>= 1
        self._peaks.append(item)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The 32-byte root; SHA-256 of nothing for the empty tree."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Frontier:
        """A frontier that grows by itself from here."""
        other = Frontier()
        other.size = self.size
        other._peaks = self._peaks.copy()
        return other

    def to_bytes(self) -> bytes:
        """The size in 8 bytes, big-endian, then the hashes, the largest subtree's first."""
        return self.size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Read what `to_bytes` wrote; ValueError if the number of hashes is not the size's."""
        frontier = cls()
        frontier.size = int.from_bytes(data[:8], "big")
        hashes = data[8:]
        if len(data) < 8 or len(hashes) != HASH_BYTES * frontier.size.bit_count():
            raise ValueError("the stored frontier does not fit its size")
        frontier._peaks = [
            hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)
        ]
        return frontier


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over the hashes of all leaves."""
    return Frontier(leaf_hashes).root


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """The path from leaf `index` to the root, lowest first; ValueError if there is no such leaf."""
    return inclusion_path(index, len(leaf_hashes), _subtrees_of(leaf_hashes))


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The same for a tree of `size` leaves that gives the roots of its subtrees."""
    if not 0 <= index < size:
        raise ValueError("there is no leaf with that index")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    path.reverse()
    return path


def verify_inclusion(
    index: int, size: int, item: bytes, proof: Sequence[bytes], root: bytes
) -> bool:
    """Is the leaf hash `item` leaf `index` of the tree with that size and root?"""
    if not 0 <= index < size:
        return False
    position, last = index, size - 1
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            item = node_hash(step, item)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            item = node_hash(item, step)
        position >>= 1
        last >>= 1
    return last == 0 and item == root


def consistency_proof(old_size: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """What shows that the first `old_size` leaves are a prefix; ValueError for an odd size.

    The proof is empty for an empty prefix and for the whole tree.
    """
    return consistency_path(old_size, len(leaf_hashes), _subtrees_of(leaf_hashes))


def consistency_path(old_size: int, size: int, subtree: Subtree) -> list[bytes]:
    """The same for a tree of `size` leaves that gives the roots of its subtrees."""
    if not 0 <= old_size <= size:
        raise ValueError("the prefix is longer than the tree")
    if old_size in (0, size):
        return []
    path: list[bytes] = []
    low, high = 0, size
    whole = True
    while old_size != high:
        middle = low + split(high - low)
        if old_size <= middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
            whole = False
    if not whole:
        path.append(subtree(low, high))
    path.reverse()
    return path


def verify_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Is the tree with `old_size` leaves a prefix of the one with `size` leaves?"""
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old_size.bit_count() == 1:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old = node_hash(step, old)
            new = node_hash(step, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        position >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == root


def split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962 §2.1), for a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtrees_of(leaf_hashes: Sequence[bytes]) -> Subtree:
    return lambda low, high: tree_root(leaf_hashes[low:high])
