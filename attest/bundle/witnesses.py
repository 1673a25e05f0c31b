"""What proves from outside when a leaf was there: the checkpoints that a verifier received."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime


class Witnesses:
    """Sizes of checkpoints with the moments at which they were received, in any order."""

    def __init__(self, received: Iterable[tuple[int, datetime]]) -> None:
        ordered = sorted(received)
        self._sizes = [size for size, _ in ordered]
        # From behind: a longer checkpoint covers every leaf that a shorter one does.
        self._earliest = [moment for _, moment in ordered]
        for index in range(len(ordered) - 2, -1, -1):
            self._earliest[index] = min(self._earliest[index], self._earliest[index + 1])

    def __bool__(self) -> bool:
        return bool(self._sizes)

    def proved(self, leaf: int) -> datetime | None:
        """The earliest moment at which a checkpoint that covers the leaf was received."""
        covering = bisect_right(self._sizes, leaf)
        return self._earliest[covering] if covering < len(self._sizes) else None
