"""The register of GDPR, Article 33(5): every incident of an organisation, with its facts, its
effects and the remedial action taken; as rows for a page and as lines of a CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from attest.database.tables import Account, Incident
from attest.domain import breach, breach_clock, csv_cells
from attest.domain.incident_facts import BY_NAME, in_words
from attest.domain.wording import moment, short_day
from attest.services.context import Context
from attest.services.facts.incident_access import visible_incidents
from attest.services.facts.paging import Page, page_of
from attest.services.views import incident_view
from attest.services.views.incident_view import IncidentView

ENTRIES_A_PAGE = 20
_CHUNK = 100

_FACTS = ("title", "what_happened", "how_occurred", "occurred_on", "noticed_at",
          "data_categories", "data_affected", "records_affected", "people_affected",
          "people_categories")  # fmt: skip
_EFFECTS = ("consequences", "likelihood")
_ACTION = ("measures_taken", "measures_planned", "other_bodies")

COLUMNS = (
    "Reference",
    *(BY_NAME[name].question for name in (*_FACTS, *_EFFECTS, *_ACTION)),
    "Reported to the authority",
    "Why it was late",
    "Why no report was needed",
    "People told",
    "Why they were not told",
    "Demands",
    "Copies settled",
    "Copies excepted",
    "Copies open",
    "Time zone",  # of every time in the line
)


@dataclass(frozen=True)
class Entry:
    """One incident in the register: (question, answer) of its facts, effects and action."""

    view: IncidentView
    facts: list[tuple[str, str]]
    effects: list[tuple[str, str]]
    action: list[tuple[str, str]]
    reported: str
    late_reasons: str
    not_reported: str
    people_told: str
    not_told: str


def register(ctx: Context, account: Account, *, page: int = 1) -> Page:
    """One page of the register, the newest incident first."""
    query = visible_incidents(account).order_by(
        Incident.created_at.desc(), Incident.reference.desc()
    )
    found = page_of(ctx, query, page, ENTRIES_A_PAGE)
    entries = [entry_of(ctx, incident) for incident in found.items]
    return Page(entries, found.number, found.pages, found.total)


def register_csv(ctx: Context, account: Account) -> Iterator[bytes]:
    """The whole register, the oldest incident first, a line at a time."""
    return csv_cells.lines(_lines(ctx, account))


def _lines(ctx: Context, account: Account) -> Iterator[tuple[csv_cells.Cell, ...]]:
    yield COLUMNS
    ids = ctx.session.scalars(
        visible_incidents(account)
        .with_only_columns(Incident.id)
        .order_by(Incident.created_at, Incident.reference)
    ).all()
    for start in range(0, len(ids), _CHUNK):
        chunk = ctx.session.scalars(
            select(Incident)
            .where(Incident.id.in_(ids[start : start + _CHUNK]))
            .order_by(Incident.created_at, Incident.reference)
        ).all()
        for incident in chunk:
            yield _line(entry_of(ctx, incident), ctx.settings.time_zone)
        # Read once and forgotten, so that memory stays flat.
        ctx.session.expunge_all()


def _line(entry: Entry, time_zone: str) -> tuple[csv_cells.Cell, ...]:
    figure = entry.view.figure
    return (
        entry.view.incident.reference,
        *(answer for _, answer in (*entry.facts, *entry.effects, *entry.action)),
        entry.reported,
        entry.late_reasons,
        entry.not_reported,
        entry.people_told,
        entry.not_told,
        ", ".join(demand.reference for demand in entry.view.demands),
        figure.settled,
        figure.excepted,
        figure.open,
        time_zone,
    )


def entry_of(ctx: Context, incident: Incident) -> Entry:
    """One incident as the register tells it."""
    found = incident_view.view(ctx, incident)
    zone = ZoneInfo(ctx.settings.time_zone)

    def said(names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [
            (BY_NAME[name].question, in_words(BY_NAME[name], found.facts[name], zone))
            for name in names
        ]

    told = found.told
    decided = found.decision(breach.REPORT)
    reports = found.standing_reports
    people = ""
    if told.people and told.first_on and told.last_on:
        days = short_day(told.first_on)
        if told.last_on != told.first_on:
            days += f" to {short_day(told.last_on)}"
        people = f"{told.people:,}, {days}"
    return Entry(
        found,
        said(_FACTS),
        said(_EFFECTS),
        said(_ACTION),
        "; ".join(
            f"{moment(row.reported_at, zone)}, {row.authority}"
            + (f", {row.reference}" if row.reference else "")
            for row in reports
        ),
        "; ".join(row.late_reasons for row in reports if row.late_reasons),
        _decision(decided.decided_by, decided.reason)
        if decided and found.clock.state == breach_clock.NOT_NEEDED
        else "",
        people,
        _decision(
            found.not_told.decided_by,
            f"{breach.GROUNDS[found.not_told.ground or '']}. {found.not_told.reason}",
        )
        if found.not_told
        else "",
    )


def _decision(by: str, reason: str) -> str:
    return f"{by}: {reason}"
