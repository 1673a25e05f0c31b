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
from attest.domain.phrases import Phrase, phrases
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
        what = count(self.files, "rejected file" if self.rejected else "file")
        who = listing(self.controllers)
        does = "count as accepted"
        if not self.accepted:
            does = f"wait for the review of {self.lead} alone"
        if self.rejected:
            it = "it" if self.files == 1 else "them"
            return f"{what} will {does}, although {who} rejected {it}."
        return f"{what} will {does}, without a review by {who}."

    @property
    def done(self) -> Phrase:
        """For the letter: "2 rejected files count as accepted now, although …"."""
        who = self.controllers
        if self.rejected and self.accepted:
            return phrases(
                "%(num)s rejected file counts as accepted now, although %(who)s rejected it.",
                "%(num)s rejected files count as accepted now, although %(who)s rejected them.",
                self.files,
                who=who,
            )
        if self.rejected:
            return phrases(
                "%(num)s rejected file waits now for the review of %(lead)s alone, although "
                "%(who)s rejected it.",
                "%(num)s rejected files wait now for the review of %(lead)s alone, although "
                "%(who)s rejected them.",
                self.files,
                lead=self.lead,
                who=who,
            )
        return phrases(
            "%(num)s file counts as accepted now, without a review by %(who)s.",
            "%(num)s files count as accepted now, without a review by %(who)s.",
            self.files,
            who=who,
        )


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
