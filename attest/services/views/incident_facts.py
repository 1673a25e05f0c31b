"""The facts of an incident for the authority, as a paper and as JSON, from one set of answers.

Nothing in it depends on the time at which somebody asks: the same state gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attest.database import log_rows
from attest.database.tables import Demand
from attest.documents.incident_paper import DemandLine, IncidentData, make_incident
from attest.domain import breach, breach_clock, incident_facts
from attest.domain.breach_clock import Clock
from attest.domain.containment import figure
from attest.domain.incident_facts import ABOUT_BREACH, ABOUT_YOU, TAKING_ACTION
from attest.domain.wording import DEMAND_STATES, count, listing, moment, number, short_day
from attest.services.context import Context
from attest.services.facts.incident_access import IncidentSeat
from attest.services.views.incident_timeline import Occurrence, name_of, occurrences
from attest.services.views.incident_view import IncidentView


def paper(ctx: Context, seat: IncidentSeat, found: IncidentView) -> bytes:
    """The facts as a PDF."""
    zone = ZoneInfo(ctx.settings.time_zone)
    events = occurrences(ctx, found)
    stand = as_of(ctx, found)
    return make_incident(
        IncidentData(
            reference=found.incident.reference,
            organisation=seat.person.organisation.name,
            title=found.incident.title,
            clock=_clock_said(found.clock, zone),
            parts=parts(ctx, seat, found),
            reports=[
                (f"{moment(row.reported_at, zone)}, {row.authority}", _report_pairs(row))
                for row in found.standing_reports
            ],
            containment=found.figure.sentence,
            demands=[_demand_line(demand) for demand in found.demands if demand.issued_at],
            timeline=[
                (_when(event, zone), event.title, event.by) for event in events if not event.changes
            ],
            as_of_words=moment(stand, zone),
            as_of=stand,
        ),
        fonts=ctx.settings.fonts_path,
    )


def as_json(ctx: Context, seat: IncidentSeat, found: IncidentView) -> bytes:
    """The facts for a program: answers as they are kept, days and times as in ISO 8601."""
    clock = found.clock
    said: dict[str, Any] = {
        "incident": found.incident.reference,
        "organisation": seat.person.organisation.name,
        "asOf": _written(as_of(ctx, found)),
        "facts": {name: _fact(name, value) for name, value in found.facts.items()},
        "clock": {
            "state": clock.state,
            "noticedAt": _written(clock.noticed_at),
            "endsAt": _written(clock.ends_at),
            "reportedAt": _written(clock.reported_at),
        },
        "reports": [
            {
                "at": _written(row.reported_at),
                "authority": row.authority,
                "reference": row.reference,
                "channel": row.channel,
                "told": row.told,
                "lateReasons": row.late_reasons,
                "moreToFollow": row.more_to_follow,
                "struckOut": row.strike_reason,
            }
            for row in found.reports
        ],
        "decisions": [
            {
                "subject": row.subject,
                "needed": row.needed,
                "ground": row.ground,
                "reason": row.reason,
                "decidedBy": row.decided_by,
                "decidedOn": _written(row.decided_on),
            }
            for row in found.decisions
        ],
        "peopleTold": [
            {
                "on": _written(row.told_on),
                "batch": row.batch,
                "channel": row.channel,
                "people": row.people,
                "struckOut": row.strike_reason,
            }
            for row in found.tellings
        ],
        "containment": {
            "demands": found.figure.demands,
            "settled": found.figure.settled,
            "excepted": found.figure.excepted,
            "open": found.figure.open,
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def parts(
    ctx: Context, seat: IncidentSeat, found: IncidentView
) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Headings with questions and answers, in the order of the authority's form."""
    zone = ZoneInfo(ctx.settings.time_zone)

    def said(part: str) -> list[tuple[str, str]]:
        return [
            (fact.question, incident_facts.in_words(fact, found.facts[fact.name], zone))
            for fact in incident_facts.of_part(part)
        ]

    reasons = "\n".join(row.late_reasons for row in found.standing_reports if row.late_reasons)
    breach_part = said(ABOUT_BREACH)
    if found.clock.state in (breach_clock.REPORTED_LATE, breach_clock.OVER) or reasons:
        breach_part.append(("Why it was reported later than 72 hours", reasons))
    undecided = found.decision(breach.REPORT)
    if undecided is not None and found.clock.state == breach_clock.NOT_NEEDED:
        breach_part.append(
            (
                "Why no report is needed",
                f"{undecided.reason}\nDecided by {undecided.decided_by} on "
                f"{short_day(undecided.decided_on)}.",
            )
        )
    action = [*said(TAKING_ACTION), ("People affected who were told", people_told(found))]
    you = [("Organisation", seat.person.organisation.name), *said(ABOUT_YOU)]
    return [(ABOUT_BREACH, breach_part), (TAKING_ACTION, action), (ABOUT_YOU, you)]


