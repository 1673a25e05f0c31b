"""Rows, texts and keys that lie packed one after another, for a few bytes each.

A log may hold millions of leaves, and a Python set of bytes costs 150 bytes an entry. `array`
is used rather than `bytearray` because it keeps half as much room to grow.
"""

from __future__ import annotations

from array import array

_FIRST_TABLE = 64
_EMPTY = 0xFFFFFFFF  # array("I") holds 32 bits; a log has at most 4,000,000 leaves


class PackedRows:
    """Rows of `width` bytes, numbered from 0 in the order they came."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._data = array("B")

    def __len__(self) -> int:
        return len(self._data) // self._width

    def __getitem__(self, number: int) -> bytes:
        """The row with this number. Raises IndexError where there is none."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._data[number * self._width : (number + 1) * self._width].tobytes()

    def append(self, row: bytes) -> None:
        """Add a row. Raises ValueError for one of another width."""
        if len(row) != self._width:
            raise ValueError(f"a row has {self._width} bytes here, not {len(row)}")
        self._data.frombytes(row)


class PackedTexts:
    """Strings, numbered from 0 in the order they came."""

    def __init__(self) -> None:
        self._data = array("B")
        self._ends = array("Q")

    def __getitem__(self, number: int) -> str:
        """The text with this number. Raises IndexError where there is none."""
        if number < 0:
            raise IndexError(number)
        start = self._ends[number - 1] if number else 0
        return self._data[start : self._ends[number]].tobytes().decode("utf-8")

    def append(self, text: str) -> None:
        """Add a text."""
        self._data.frombytes(text.encode("utf-8"))
        self._ends.append(len(self._data))


class PackedKeys:
    """A set of keys of `width` bytes, numbered from 0 in the order they came.

    An open-addressed table of numbers finds them. Python's own hash of bytes is keyed afresh in
    every process, so nobody can choose keys that collide.
    """

    def __init__(self, width: int) -> None:
        self._keys = PackedRows(width)
        self._table = array("I", [_EMPTY]) * _FIRST_TABLE

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: bytes) -> bool:
        return self.find(key) is not None

    def __getitem__(self, number: int) -> bytes:
        """The key with this number. Raises IndexError where there is none."""
        return self._keys[number]

    def find(self, key: bytes) -> int | None:
        """The number of `key`, or None."""
        number = self._table[self._slot(key)]
        return None if number == _EMPTY else number

    def add(self, key: bytes) -> int:
        """Add a key that is not there yet and answer its number. Raises ValueError else."""
        number = len(self)
        if (number + 1) * 5 > len(self._table) * 4:
            self._grow()
        slot = self._slot(key)
        if self._table[slot] != _EMPTY:
            raise ValueError("the key is there already")
        self._keys.append(key)
        self._table[slot] = number
        return number

    def _slot(self, key: bytes) -> int:
        """Where `key` is in the table, or the empty slot where it would go."""
        mask = len(self._table) - 1
        slot = hash(key) & mask
        while (number := self._table[slot]) != _EMPTY:
            if self._keys[number] == key:
                return slot
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        """Double the table: two to four fifths of it are in use."""
        self._table = array("I", [_EMPTY]) * (len(self._table) * 2)
        mask = len(self._table) - 1
        for number in range(len(self)):
            slot = hash(self[number]) & mask
            while self._table[slot] != _EMPTY:
                slot = (slot + 1) & mask
            self._table[slot] = number
