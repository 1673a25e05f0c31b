"""What the pages of incidents share: the blueprint, who may open them, times as typed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint
from werkzeug.wrappers import Response

from attest.services.facts.incident_access import IncidentSeat, incident_for
from attest.web.forms.clock import ClockField
from attest.web.session import ctx, current_account

pages = Blueprint("incidents", __name__)

Answer = str | Response | tuple[str, int]


def seat_at(reference: str) -> IncidentSeat:
    """The reader's seat; anybody but the owner's case handlers and signatories gets a 404."""
    return incident_for(ctx(), current_account(), reference)


def address_of(seat: IncidentSeat) -> str:
    """The address of the incident's own page."""
    return f"/incidents/{seat.incident.reference}"


def zone() -> ZoneInfo:
    """Where this instance's people are."""
    return ZoneInfo(ctx().settings.time_zone)


def moment(day: date | None, clock: ClockField) -> datetime | None:
    """The moment that a day and a time of day name, there."""
    return datetime.combine(day, clock.clock, zone()) if day and clock.clock else None
