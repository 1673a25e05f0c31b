"""The incident of the reference case: its facts, the report to the authority, the staff told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attest.demo import case
from attest.demo.acting import Stage, account_of, demand_of
from attest.domain import incident_facts
from attest.domain.breach import AUTHORITY
from attest.services.acts import incident_changes, incident_reporting, incident_telling
from attest.services.context import Context
from attest.services.facts.incident_access import IncidentSeat, incident_for

REPORTED_AT = datetime(2013, 2, 4, 8, 15, tzinfo=UTC)
TOLD_ON = date(2013, 2, 11)

# What no draft asks, by name (domain/incident_facts.py).
FACTS: Mapping[str, Any] = {
    "how_occurred": "The files were put together for a tender from full extracts, and nobody "
    "took out what the bidders did not need.",
    "cyber": "no",
    "discovered_how": "A member of the framework's team opened one of the files.",
    "data_categories": ["union", "health", "identifiers", "financial", "location"],
    "records_affected": 5,
    "people_categories": ["employees"],
    "consequences": "Distress; knowledge of pay, health and union membership in the hands of a "
    "possible employer. No harm is known of.",
    "likelihood": "unlikely",
    "prevention": "A rule that extracts are checked by a second person, which was not kept.",
    "training": "yes",
    "training_details": "A yearly course for all staff, and one for those who make extracts.",
    "measures_taken": "The bidder was told to open nothing and to delete every copy; the tender "
    "was stopped.",
    "measures_planned": "Extracts leave only after a second person has signed for them, from 1 "
    "March.",
    "other_bodies": "The three other forces, on the day of notice.",
    "contact_name": "Data protection officer",
    "contact_role": "Data Protection Officer",
    "contact_email": f"dpo@{case.LEAD.domain}",
    "contact_telephone": "01632 960 001",
}


def report(stage: Stage, email: str, at: datetime, *, told: str = "The facts so far.") -> None:
    """The case handler records that the authority was told."""
    with stage.act() as ctx:
        incident_reporting.report(
            ctx,
            seat_of(ctx, stage, email),
            incident_reporting.ReportAnswers(at, AUTHORITY, "online", told),
        )


def record_facts(stage: Stage, email: str) -> None:
    """The case handler answers what the authority's form asks."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, email)
        kept = incident_changes.values_of(ctx, seat.incident)
        for section in incident_facts.SECTIONS:
            names = [fact.name for fact in incident_facts.of_section(section)]
            typed = {name: FACTS.get(name, kept[name]) for name in names}
            incident_changes.save_section(ctx, seat, section, typed)


def tell_staff(stage: Stage, email: str, shift: timedelta) -> None:
    """All members of staff who are affected are written to."""
    with stage.act() as ctx:
        incident_telling.tell(
            ctx,
            seat_of(ctx, stage, email),
            incident_telling.TellingAnswers(
                "All staff in the five files", "post", case.PEOPLE_AFFECTED, TOLD_ON + shift
            ),
        )


def seat_of(ctx: Context, stage: Stage, email: str) -> IncidentSeat:
    """Somebody's seat at the incident of the play's demand."""
    reference = demand_of(ctx, stage).incident.reference
    return incident_for(ctx, account_of(ctx, email), reference)
