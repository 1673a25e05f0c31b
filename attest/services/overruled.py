"""Reviews of joint controllers that an amendment leaves out, once the lead's alone counts.

Nothing that was signed goes away. But a file that the lead accepted counts as accepted at once,
also where a joint controller rejected it or has not reviewed it: whoever signs has to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import Demand, NamedFile, Review, ReviewSubject
from attest.domain import standing
from attest.domain.wording import count, listing
from attest.services.context import Context


@dataclass(frozen=True)
class Overruled:
    """Files of which the same controllers' reviews are left out.

    `rejected`: these controllers have rejected them, else they have not reviewed them.
    `accepted`: the lead has accepted them, so that they count as accepted at once.
    """

    files: int
    controllers: Sequence[str]
    lead: str
    rejected: bool
    accepted: bool

    @property
    def ahead(self) -> str:
        """Before it is signed: "2 rejected files will count as accepted, although …"."""
        return self._sentence("will ", "")

    @property
    def done(self) -> str:
        """For the letter: "2 rejected files count as accepted now, although …"."""
        return self._sentence("", " now")

    def _sentence(self, will: str, now: str) -> str:
        one = self.files == 1
        what = count(self.files, "rejected file" if self.rejected else "file")
        ending = "s" if one and not will else ""
        who = listing(self.controllers)
        if not self.accepted:
            does = f"{will}wait{ending}{now} for the review of {self.lead} alone"
        else:
            does = f"{will}count{ending} as accepted{now}"
        if self.rejected:
            return f"{what} {does}, although {who} rejected {'it' if one else 'them'}."
        return f"{what} {does}, without a review by {who}."


def overruled(ctx: Context, demand: Demand) -> list[Overruled]:
    """What would be left out of a demand in which each controller's review counts now."""
    lead = next(party.name for party in demand.parties if party.role == "lead")
    joint = [party.name for party in demand.parties if party.role == "joint"]
    found: Counter[tuple[bool, bool, tuple[str, ...]]] = Counter()
    for given in _reviews(ctx, demand):
        accepted = given.get(lead) == "accepted"
        rejecting = tuple(name for name in joint if given.get(name) == "rejected")
        missing = tuple(name for name in joint if name not in given)
        if rejecting and (accepted or lead not in given):
            found[True, accepted, rejecting] += 1
        elif accepted and missing:
            found[False, True, missing] += 1
    return [
        Overruled(files, names, lead, rejected, accepted)
        for (rejected, accepted, names), files in sorted(found.items(), reverse=True)
    ]


def _reviews(ctx: Context, demand: Demand) -> Sequence[dict[str, str]]:
    """The newest decision of each organisation on each file's last attestation that stands."""
    found: dict[str, dict[str, str]] = {}
    for file_id, organisation, decision in ctx.session.execute(
        select(NamedFile.id, Review.organisation, Review.decision)
        .join(ReviewSubject, ReviewSubject.attestation_hash == NamedFile.last_attestation)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(NamedFile.demand_id == demand.id, NamedFile.state != standing.OPEN)
        .order_by(Review.seq)
    ):
        found.setdefault(file_id, {})[organisation] = decision
    return list(found.values())
