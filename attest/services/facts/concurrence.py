"""Which controllers have reviewed what: the lead's review counts, or each controller's own.

Counting is the lead; under concurrence `each`, every controller (docs/formats.md §3, "States").
Of one file it is told who accepted, who rejected and why, and who has yet to review; of a demand,
how many attestations wait for whom, and since when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from attest.database.tables import (
    Attestation,
    Demand,
    DemandParty,
    NamedFile,
    Review,
    ReviewSubject,
)
from attest.domain import reviews
from attest.domain.file_states import SIGNED, TO_REVIEW
from attest.services.context import Context
from attest.services.facts.calendars import local_day

_AT_ONCE = 500


@dataclass(frozen=True)
class Waiting:
    """How many attestations wait for one controller's review, the oldest since when."""

    organisation: str
    organisation_id: str | None
    files: int
    since: datetime


def counts() -> ColumnElement[bool]:
    """The same as `counting`, of a `DemandParty` in a query that has its `Demand`."""
    return (DemandParty.role == "lead") | (
        (DemandParty.role == "joint") & (Demand.concurrence == "each")
    )


def counting(demand: Demand) -> list[str]:
    """The controllers whose reviews count, the lead first."""
    return [
        party.name
        for party in demand.parties
        if party.role == "lead" or (party.role == "joint" and demand.concurrence == "each")
    ]


def of_files(ctx: Context, demand: Demand, file_ids: Collection[str]) -> dict[str, reviews.Stand]:
    """How the counting controllers stand to these files' last attestations, by file.

    Files without an attestation, and those that were opened again, are left out.
    """
    names = counting(demand)
    found: dict[str, reviews.Stand] = {}
    ids = list(file_ids)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        given = _reviews(ctx, demand, chunk)
        for file_id, last, stated_at in ctx.session.execute(
            select(NamedFile.id, NamedFile.last_attestation, Attestation.stated_at)
            .join(Attestation, Attestation.hash == NamedFile.last_attestation)
            .where(
                NamedFile.demand_id == demand.id,
                NamedFile.id.in_(chunk),
                NamedFile.state.in_(SIGNED),
            )
        ):
            mine = given.get(last or "", {})
            found[file_id] = reviews.Stand(
                asked_on=_day(ctx, stated_at),
                reviewed=tuple(mine[name] for name in names if name in mine),
                waiting=tuple(name for name in names if name not in mine),
            )
    return found


def missing(ctx: Context, demand: Demand, file_ids: Sequence[str]) -> list[str]:
    """The controllers without whose reviews one of these files is not decided, the lead first."""
    stands = of_files(ctx, demand, file_ids).values()
    left = {name for stand in stands if not stand.rejected for name in stand.waiting}
    return [name for name in counting(demand) if name in left]


def sentences(
    stands: Mapping[str, reviews.Stand], file_ids: Sequence[str]
) -> list[tuple[str, int]]:
    """What is to be told of these files, each sentence once, with how many files it is about."""
    told = Counter(stands[file_id].sentence for file_id in file_ids if file_id in stands)
    return list(told.items())


def _reviews(
    ctx: Context, demand: Demand, file_ids: Sequence[str]
) -> Mapping[str, Mapping[str, reviews.Given]]:
    """The newest review of each organisation, by attestation."""
    found: dict[str, dict[str, reviews.Given]] = {}
    for of, review in ctx.session.execute(
        select(ReviewSubject.attestation_hash, Review)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .join(NamedFile, NamedFile.last_attestation == ReviewSubject.attestation_hash)
        .where(Review.demand_id == demand.id, NamedFile.id.in_(file_ids))
        .order_by(Review.seq)
    ):
        found.setdefault(of, {})[review.organisation] = reviews.Given(
            review.organisation,
            review.decision == "accepted",
            review.reason,
            _day(ctx, review.stated_at),
        )
    return found


def waiting_in(ctx: Context, demand_ids: Collection[str]) -> dict[str, list[Waiting]]:
    """For whose review attestations wait in each of these demands, the lead first; one query."""
    reviewed = (
        select(ReviewSubject.attestation_hash)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(
            ReviewSubject.attestation_hash == NamedFile.last_attestation,
            Review.organisation == DemandParty.name,
        )
        .exists()
    )
    rows = ctx.session.execute(
        select(
            NamedFile.demand_id,
            DemandParty.name,
            DemandParty.organisation_id,
            func.count(),
            func.min(Attestation.stated_at),
        )
        .join(DemandParty, DemandParty.demand_id == NamedFile.demand_id)
        .join(Demand, Demand.id == NamedFile.demand_id)
        .join(Attestation, Attestation.hash == NamedFile.last_attestation)
        .where(
            NamedFile.demand_id.in_(list(demand_ids)),
            NamedFile.state.in_(TO_REVIEW),
            counts(),
            ~reviewed,
        )
        .group_by(
            NamedFile.demand_id,
            DemandParty.name,
            DemandParty.organisation_id,
            DemandParty.position,
        )
        .order_by(NamedFile.demand_id, DemandParty.position)
    )
    found: dict[str, list[Waiting]] = {}
    for demand_id, name, organisation_id, files, since in rows:
        found.setdefault(demand_id, []).append(Waiting(name, organisation_id, files, since))
    return found


def _day(ctx: Context, moment: datetime) -> date:
    return local_day(ctx.settings, moment)
