"""Whether an incident stays when a draft about it is discarded, and forgetting one that doesn't."""

from __future__ import annotations

from sqlalchemy import delete, exists, select

from attest.database.tables import (
    Demand,
    Incident,
    IncidentChange,
    IncidentDecision,
    IncidentFacts,
    IncidentLetter,
    IncidentMerge,
    IncidentReport,
    IncidentTelling,
)
from attest.services.context import Context
from attest.services.facts import unsent

# What nobody writes into a draft: with any of it the incident stands on its own (Article 33(5)).
_OF_ITS_OWN = (
    IncidentFacts,
    IncidentReport,
    IncidentDecision,
    IncidentTelling,
    IncidentLetter,
    IncidentMerge,
)


def stays(ctx: Context, demand: Demand) -> bool:
    """Whether the draft's incident has other demands, or anything kept about it beside a draft."""
    found = [
        exists().where(Demand.incident_id == demand.incident_id, Demand.id != demand.id),
        *(exists().where(table.incident_id == demand.incident_id) for table in _OF_ITS_OWN),
    ]
    return any(ctx.session.scalar(select(each)) for each in found)


def forget(ctx: Context, incident: Incident) -> None:
    """Deletes an incident that no demand names any more, with what was changed in it."""
    ctx.session.execute(delete(IncidentChange).where(IncidentChange.incident_id == incident.id))
    unsent.forget_incident(ctx, incident)
    ctx.session.delete(incident)
