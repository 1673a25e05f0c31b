"""What the controllers say to one attestation, in words: who has accepted, and who has not yet.

One rejection is enough to send a file back (docs/formats.md §3, "States", rule 4), so where
controllers disagree it is the rejecting one whose reasons stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attest.domain.wording import day, listing


@dataclass(frozen=True)
class Given:
    """A review that was given by a controller that counts."""

    organisation: str
    accepted: bool
    reason: str | None
    on: date


@dataclass(frozen=True)
class Stand:
    """How the counting controllers stand to one attestation. `asked_on`: the day of it."""

    asked_on: date
    reviewed: Sequence[Given]
    waiting: Sequence[str]

    @property
    def accepted(self) -> list[str]:
        """Who has accepted."""
        return [given.organisation for given in self.reviewed if given.accepted]

    @property
    def rejected(self) -> list[Given]:
        """Who has rejected, and why."""
        return [given for given in self.reviewed if not given.accepted]

    @property
    def sentence(self) -> str:
        """All of it in a sentence, such as "Accepted by Northshire; Eastshire has not reviewed
        yet, asked on Monday 18 February 2013." """
        if self.rejected:
            return self._disagreement()
        parts = []
        if self.accepted:
            parts.append(f"Accepted by {listing(self.accepted)}")
        if self.waiting:
            parts.append(
                f"{listing(self.waiting)} {_have(self.waiting)} not reviewed yet, asked on "
                f"{day(self.asked_on)}"
            )
        return f"{'; '.join(parts)}."

    def _disagreement(self) -> str:
        names = [given.organisation for given in self.rejected]
        said = f"Rejected by {listing(names)}"
        if not self.accepted:
            return f"{said}."
        whose = listing(f"{name}’s" for name in names)
        had = listing(self.accepted)
        return (
            f"{said}, although {had} accepted it. One rejection is enough: {whose} reasons stand, "
            "and every controller reviews the next attestation."
        )

    @property
    def short(self) -> str:
        """For a cell: who is still missing, where somebody else has accepted."""
        if self.rejected or not (self.accepted and self.waiting):
            return ""
        return f"accepted by {listing(self.accepted)}, not yet by {listing(self.waiting)}"


def waits_for(files: int, organisation: str, since: date) -> str:
    """Of a whole demand: "2 attestations wait for Eastshire Police, asked on Monday …"."""
    what = "1 attestation waits" if files == 1 else f"{files:,} attestations wait"
    return f"{what} for the review of {organisation}, asked on {day(since)}"


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"
