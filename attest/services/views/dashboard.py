"""All demands at a glance: late ones, exceptions that end soon, how long contractors take.

Each list is one query over the demands that the account may see, and holds the first few only;
`total` counts all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low

from sqlalchemy import distinct, func, or_, select

from attest.database.tables import (
    Account,
    Copy,
    Demand,
    DemandParty,
    NamedFile,
    Review,
    ReviewSubject,
    Store,
)
from attest.domain import demand_states
from attest.domain.calendar import working_days_between
from attest.services.access import visible_demands
from attest.services.context import Context
from attest.services.facts.calendars import days_off, local_day, today
from attest.services.facts.concurrence import counts
from attest.services.facts.exceptions import asked_again

SHOWN = 10
# How far ahead a reader may look for exceptions that end, in days.
WITHIN = (7, 30, 90)


@dataclass(frozen=True)
class Ending:
    """Copies of one demand that are excepted until the same day."""

    reference: str
    outcome: str
    until: date
    copies: int


@dataclass(frozen=True)
class Endings:
    """The first exceptions to end; `total` counts those that are not shown too."""

    shown: Sequence[Ending]
    total: int


@dataclass(frozen=True)
class Pace:
    """How long a contractor takes: the median, in working days from issue to acceptance.

    A file that was opened again afterwards counts by its first acceptance: what a controller lets
    stand for a year, as under a legal hold, is no delay.
    """

    contractor: str
    days: int
    files: int
    demands: int


def ending_soon(ctx: Context, account: Account, within: int) -> Endings:
    """Exceptions that end within so many days, or have ended and are not signed for anew."""
    day = today(ctx.settings, ctx.now)
    until = day + timedelta(days=within)
    seen = visible_demands(account).with_only_columns(Demand.id).order_by(None)
    rows = ctx.session.execute(
        select(Demand.reference, Copy.signed_outcome, Copy.until, func.count())
        .select_from(Copy)
        .join(Demand, Demand.id == Copy.demand_id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .join(Store, Store.id == Copy.store_id)
        .where(
            Copy.until <= until,
            Store.standing,
            # One that has ended stays until the file is signed for anew.
            or_(~asked_again(day), Copy.until <= day),
            Demand.state != demand_states.WITHDRAWN,
            Demand.id.in_(seen),
        )
        .group_by(Demand.reference, Copy.signed_outcome, Copy.until)
        .order_by(Copy.until, Demand.reference, Copy.signed_outcome)
    ).all()
    found = [
        Ending(reference, outcome or "", on, copies)
        for reference, outcome, on, copies in rows
        if on is not None
    ]
    return Endings(found[:SHOWN], len(found))


def paces(ctx: Context, account: Account) -> list[Pace]:
    """How long contractors take over files that are accepted, the slowest first."""
    seen = visible_demands(account).with_only_columns(Demand.id).order_by(None)
    # An attestation is accepted by the last of the reviews that count.
    needed = (
        select(DemandParty.demand_id, func.count().label("reviews"))
        .join(Demand, Demand.id == DemandParty.demand_id)
        .where(counts(), Demand.id.in_(seen))
        .group_by(DemandParty.demand_id)
        .subquery()
    )
    each = (
        select(ReviewSubject.file_id, func.max(Review.stated_at).label("at"))
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .join(Demand, Demand.id == Review.demand_id)
        .join(
            DemandParty,
            (DemandParty.demand_id == Demand.id) & (DemandParty.name == Review.organisation),
        )
        .join(needed, needed.c.demand_id == Demand.id)
        .where(Review.decision == "accepted", counts())
        .group_by(ReviewSubject.file_id, ReviewSubject.attestation_hash, needed.c.reviews)
        .having(func.count(distinct(DemandParty.name)) == needed.c.reviews)
        .subquery()
    )
    accepted = (
        select(
            NamedFile.id.label("file_id"),
            NamedFile.demand_id.label("demand_id"),
            func.min(each.c.at).label("at"),
        )
        .join(each, each.c.file_id == NamedFile.id)
        .where(NamedFile.state == "accepted", NamedFile.demand_id.in_(seen))
        .group_by(NamedFile.id, NamedFile.demand_id)
        .subquery()
    )
    rows = ctx.session.execute(
        select(
            DemandParty.organisation_id,
            DemandParty.name,
            Demand.id,
            Demand.issued_at,
            Demand.calendar,
            accepted.c.at,
            func.count(),
        )
        .select_from(accepted)
        .join(Demand, Demand.id == accepted.c.demand_id)
        .join(DemandParty, DemandParty.demand_id == Demand.id)
        .where(DemandParty.role == "contractor")
        .group_by(
            DemandParty.organisation_id,
            DemandParty.name,
            Demand.id,
            Demand.issued_at,
            Demand.calendar,
            accepted.c.at,
        )
    )
    taken: dict[str, _Taken] = {}
    for organisation_id, name, demand_id, issued_at, calendar, at, files in rows:
        if issued_at is None or at is None:
            continue
        days = _working_days(ctx, issued_at, at, calendar)
        of = taken.setdefault(organisation_id or name, _Taken(name, [], set()))
        of.days.extend([days] * files)
        of.demands.add(demand_id)
    found = [
        Pace(of.name, median_low(of.days), len(of.days), len(of.demands)) for of in taken.values()
    ]
    return sorted(found, key=lambda pace: (-pace.days, pace.contractor))


@dataclass(frozen=True)
class _Taken:
    name: str
    days: list[int]
    demands: set[str]


def _working_days(ctx: Context, issued_at: datetime, accepted_at: datetime, calendar: str) -> int:
    return working_days_between(
        local_day(ctx.settings, issued_at),
        local_day(ctx.settings, accepted_at),
        days_off(calendar),
    )
