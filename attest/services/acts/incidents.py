"""Incidents: recording one, raising a further demand from it, and the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from attest.database.tables import (
    Account,
    Demand,
    Incident,
    IncidentDecision,
    IncidentFacts,
    IncidentReport,
    Person,
)
from attest.domain import breach_clock
from attest.domain.demand_states import LIVE
from attest.domain.drafting import need_text
from attest.domain.refusal import NotAllowed
from attest.services.acts import drafts, incident_changes
from attest.services.context import Context
from attest.services.facts import references
from attest.services.facts.incident_access import IncidentSeat, visible_incidents
from attest.services.facts.paging import ROWS_A_PAGE, Page, page_of

SORTS: Mapping[str, tuple[Any, ...]] = {
    "noticed": (Incident.noticed_at.desc().nulls_first(), Incident.reference.desc()),
    "oldest": (Incident.noticed_at, Incident.reference),
    "reference": (Incident.reference,),
    "people": (Incident.people_affected.desc().nulls_last(), Incident.reference),
}


def record(ctx: Context, person: Person, typed: Mapping[str, Any]) -> Incident:
    """Records an incident of its own, with what its first page asks. Raises Refused."""
    title = need_text(
        str(typed.get("title") or ""), "title", "Give the incident a short title.", limit=200
    )
    incident = Incident(
        id=str(uuid4()),
        reference=references.next_incident(ctx, person.organisation),
        organisation_id=person.organisation_id,
        title=title,
        created_at=ctx.now,
    )
    ctx.session.add(incident)
    ctx.session.flush()
    # With this row the incident stands on its own, whatever becomes of drafts about it.
    ctx.session.add(IncidentFacts(incident_id=incident.id))
    ctx.session.flush()
    incident_changes.save_section(ctx, IncidentSeat(incident, person), "happened", typed)
    return incident


def raise_demand(ctx: Context, seat: IncidentSeat) -> Demand:
    """Begins a further draft, which shares the incident and nothing else. Raises NotAllowed."""
    if "case_handler" not in seat.person.duties:
        raise NotAllowed("Only a case handler can raise a demand. Ask for that duty under People.")
    return drafts.create_for(ctx, seat.person, seat.incident)


def incidents(
    ctx: Context,
    account: Account,
    *,
    search: str = "",
    state: str = "",
    sort: str = "noticed",
    page: int = 1,
) -> Page:
    """The incidents that an account may see, filtered and sorted.

    `state`: `asks` (no report, and none is needed by no decision), `late` (those of them whose
    72 hours are over), `reported`, `not_needed`, `open` (a demand is under way), or empty.
    """
    query = _filtered(visible_incidents(account), state, ctx)
    if search.strip():
        like = f"%{_escaped(search.strip())}%"
        query = query.where(
            or_(
                Incident.reference.ilike(like, escape="\\"),
                Incident.title.ilike(like, escape="\\"),
                Incident.id.in_(
                    select(Demand.incident_id).where(Demand.reference.ilike(like, escape="\\"))
                ),
            )
        )
    return page_of(ctx, query.order_by(*SORTS.get(sort, SORTS["noticed"])), page, ROWS_A_PAGE)


def reported() -> ColumnElement[bool]:
    """Whether a report of the incident is recorded."""
    return exists().where(
        IncidentReport.incident_id == Incident.id, IncidentReport.struck_at.is_(None)
    )


def not_needed() -> ColumnElement[bool]:
    """Whether the newest decision says that no report is needed."""
    newest = (
        select(func.max(IncidentDecision.id))
        .where(IncidentDecision.incident_id == Incident.id, IncidentDecision.subject == "report")
        .correlate(Incident)
        .scalar_subquery()
    )
    return exists().where(IncidentDecision.id == newest, IncidentDecision.needed.is_(False))


def asks() -> ColumnElement[bool]:
    """Whether somebody has to report it, or to record why not."""
    return and_(Incident.noticed_at.is_not(None), ~reported(), ~not_needed())


def _filtered(query: Select[Incident], state: str, ctx: Context) -> Select[Incident]:
    chosen: Mapping[str, ColumnElement[bool]] = {
        "asks": asks(),
        "late": and_(asks(), Incident.noticed_at < ctx.now - breach_clock.HOURS),
        "reported": reported(),
        "not_needed": and_(~reported(), not_needed()),
        "open": exists().where(Demand.incident_id == Incident.id, Demand.state.in_(LIVE)),
    }
    return query.where(chosen[state]) if state in chosen else query


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
