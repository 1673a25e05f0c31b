"""Writes to the contractor's escalation contact once a demand is late by three working days.

The same ladder as the contractor's own, for this reader alone: who is named after the rung was
reached is written to at the next tick, and who replaces somebody is written to as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from attest.database.tables import Demand, EscalationContact, Letter, Person
from attest.domain import ladder
from attest.domain.refusal import Refused
from attest.mail import letters
from attest.mail.about import About
from attest.services import deadlines, post
from attest.services.access import CONTRACTOR
from attest.services.calendars import today
from attest.services.chasing import (
    chased,
    extended_on,
    heard_on,
    open_files_of,
    rung_prefix,
)
from attest.services.context import Context
from attest.services.letter_facts import about, writer

KIND = "escalation_contact"


@dataclass(frozen=True)
class _Due:
    demand: Demand
    contact: EscalationContact
    about: About
    files: int
    key: str


def chase_contacts(ctx: Context) -> int:
    """Queues the letters that are due; gives how many. Nobody gets one twice."""
    day = today(ctx.settings, ctx.now)
    named = chased(day).join(
        EscalationContact,
        (EscalationContact.demand_id == Demand.id) & (EscalationContact.side == CONTRACTOR),
    )
    rows = ctx.session.execute(
        named.add_columns(EscalationContact)
        .order_by(Demand.id)
        .options(selectinload(Demand.liaison), selectinload(Demand.officer))
    ).all()
    if not rows:
        return 0
    written = set(
        ctx.session.scalars(
            select(Letter.key).where(
                Letter.kind == KIND, Letter.demand_id.in_(named.with_only_columns(Demand.id))
            )
        )
    )
    by_day = deadlines.open_by_day(ctx, [demand for demand, _ in rows])
    told = extended_on(ctx, named)
    found: list[_Due] = []
    for demand, contact in rows:
        try:
            facts = about(ctx, demand)
        except (Refused, ValueError):
            continue  # chasing.py says so in the journal
        for due_on, files in sorted(by_day[demand.id].items()):
            prefix = rung_prefix(demand.id, due_on)
            already = {r.name for r in ladder.CONTACT_RUNGS if _key(prefix, r, contact) in written}
            step = ladder.rungs_due(
                due_on,
                day,
                facts.holidays,
                already,
                since=heard_on(ctx, demand, due_on, told),
                rungs=ladder.CONTACT_RUNGS,
            )
            if step is not None:
                key = _key(prefix, step.rung, contact)
                found.append(_Due(demand, contact, replace(facts, due_on=due_on), files, key))
    names = open_files_of(ctx, [(each.demand.id, each.about.due_on) for each in found])
    return sum(_write(ctx, each, names[each.demand.id, each.about.due_on]) for each in found)


def _write(ctx: Context, each: _Due, files: list[str]) -> bool:
    demand, contact = each.demand, each.contact
    people = [person for person in post.contractor_people(demand) if person.active]
    if contact.email in {person.account.email for person in people}:
        return False  # has the same letter as liaison or officer
    ring = _to_ring(ctx, demand)
    letter = letters.escalation_contact(
        each.about,
        files,
        each.files,
        ring=writer(ring, each.about.controller),
        telephone=ring.telephone,
        colleagues=[person.name for person in people],
    )
    contractor = next(party for party in demand.parties if party.role == "contractor")
    return post.queue_letter(
        ctx,
        letter=letter,
        key=each.key,
        to_name=contact.name,
        to_email=contact.email,
        organisation_id=contractor.organisation_id,
        demand_id=demand.id,
    )


def _to_ring(ctx: Context, demand: Demand) -> Person:
    """Who drafted the demand, where they still act, else a case handler of the lead's."""
    handlers = post.case_handlers(ctx, demand)
    drafted = [person for person in handlers if person.id == demand.created_by_id]
    people = drafted or handlers or post.lead_controller(ctx, demand)
    return people[0] if people else ctx.session.get_one(Person, demand.created_by_id)


def _key(prefix: str, rung: ladder.Rung, contact: EscalationContact) -> str:
    # Whoever replaces somebody else is another reader.
    reader = hashlib.sha256(contact.email.encode()).hexdigest()[:16]
    return f"{prefix}:{rung.name}:contact-{reader}"
