"""What an incident's page shows: its clock, its demands, how far containment has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from attest.database.tables import (
    Demand,
    Incident,
    IncidentDecision,
    IncidentReport,
    IncidentTelling,
)
from attest.domain import breach, demand_states, incident_facts
from attest.domain.breach_clock import Clock
from attest.domain.containment import Figure, figure
from attest.domain.incident_facts import Fact
from attest.services.acts import incident_changes, incident_reporting, incident_telling
from attest.services.acts.incident_telling import Told
from attest.services.context import Context

# Drafts have no copies yet, and of a withdrawn demand nothing more is asked.
NOT_COUNTED = frozenset({demand_states.DRAFT, demand_states.WITHDRAWN})


@dataclass(frozen=True)
class IncidentView:
    """An incident, ready to be read."""

    incident: Incident
    facts: Mapping[str, Any]
    missing: Sequence[Fact]
    clock: Clock
    reports: Sequence[IncidentReport]
    decisions: Sequence[IncidentDecision]
    tellings: Sequence[IncidentTelling]
    demands: Sequence[Demand]
    figure: Figure

    @property
    def standing_reports(self) -> list[IncidentReport]:
        """Without those that were struck out."""
        return [row for row in self.reports if row.struck_at is None]

    @property
    def authority(self) -> str:
        """Whom the first report went to, or who would be told."""
        standing = self.standing_reports
        return standing[0].authority if standing else breach.AUTHORITY

    @property
    def told(self) -> Told:
        """How many people affected were told."""
        return incident_telling.told(self.tellings)

    def decision(self, subject: str) -> IncidentDecision | None:
        """The newest decision on a subject."""
        return next((row for row in reversed(self.decisions) if row.subject == subject), None)

    @property
    def not_told(self) -> IncidentDecision | None:
        """The decision that people affected need not be told, where it stands."""
        found = self.decision(breach.TELL)
        return found if found is not None and not found.needed else None


def view(ctx: Context, incident: Incident) -> IncidentView:
    """Reads everything that the incident's own page shows."""
    facts = incident_changes.values_of(ctx, incident)
    demands = demands_of(ctx, [incident])[incident.id]
    return IncidentView(
        incident,
        facts,
        incident_facts.missing(facts),
        incident_reporting.clock_of(ctx, incident),
        incident_reporting.reports_of(ctx, incident),
        incident_reporting.decisions_of(ctx, incident),
        incident_telling.tellings_of(ctx, incident),
        demands,
        containment(demands),
    )


def demands_of(ctx: Context, incidents: Iterable[Incident]) -> Mapping[str, Sequence[Demand]]:
    """The demands of each incident, by its id, in the order of their references."""
    found: dict[str, list[Demand]] = defaultdict(list)
    for demand in ctx.session.scalars(
        select(Demand)
        .where(Demand.incident_id.in_([incident.id for incident in incidents]))
        .options(selectinload(Demand.parties))
        .order_by(Demand.created_at, Demand.reference)
    ).unique():
        found[demand.incident_id].append(demand)
    return found


def containment(demands: Iterable[Demand]) -> Figure:
    """How far containment has come, over the demands that count."""
    return figure(
        (
            demand.files_total * demand.stores_total,
            demand.copies_settled,
            demand.copies_excepted,
        )
        for demand in demands
        if demand.state not in NOT_COUNTED
    )
