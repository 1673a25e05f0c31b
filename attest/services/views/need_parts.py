"""What a need is, and the part that somebody has in a demand from which needs follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from attest.database.tables import Demand, Person
from attest.domain.phrases import Phrase


@dataclass(frozen=True)
class Need:
    """One thing to do. `since`: when it began to wait; `due_on`: by when, where that is known."""

    sentence: Phrase
    href: str
    since: datetime
    due_on: date | None = None
    late: bool = False
    reference: str | None = None


@dataclass(frozen=True)
class Part:
    """A draft or live demand, and the person and role in which the account takes part."""

    person: Person
    role: str  # lead, joint or contractor
    demand: Demand
    overdue: bool

    def named(self, role: str) -> str:
        """The name of the party with this role."""
        return next(party.name for party in self.demand.parties if party.role == role)

    def need(
        self, sentence: Phrase, page: str = "", since: datetime | None = None, *, dated: bool = True
    ) -> Need:
        return Need(
            sentence,
            f"/demands/{self.demand.reference}{page}",
            since or self.demand.issued_at or self.demand.created_at,
            self.demand.next_due_on if dated else None,
            self.overdue and dated,
            self.demand.reference,
        )