def people_told(found: IncidentView) -> str:
    """Who among the people affected was told, when and how; or why nobody is."""
    lines = [
        f"{count(row.people, 'person')} on {short_day(row.told_on)} by "
        f"{breach.TELL_CHANNELS[row.channel]}: {row.batch}"
        for row in found.tellings
        if row.struck_at is None
    ]
    if len(lines) > 1:
        lines.append(f"Together {count(found.told.people, 'person')}.")
    decided = found.not_told
    if decided is not None:
        lines.append(
            f"Not told, because {breach.GROUNDS[decided.ground or '']}. {decided.reason}\n"
            f"Decided by {decided.decided_by} on {short_day(decided.decided_on)}."
        )
    return "\n".join(lines)


def as_of(ctx: Context, found: IncidentView) -> datetime:
    """When the newest of what the pack says was recorded: the pack's own time."""
    heads = [log_rows.read_head(ctx.session, demand.id) for demand in found.demands]
    times: list[datetime | None] = [
        found.incident.created_at,
        *(head.updated_at for head in heads if head is not None),
        *(event.at for event in occurrences(ctx, found) if not event.day_only),
        *(row.recorded_at for row in found.reports),
        *(row.recorded_at for row in found.decisions),
        *(row.recorded_at for row in found.tellings),
    ]
    return max(at for at in times if at is not None)


def demand_copies(demand: Demand) -> str:
    """What became of one demand's copies, in words."""
    found = figure(
        [
            (
                demand.files_total * demand.stores_total,
                demand.copies_settled,
                demand.copies_excepted,
            )
        ]
    )
    named = [f"{number(part.copies)} {part.word}" for part in found.parts]
    return f"{count(found.copies, 'copy')}: {listing(named)}" if named else "none"


def _demand_line(demand: Demand) -> DemandLine:
    days = [f"issued {short_day(demand.issued_at)}"] if demand.issued_at else []
    if demand.due_on:
        days.append(f"due {_due(demand)}")
    if demand.closed_at:
        days.append(f"ended {short_day(demand.closed_at)}")
    return DemandLine(
        demand.reference,
        contractor_of(demand),
        DEMAND_STATES[demand.state],
        ", ".join(days),
        demand_copies(demand),
    )


def _due(demand: Demand) -> str:
    """Both days, where more time was granted since the demand was signed."""
    due_on, signed_on = demand.due_on, demand.signed_due_on
    if due_on is None:
        return ""
    if signed_on is None or signed_on == due_on:
        return short_day(due_on)
    return f"{short_day(signed_on)}, extended to {short_day(due_on)}"


def contractor_of(demand: Demand) -> str:
    """The contractor's name, "" while none is named."""
    return next((party.name for party in demand.parties if party.role == "contractor"), "")


def _report_pairs(row: Any) -> list[tuple[str, str]]:
    pairs = [
        ("How", breach.REPORT_CHANNELS[row.channel]),
        ("Their reference", row.reference or ""),
        ("What was reported", row.told),
    ]
    if row.late_reasons:
        pairs.append(("Reasons for the delay", row.late_reasons))
    if row.more_to_follow:
        pairs.append(("More to follow", "yes"))
    pairs.append(("Recorded by", name_of(row.recorded_by)))
    return pairs


def _clock_said(clock: Clock, zone: ZoneInfo) -> str:
    """The clock without what depends on the moment of asking."""
    if clock.ends_at is None or clock.asks:
        end = f" The 72 hours end on {moment(clock.ends_at, zone)}." if clock.ends_at else ""
        return f"No report to the authority is recorded.{end}"
    return breach_clock.sentence(clock)


def _when(event: Occurrence, zone: ZoneInfo) -> str:
    return short_day(event.at.astimezone(zone)) if event.day_only else moment(event.at, zone)


def _fact(name: str, value: Any) -> Any:
    if incident_facts.BY_NAME[name].kind == incident_facts.CHOICES:
        return str(value).split(";") if value else []
    return _written(value)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if hasattr(value, "isoformat") else value


def timeline_rows(events: Sequence[Occurrence], zone: ZoneInfo) -> list[tuple[str, ...]]:
    """The timeline for a CSV, oldest first, under a header that names the zone of its times."""
    header = (f"When ({zone.key})", "What", "Recorded by", "What was said")
    return [header, *((_when(event, zone), event.title, event.by, event.said) for event in events)]
