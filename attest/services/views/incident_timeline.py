"""What happened around an incident, from rows: notice, reports, decisions, people told, demands.

It is told to the organisation that owns the incident, and stands in the regulator's pack. Of what
happened within a demand it has the main lines; all of it stands in the demand's own log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select

from attest.database.tables import IncidentChange, IncidentReport, IncidentTelling, Person
from attest.domain import breach, wording
from attest.domain.incident_facts import BY_NAME
from attest.domain.wording import capital, count
from attest.services.acts import incident_letter
from attest.services.context import Context
from attest.services.facts.incident_demands import events_of
from attest.services.views.incident_view import IncidentView


@dataclass(frozen=True)
class Change:
    """One fact that changed: its question, and what it said before and after."""

    question: str
    was: str
    now: str


@dataclass(frozen=True)
class Occurrence:
    """One line of the timeline. `day_only`: only the day of `at` is known.

    `said` is what somebody typed; `changes` are for the incident's own people alone.
    """

    at: datetime
    title: str
    by: str = ""
    said: str = ""
    day_only: bool = False
    changes: Sequence[Change] = field(default=())


def occurrences(ctx: Context, found: IncidentView) -> list[Occurrence]:
    """Everything, oldest first."""
    zone = ZoneInfo(ctx.settings.time_zone)
    every = [
        *_incident(found, zone),
        *_changes(ctx, found),
        *_reports(found),
        *_decisions(found, zone),
        *_tellings(found, zone),
        *_letters(ctx, found),
        *_demands(ctx, found, zone),
    ]
    return sorted(every, key=lambda one: (one.at, not one.day_only))


def _incident(found: IncidentView, zone: ZoneInfo) -> Iterator[Occurrence]:
    incident = found.incident
    if incident.occurred_on:
        yield Occurrence(_start(incident.occurred_on, zone), "It happened", day_only=True)
    if incident.noticed_at:
        yield Occurrence(incident.noticed_at, "Noticed: the 72 hours begin")
    yield Occurrence(incident.created_at, f"Recorded as {incident.reference}")


def _changes(ctx: Context, found: IncidentView) -> Iterator[Occurrence]:
    rows = ctx.session.scalars(
        select(IncidentChange)
        .where(IncidentChange.incident_id == found.incident.id)
        .order_by(IncidentChange.id)
    ).all()
    for (at, _), run in groupby(rows, key=lambda row: (row.at, row.by_id)):
        together = list(run)
        yield Occurrence(
            at,
            f"{capital(count(len(together), 'fact'))} recorded or changed",
            name_of(together[0].by),
            changes=[
                Change(BY_NAME[row.fact].question, row.was or "", row.now or "") for row in together
            ],
        )


def _reports(found: IncidentView) -> Iterator[Occurrence]:
    first = True
    for row in found.reports:
        how = breach.REPORT_CHANNELS[row.channel]
        what = "Reported" if first else "More reported"
        title = f"{what} to {row.authority} ({how})"
        if row.reference:
            title += f", their reference {row.reference}"
        if row.struck_at is not None:
            title += ", struck out later"
        else:
            first = False
        said = row.told
        if row.late_reasons:
            said += f"\n\nReasons for the delay: {row.late_reasons}"
        yield Occurrence(row.reported_at, title, name_of(row.recorded_by), said)
        yield from _struck(row, f"The report of {wording.short_day(row.reported_at)} struck out")


def _decisions(found: IncidentView, zone: ZoneInfo) -> Iterator[Occurrence]:
    for row in found.decisions:
        whom = "the authority" if row.subject == breach.REPORT else "the people affected"
        need = "has to be told after all" if row.needed else "need not be told"
        if row.subject == breach.TELL and row.needed:
            need = "have to be told after all"
        title = f"Decided that {whom} {need}"
        if row.ground:
            title += f": {breach.GROUNDS[row.ground]}"
        yield Occurrence(
            _start(row.decided_on, zone), title, row.decided_by, row.reason, day_only=True
        )


def _tellings(found: IncidentView, zone: ZoneInfo) -> Iterator[Occurrence]:
    for row in found.tellings:
        how = breach.TELL_CHANNELS[row.channel]
        title = f"{capital(count(row.people, 'person'))} told ({how}): {row.batch}"
        if row.struck_at is not None:
            title += ", struck out later"
        yield Occurrence(_start(row.told_on, zone), title, name_of(row.recorded_by), day_only=True)
        yield from _struck(row, f"The batch “{row.batch}” struck out")


def _letters(ctx: Context, found: IncidentView) -> Iterator[Occurrence]:
    for row in incident_letter.versions_of(ctx, found.incident):
        yield Occurrence(
            row.kept_at,
            f"Letter to the people affected written, version {row.version}",
            name_of(row.kept_by),
        )
    for merge in incident_letter.merges_of(ctx, found.incident):
        made = count(merge.letters, "letter")
        yield Occurrence(
            merge.at, f"{capital(made)} made from version {merge.version}", name_of(merge.by)
        )


def _demands(ctx: Context, found: IncidentView, zone: ZoneInfo) -> Iterator[Occurrence]:
    for demand in found.demands:
        for event in events_of(ctx, demand, zone):
            yield Occurrence(event.at, event.title, said=event.said)


def _struck(row: IncidentReport | IncidentTelling, title: str) -> Iterator[Occurrence]:
    if row.struck_at is not None and row.struck_by is not None:
        yield Occurrence(row.struck_at, title, name_of(row.struck_by), row.strike_reason or "")


def name_of(person: Person) -> str:
    """A person with the title, as pages and the pack name them."""
    return f"{person.name}, {person.role}"


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
