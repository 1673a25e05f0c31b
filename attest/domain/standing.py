"""How the named files stand, judged at any leaf of a log (docs/formats.md §3, "States").

`Facts` (facts.py) is what a log said; a `View` is how things stand given those facts: up to some
leaf, and counting some statements only. The verifier takes two views of one log, one with every
statement and one with the trusted ones, and compares.

Rules, by number in the code:

1. A file's last attestation is its newest one in the log.
2. A store stands from its naming until a withdrawal that an amendment covers by its `seen`.
3. A file is open if it has no attestation, was reopened after its last one, or the last one
   leaves out a store that stands.
4. Else it is rejected or accepted by each counting controller's last review of that attestation:
   any rejects, all accept. Counting is the lead; under concurrence `each`, every controller.
5. Else it is attested, with exceptions when a copy in it is not settled.
6. A demand is closed from its closure until a file is reopened.

An attestation answers exactly the stores that stand in the prefix its signer saw (the verifier's
step 10, every statement counted). So it leaves out a store that stands in a view just when that
store was named after the prefix, or was released within it by an amendment that the view does
not count. The size of the prefix is all that has to be kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from attest.domain.facts import Attestation, Closure, Demand, Facts, Review, Store

FileState = Literal["open", "attested", "attested_with_exceptions", "accepted", "rejected"]
Decision = Literal["accepted", "rejected"]
OPEN: FileState = "open"
ATTESTED: FileState = "attested"
ATTESTED_WITH_EXCEPTIONS: FileState = "attested_with_exceptions"
ACCEPTED: Decision = "accepted"
REJECTED: Decision = "rejected"

# Does a statement count, given its leaf and the number of the key that signed it?
Counts = Callable[[int, int], bool]

_NONE = -1


def every_statement(leaf: int, key: int) -> bool:
    """The view in which each signed statement counts."""
    return True


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands, and the attestation and the reviews that make it so."""

    state: FileState
    attestation: Attestation | None
    reviews: tuple[Review, ...]


class View:
    """How things stand after some prefix of the log, counting some of its statements.

    A view is taken when nothing more is added; take another one after the next leaf.
    """

    def __init__(self, facts: Facts, size: int | None, counts: Counts) -> None:
        self._facts = facts
        self._size = size
        self._counts = counts
        self._demands = [d for d in facts.demands if self._within(d.leaf) and counts(d.leaf, d.key)]
        self._stores = [s for s in facts.stores.values() if self._stands(s)]
        self._newest_store = max((s.leaf for s in self._stores), default=_NONE)
        self._first_release = min(
            (s.released for s in self._stores if s.released is not None), default=None
        )
        self._counting = self.demand.counting if self.demand else frozenset()

    @property
    def demand(self) -> Demand | None:
        """The standing demand: the newest one issued or amended."""
        return self._demands[-1] if self._demands else None

    @property
    def stores(self) -> list[Store]:
        """The stores that stand, in the order of their identifiers."""
        return sorted(self._stores, key=lambda store: store.store_id)

    @property
    def closure(self) -> Closure | None:
        """What closed the demand, unless it is open (again)."""
        closures = [
            c for c in self._facts.closures if self._within(c.leaf) and self._counts(c.leaf, c.key)
        ]
        if not closures:
            return None
        # 6. A file that was reopened since opens the demand.
        last = closures[-1]
        reopenings = self._facts.all_reopenings()
        before = len(reopenings) if self._size is None else bisect_left(reopenings, self._size)
        return None if before and reopenings[before - 1] > last.leaf else last

    def last_attestation(self, file: int) -> Attestation | None:
        """The last attestation of the file with this number (rule 1)."""
        for attestation in self._facts.attestations(file):
            if self._within(attestation.leaf) and self._counts(attestation.leaf, attestation.key):
                return attestation
        return None

    def file(self, file: int) -> Standing:
        """How the file with this number stands."""
        last = self.last_attestation(file)
        # 3. Open: never attested, reopened since, or a standing store is left out.
        if last is None or self._leaves_out(last) or self._reopened(file, last.leaf):
            return Standing(OPEN, last, ())
        # 4. Decided by the last review of each controller that counts.
        reviews = tuple(self._last_reviews(file, last).values())
        decided = self._decision(reviews)
        if decided is not None:
            return Standing(decided, last, reviews)
        # 5. Waiting for a controller.
        return Standing(ATTESTED if last.settled else ATTESTED_WITH_EXCEPTIONS, last, reviews)

    def decision(self, file: int, attestation: Attestation) -> Decision | None:
        """What the last reviews of the counting controllers say of an attestation (rule 4).

        Also of one whose file was opened again since: what was reviewed stays reviewed.
        """
        return self._decision(tuple(self._last_reviews(file, attestation).values()))

    def _decision(self, reviews: tuple[Review, ...]) -> Decision | None:
        if any(not review.accepted for review in reviews):
            return REJECTED
        return ACCEPTED if reviews and len(reviews) == len(self._counting) else None

    def _within(self, leaf: int) -> bool:
        return self._size is None or leaf < self._size

    def _stands(self, store: Store) -> bool:
        """Rule 2; an amendment's `seen` covers a leaf when it is longer than the leaf's index."""
        if not self._within(store.leaf):
            return False
        withdrawn = store.withdrawn
        return withdrawn is None or not any(withdrawn < demand.seen for demand in self._demands)

    def _leaves_out(self, attestation: Attestation) -> bool:
        """Does a store stand here that did not stand in the prefix that its signer saw?"""
        if self._newest_store >= attestation.seen:
            return True
        return self._first_release is not None and self._first_release < attestation.seen

    def _reopened(self, file: int, since: int) -> bool:
        for leaf in self._facts.reopenings(file):
            if self._within(leaf):
                return leaf > since
        return False

    def _last_reviews(self, file: int, attestation: Attestation) -> dict[str, Review]:
        found: dict[str, Review] = {}
        for review in self._facts.reviews(file):
            if review.leaf < attestation.leaf or len(found) == len(self._counting):
                break
            if (
                review.attestation == attestation.number
                and review.organisation in self._counting
                and review.organisation not in found
                and self._within(review.leaf)
                and self._counts(review.leaf, review.key)
            ):
                found[review.organisation] = review
        return found
