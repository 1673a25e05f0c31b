"""Incidents that wait for somebody: no report yet, or more of it still to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from attest.database.tables import Incident, IncidentReport, Person
from attest.domain import breach_clock, need_words
from attest.domain.phrases import Phrase
from attest.services.acts.incident_reporting import clocks
from attest.services.acts.incidents import asks
from attest.services.context import Context
from attest.services.facts.incident_access import keeps


@dataclass(frozen=True)
class IncidentNeed:
    """One incident that waits: a sentence, where to go, since when, and whether it is late."""

    sentence: Phrase
    href: str
    since: datetime
    late: bool


def waiting_incidents(ctx: Context, people: Sequence[Person]) -> Iterator[IncidentNeed]:
    """What waits for these people: three queries however many incidents there are."""
    own = [person.organisation_id for person in people if keeps(person)]
    if not own:
        return
    more = exists().where(
        IncidentReport.incident_id == Incident.id,
        IncidentReport.struck_at.is_(None),
        IncidentReport.more_to_follow,
    )
    incidents = ctx.session.scalars(
        select(Incident)
        .where(Incident.organisation_id.in_(own), or_(asks(), more))
        .order_by(Incident.noticed_at, Incident.reference)
    ).all()
    if not incidents:
        return
    found = clocks(ctx, incidents)
    for incident in incidents:
        state = found[incident.id]
        page = f"/incidents/{incident.reference}"
        if state.asks and incident.noticed_at is not None:
            late = state.state == breach_clock.OVER
            yield IncidentNeed(
                need_words.incident_to_report(
                    incident.reference, incident.title, state.span, late=late
                ),
                page,
                incident.noticed_at,
                late,
            )
        elif state.more_to_follow and state.reported_at is not None:
            yield IncidentNeed(
                need_words.incident_to_follow(incident.reference, incident.title),
                f"{page}/report",
                state.reported_at,
                False,
            )
