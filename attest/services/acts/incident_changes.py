"""Changing the facts of an incident: each change is kept beside what it said before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from attest.database.tables import Incident, IncidentChange, IncidentFacts, Person
from attest.domain.email_address import is_email_address
from attest.domain.incident_facts import BY_NAME, FACTS, check, in_words, of_section
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.facts.calendars import today
from attest.services.facts.incident_access import IncidentSeat

_OWN = frozenset(column.key for column in Incident.__table__.columns)


def facts_row(ctx: Context, incident: Incident) -> IncidentFacts | None:
    """What was answered beside the incident's own row, if anything was."""
    return ctx.session.get(IncidentFacts, incident.id)


def values_of(ctx: Context, incident: Incident) -> dict[str, Any]:
    """Every fact by its name, None where nobody has answered yet."""
    row = facts_row(ctx, incident)
    return {
        fact.name: getattr(incident if fact.name in _OWN else row, fact.name, None)
        for fact in FACTS
    }


def save_section(ctx: Context, seat: IncidentSeat, section: str, typed: Mapping[str, Any]) -> int:
    """Keeps the answers of one page; gives how many changed. Raises Refused with the field."""
    day = today(ctx.settings, ctx.now)
    answers = {
        fact.name: check(fact, typed.get(fact.name), ctx.now, day) for fact in of_section(section)
    }
    email = answers.get("contact_email")
    if email and not is_email_address(email):
        raise Refused(
            "This is no email address. It looks like name@example.org.", field="contact_email"
        )
    return keep(ctx, seat.person, seat.incident, answers)


def keep(ctx: Context, person: Person, incident: Incident, answers: Mapping[str, Any]) -> int:
    """Writes checked answers, and a row for each that is another than before."""
    row = facts_row(ctx, incident)
    changed = 0
    for name, answer in answers.items():
        holder: Incident | IncidentFacts
        if name in _OWN:
            holder = incident
        else:
            if row is None:
                row = IncidentFacts(incident_id=incident.id)
                ctx.session.add(row)
            holder = row
        before = getattr(holder, name)
        if before == answer:
            continue
        setattr(holder, name, answer)
        changed += 1
        ctx.session.add(
            IncidentChange(
                incident_id=incident.id,
                at=ctx.now,
                by_id=person.id,
                fact=name,
                was=_said(ctx, name, before),
                now=_said(ctx, name, answer),
            )
        )
    ctx.session.flush()
    return changed


def _said(ctx: Context, name: str, answer: Any) -> str | None:
    zone = ZoneInfo(ctx.settings.time_zone) if ctx.settings.time_zone else UTC
    return in_words(BY_NAME[name], answer, zone) or None
