"""A set of equally long keys, numbered in the order they came, for a few bytes each.

A log may hold millions of leaves, and a Python set of bytes costs 150 bytes an entry. Here the
keys lie one after another in a bytearray, and an open-addressed table of numbers finds them.
Python's own hash of bytes is keyed afresh in every process, so nobody can choose keys that
collide.
"""

from __future__ import annotations

from array import array

_FIRST_TABLE = 64
_EMPTY = 0xFFFFFFFF  # array("I") holds 32 bits; a log has at most 4,000,000 leaves


class PackedKeys:
    """Keys of `width` bytes. The first key added has number 0, the next one 1, and so on."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._keys = bytearray()
        self._table = array("I", [_EMPTY]) * _FIRST_TABLE
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: bytes) -> bool:
        return self.find(key) is not None

    def __getitem__(self, number: int) -> bytes:
        """The key with this number. Raises IndexError where there is none."""
        if not 0 <= number < self._count:
            raise IndexError(number)
        return bytes(self._keys[number * self._width : (number + 1) * self._width])

    def find(self, key: bytes) -> int | None:
        """The number of `key`, or None."""
        number = self._table[self._slot(key)]
        return None if number == _EMPTY else number

    def add(self, key: bytes) -> int:
        """Add a key that is not there yet and answer its number. Raises ValueError else."""
        if len(key) != self._width:
            raise ValueError(f"a key has {self._width} bytes here, not {len(key)}")
        if (self._count + 1) * 3 > len(self._table) * 2:
            self._grow()
        slot = self._slot(key)
        if self._table[slot] != _EMPTY:
            raise ValueError("the key is there already")
        number = self._count
        self._table[slot] = number
        self._keys += key
        self._count += 1
        return number

    def _slot(self, key: bytes) -> int:
        """Where `key` is in the table, or the empty slot where it would go."""
        mask = len(self._table) - 1
        slot = hash(key) & mask
        keys, width = self._keys, self._width
        while (number := self._table[slot]) != _EMPTY:
            start = number * width
            if keys[start : start + width] == key:
                return slot
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        """Double the table: a third to two thirds of it are in use."""
        self._table = array("I", [_EMPTY]) * (len(self._table) * 2)
        mask = len(self._table) - 1
        for number in range(self._count):
            slot = hash(self[number]) & mask
            while self._table[slot] != _EMPTY:
                slot = (slot + 1) & mask
            self._table[slot] = number
