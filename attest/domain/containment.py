"""How far containment of an incident has come, over all its demands: a figure from aggregates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attest.domain.wording import count, number


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar: where it starts and how long it is, in per cent of the whole."""

    word: str
    copies: int
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Figure:
    """Copies of the demands that count: `settled`, `excepted` and `open` add up to `copies`."""

    demands: int
    settled: int
    excepted: int
    open: int

    @property
    def copies(self) -> int:
        """All of them."""
        return self.settled + self.excepted + self.open

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that have any copies, in the order of the bar."""
        found = []
        start = 0.0
        named = (("settled", self.settled), ("excepted", self.excepted), ("open", self.open))
        for word, copies in named:
            if copies:
                share = 100 * copies / self.copies
                found.append(Part(word, copies, round(start, 3), round(share, 3)))
                start += share
        return tuple(found)

    @property
    def sentence(self) -> str:
        """The figure in words."""
        if not self.demands:
            return "No demand of this incident has been issued yet."
        if not self.copies:
            return "No copy is known of yet."
        said = f"{number(self.settled)} of {count(self.copies, 'copy')} settled"
        if self.excepted:
            said += f", {number(self.excepted)} excepted"
        return f"{said}, {number(self.open)} open, in {count(self.demands, 'demand')}."


def figure(demands: Iterable[tuple[int, int, int]]) -> Figure:
    """Adds up (copies, settled, excepted) of each demand that was issued and not withdrawn.

    A copy that was named after its file's last attestation is open; a count that lags behind
    never makes one negative.
    """
    total = settled = excepted = still = 0
    for copies, of_settled, of_excepted in demands:
        total += 1
        settled += of_settled
        excepted += of_excepted
        still += max(0, copies - of_settled - of_excepted)
    return Figure(total, settled, excepted, still)
