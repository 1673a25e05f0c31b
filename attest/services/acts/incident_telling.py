"""People affected who were told (GDPR, Article 34): counts by batch, channel and day; no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import select

from attest.database.tables import Incident, IncidentReport, IncidentTelling
from attest.domain import breach
from attest.domain.drafting import need_text
from attest.domain.refusal import NotFound, Refused
from attest.services.acts.incident_reporting import noticed_on
from attest.services.context import Context
from attest.services.facts.calendars import today
from attest.services.facts.incident_access import IncidentSeat


@dataclass(frozen=True)
class TellingAnswers:
    """What the page for a batch asks."""

    batch: str
    channel: str
    people: int | None
    told_on: date | None


@dataclass(frozen=True)
class Told:
    """The counts over every batch that stands."""

    people: int = 0
    batches: int = 0
    first_on: date | None = None
    last_on: date | None = None


def tell(ctx: Context, seat: IncidentSeat, answers: TellingAnswers) -> IncidentTelling:
    """Records a batch of people who were told. Raises Refused with the field."""
    people, told_on = breach.check_telling(
        answers.people,
        answers.told_on,
        noticed_on(ctx, seat.incident),
        today(ctx.settings, ctx.now),
    )
    if answers.channel not in breach.TELL_CHANNELS:
        raise Refused("Choose how they were told.", field="channel")
    row = IncidentTelling(
        id=str(uuid4()),
        incident_id=seat.incident.id,
        told_on=told_on,
        batch=need_text(
            answers.batch, "batch", "Say who was told, without names of people.", limit=200
        ),
        channel=answers.channel,
        people=people,
        recorded_at=ctx.now,
        recorded_by_id=seat.person.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def tellings_of(ctx: Context, incident: Incident) -> Sequence[IncidentTelling]:
    """Every batch, the first one first, those that were struck out too."""
    return ctx.session.scalars(
        select(IncidentTelling)
        .where(IncidentTelling.incident_id == incident.id)
        .order_by(IncidentTelling.told_on, IncidentTelling.recorded_at, IncidentTelling.id)
    ).all()


def told(rows: Sequence[IncidentTelling]) -> Told:
    """The counts of those rows that were not struck out."""
    standing = [row for row in rows if row.struck_at is None]
    if not standing:
        return Told()
    return Told(
        sum(row.people for row in standing),
        len(standing),
        min(row.told_on for row in standing),
        max(row.told_on for row in standing),
    )


Struck = IncidentReport | IncidentTelling


def to_strike(ctx: Context, seat: IncidentSeat, kind: str, row_id: str) -> Struck:
    """The row that a person means to strike out. Raises NotFound.

    `kind` is `report` or `batch`; a row that was struck out already is not found.
    """
    row: Struck | None = None
    if kind == "report":
        row = ctx.session.get(IncidentReport, row_id)
    elif kind == "batch":
        row = ctx.session.get(IncidentTelling, row_id)
    if row is None or row.incident_id != seat.incident.id or row.struck_at is not None:
        raise NotFound
    return row


def strike(ctx: Context, seat: IncidentSeat, kind: str, row_id: str, reason: str) -> None:
    """Strikes out what was recorded by mistake. The row stays, with the reason.

    Raises NotFound, and Refused without a reason.
    """
    row = to_strike(ctx, seat, kind, row_id)
    row.strike_reason = need_text(reason, "reason", "Say why it is struck out.", multiline=True)
    row.struck_at = ctx.now
    row.struck_by_id = seat.person.id
    ctx.session.flush()
