"""What an authority was told and when, in phases; and who decided that no report is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select

from attest.database.tables import Incident, IncidentDecision, IncidentReport
from attest.domain import breach, breach_clock
from attest.domain.breach_clock import Clock, Report
from attest.domain.drafting import check_text, need_text
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.facts.calendars import local_day, today
from attest.services.facts.incident_access import IncidentSeat


@dataclass(frozen=True)
class ReportAnswers:
    """What the page for a report asks. `reported_at` is aware."""

    reported_at: datetime | None
    authority: str
    channel: str
    told: str
    reference: str = ""
    late_reasons: str = ""
    more_to_follow: bool = False


@dataclass(frozen=True)
class DecisionAnswers:
    """What the pages for a decision ask. `ground` is for not telling people affected."""

    needed: bool
    decided_by: str
    decided_on: date | None
    reason: str
    ground: str = ""


def report(ctx: Context, seat: IncidentSeat, answers: ReportAnswers) -> IncidentReport:
    """Records one phase of a report. Raises Refused with the field."""
    incident = seat.incident
    late_reasons = check_text(answers.late_reasons, "late_reasons", multiline=True)
    at = breach_clock.check_report(
        incident.noticed_at,
        [_phase(row) for row in reports_of(ctx, incident) if row.struck_at is None],
        answers.reported_at,
        late_reasons,
        ctx.now,
    )
    if answers.channel not in breach.REPORT_CHANNELS:
        raise Refused("Choose how it was reported.", field="channel")
    row = IncidentReport(
        id=str(uuid4()),
        incident_id=incident.id,
        reported_at=at,
        authority=need_text(
            answers.authority, "authority", "Name the authority that was told.", limit=200
        ),
        reference=check_text(answers.reference, "reference", limit=100),
        channel=answers.channel,
        told=need_text(answers.told, "told", "Say what was reported.", multiline=True),
        late_reasons=late_reasons,
        more_to_follow=answers.more_to_follow,
        recorded_at=ctx.now,
        recorded_by_id=seat.person.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def decide(
    ctx: Context, seat: IncidentSeat, subject: str, answers: DecisionAnswers
) -> IncidentDecision:
    """Records that nobody has to be told, or that somebody has to after all. Raises Refused.

    `subject`: `report` for the authority (Article 33(1)), `tell` for people affected (Article 34).
    """
    stands = decision_on(ctx, seat.incident, subject)
    reported = any(row.struck_at is None for row in reports_of(ctx, seat.incident))
    breach.check_decision(
        subject,
        answers.needed,
        ground=answers.ground,
        decided_on=answers.decided_on,
        today=today(ctx.settings, ctx.now),
        reported=reported,
        stands=stands.needed if stands else None,
    )
    row = IncidentDecision(
        incident_id=seat.incident.id,
        subject=subject,
        needed=answers.needed,
        ground=answers.ground if subject == breach.TELL and not answers.needed else None,
        reason=need_text(answers.reason, "reason", "Give the reasons.", multiline=True),
        decided_by=need_text(answers.decided_by, "decided_by", "Say who decided it.", limit=200),
        decided_on=answers.decided_on,
        recorded_at=ctx.now,
        recorded_by_id=seat.person.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def reports_of(ctx: Context, incident: Incident) -> Sequence[IncidentReport]:
    """Every phase, the first one first, those that were struck out too."""
    return ctx.session.scalars(
        select(IncidentReport)
        .where(IncidentReport.incident_id == incident.id)
        .order_by(IncidentReport.reported_at, IncidentReport.recorded_at, IncidentReport.id)
    ).all()


def decisions_of(ctx: Context, incident: Incident) -> Sequence[IncidentDecision]:
    """Every decision, oldest first."""
    return ctx.session.scalars(
        select(IncidentDecision)
        .where(IncidentDecision.incident_id == incident.id)
        .order_by(IncidentDecision.id)
    ).all()


def decision_on(ctx: Context, incident: Incident, subject: str) -> IncidentDecision | None:
    """The newest decision on a subject."""
    found = [row for row in decisions_of(ctx, incident) if row.subject == subject]
    return found[-1] if found else None


def clock_of(ctx: Context, incident: Incident) -> Clock:
    """How the 72 hours of one incident stand now."""
    return clocks(ctx, [incident])[incident.id]


def clocks(ctx: Context, incidents: Iterable[Incident]) -> Mapping[str, Clock]:
    """How the 72 hours stand, by incident, in two queries however many there are."""
    found = {incident.id: incident for incident in incidents}
    phases: dict[str, list[Report]] = defaultdict(list)
    for row in ctx.session.scalars(
        select(IncidentReport).where(
            IncidentReport.incident_id.in_(found), IncidentReport.struck_at.is_(None)
        )
    ):
        phases[row.incident_id].append(_phase(row))
    newest = (
        select(func.max(IncidentDecision.id))
        .where(IncidentDecision.incident_id.in_(found), IncidentDecision.subject == breach.REPORT)
        .group_by(IncidentDecision.incident_id)
    )
    not_needed = set(
        ctx.session.scalars(
            select(IncidentDecision.incident_id).where(
                IncidentDecision.id.in_(newest), IncidentDecision.needed.is_(False)
            )
        )
    )
    return {
        incident_id: breach_clock.clock(
            incident.noticed_at,
            phases[incident_id],
            not_needed=incident_id in not_needed,
            now=ctx.now,
        )
        for incident_id, incident in found.items()
    }


def noticed_on(ctx: Context, incident: Incident) -> date | None:
    """The day of notice where this instance's people work."""
    return local_day(ctx.settings, incident.noticed_at) if incident.noticed_at else None


def _phase(row: IncidentReport) -> Report:
    return Report(row.reported_at, row.late_reasons, row.more_to_follow)
