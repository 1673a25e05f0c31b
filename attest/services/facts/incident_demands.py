"""What happened in the demands around an incident, in the few lines that a regulator reads first.

Everything, with what was signed, stands in each demand's own log and bundle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from attest.database.tables import Attestation, Demand, Extension, LogEntry, Review
from attest.domain import extensions, wording
from attest.domain.wording import count, short_day
from attest.services.context import Context

_LOGGED = ("demand.amended", "file.reopened")


@dataclass(frozen=True)
class DemandEvent:
    """A line of the timeline. `said`: what was given as the reason, where there is one."""

    at: datetime
    title: str
    said: str = ""


def events_of(ctx: Context, demand: Demand, zone: ZoneInfo) -> Iterator[DemandEvent]:
    """From its issue to its end, in no order. Attestations are counted by day."""
    contractor = next((party.name for party in demand.parties if party.role == "contractor"), "")
    reference = demand.reference
    if demand.issued_at:
        yield DemandEvent(demand.issued_at, f"Deletion demand {reference} issued to {contractor}")
    if demand.acknowledged_at:
        yield DemandEvent(demand.acknowledged_at, f"{reference} acknowledged by {contractor}")
    yield from _logged(ctx, demand)
    yield from _more_time(ctx, demand)
    yield from _attested(ctx, demand, zone)
    yield from _rejected(ctx, demand)
    if demand.closed_at:
        yield DemandEvent(demand.closed_at, f"{reference} {wording.DEMAND_STATES[demand.state]}")


def _logged(ctx: Context, demand: Demand) -> Iterator[DemandEvent]:
    rows = ctx.session.execute(
        select(LogEntry.type, LogEntry.at, func.count())
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(_LOGGED))
        .group_by(LogEntry.type, LogEntry.at)
    )
    for kind, at, number in rows:
        what = "amended" if kind == "demand.amended" else f"{count(number, 'file')} opened again"
        yield DemandEvent(at, f"{demand.reference}: {what}")


def _more_time(ctx: Context, demand: Demand) -> Iterator[DemandEvent]:
    rows = ctx.session.scalars(
        select(Extension).where(
            Extension.demand_id == demand.id, Extension.decided_seq.is_not(None)
        )
    )
    for row in rows:
        if row.decided_at is None:
            continue
        if row.granted_until is None:
            told = f"refused, due {short_day(row.due_on)}"
        else:
            which = " for some files" if any(each.granted for each in row.files) else ""
            told = f"{extensions.STATES[row.state]}{which}, until {short_day(row.granted_until)}"
        said = row.decision_reason or ""
        yield DemandEvent(row.decided_at, f"{demand.reference}: more time {told}", said)


def _attested(ctx: Context, demand: Demand, zone: ZoneInfo) -> Iterator[DemandEvent]:
    days: dict[date, tuple[datetime, int]] = {}
    rows = ctx.session.execute(
        select(Attestation.stated_at, func.count())
        .where(Attestation.demand_id == demand.id)
        .group_by(Attestation.stated_at)
        .order_by(Attestation.stated_at)
    )
    for at, number in rows:
        first, before = days.get(at.astimezone(zone).date(), (at, 0))
        days[at.astimezone(zone).date()] = (first, before + number)
    for first, number in days.values():
        yield DemandEvent(first, f"{demand.reference}: {count(number, 'attestation')} signed")


def _rejected(ctx: Context, demand: Demand) -> Iterator[DemandEvent]:
    rows = ctx.session.scalars(
        select(Review).where(Review.demand_id == demand.id, Review.decision == "rejected")
    )
    for row in rows:
        title = f"{demand.reference}: attestations rejected by {row.organisation}"
        yield DemandEvent(row.stated_at, title, row.reason or "")
