"""What proves from outside when a leaf was there.

The checkpoints that a verifier received, and the timestamps over checkpoints that a TSA of its
trust file gave (docs/formats.md §6, Trust).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """By this moment the log had this size: a checkpoint came then, or a timestamp says so.

    Ordered by what proves earlier; `tsa` is empty for a checkpoint that was received.
    """

    moment: datetime
    tsa: str
    size: int


class Witnesses:
    """Sizes of the log with the moments by which it had them, in any order.

    `received` are checkpoints with when they came, `stamped` timestamps with what they prove and
    the name of their TSA.
    """

    def __init__(
        self,
        received: Iterable[tuple[int, datetime]],
        stamped: Iterable[tuple[int, datetime, str]] = (),
    ) -> None:
        proofs = [Proof(moment, "", size) for size, moment in received]
        self._received = bool(proofs)
        proofs += (Proof(moment, tsa, size) for size, moment, tsa in stamped)
        self._earliest = sorted(proofs, key=lambda proof: proof.size)
        self._sizes = [proof.size for proof in self._earliest]
        # From behind: a longer checkpoint covers every leaf that a shorter one does.
        for index in range(len(proofs) - 2, -1, -1):
            self._earliest[index] = min(self._earliest[index], self._earliest[index + 1])

    def __bool__(self) -> bool:
        """Was any checkpoint received? A timestamp shows when, not that others got the same."""
        return self._received

    def proof(self, leaf: int) -> Proof | None:
        """What proves earliest that the leaf was there."""
        covering = bisect_right(self._sizes, leaf)
        return self._earliest[covering] if covering < len(self._earliest) else None

    def proved(self, leaf: int) -> datetime | None:
        """The earliest moment by which something outside proves that the leaf was there."""
        proof = self.proof(leaf)
        return None if proof is None else proof.moment
