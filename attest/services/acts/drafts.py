"""Drafting a demand: incident, parties, stores and terms, then over to the signatory.

Files and stores have rooms of their own (draft_files.py, draft_stores.py). A draft that was
handed over is locked: what the signatory reads is what the signatory signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import delete, select, update

from attest.database import outbox
from attest.database.tables import (
    Account,
    Demand,
    DemandParty,
    EscalationContact,
    Incident,
    LadderRung,
    Letter,
    NamedFile,
    Person,
    Store,
)
from attest.domain import drafting, incident_facts
from attest.domain.drafting import check_text, need_text
from attest.domain.email_address import is_email_address
from attest.domain.refusal import NotAllowed, Refused
from attest.services.access import Seat
from attest.services.acts import incident_changes, incident_remains
from attest.services.acts.escalation import ContactAnswers, keep_contact
from attest.services.context import Context
from attest.services.facts import leaks, references, unsent
from attest.services.facts.calendars import holidays_of, today
from attest.services.facts.draft_lock import editable
from attest.services.letters.letter_events import drop
from attest.services.log import prefix
from attest.services.notices import notices


@dataclass(frozen=True)
class IncidentAnswers:
    """What the incident's page asks. Times are aware."""

    title: str
    what_happened: str
    occurred_on: date | None
    noticed_at: datetime | None
    people_affected: int | None
    data_affected: str
    agreements: str


@dataclass(frozen=True)
class Terms:
    """What the terms' page asks."""

    basis: str
    action: str
    instruction: str
    due_on: date | None
    calendar: str = "GB-ENG"


def drafter(account: Account) -> Person:
    """The person as whom an account raises demands. Raises NotAllowed."""
    for person in account.people:
        if person.active and "case_handler" in person.duties:
            return person
    raise NotAllowed("Only a case handler can raise a demand. Ask for that duty under People.")


def create(ctx: Context, person: Person, title: str) -> Demand:
    """Starts a draft about a new incident, with the next reference: CODE-YEAR-NNN."""
    title = need_text(title, "title", "Give the incident a short title.", limit=200)
    incident = Incident(
        id=str(uuid4()),
        reference=references.next_incident(ctx, person.organisation),
        organisation_id=person.organisation_id,
        title=title,
        created_at=ctx.now,
    )
    return create_for(ctx, person, incident)


def create_for(ctx: Context, person: Person, incident: Incident) -> Demand:
    """Starts a draft about an incident of the person's organisation; nothing else is in it."""
    demand = Demand(
        id=str(uuid4()),
        reference=references.next_demand(ctx, person.organisation),
        incident=incident,
        organisation_id=person.organisation_id,
        created_at=ctx.now,
        created_by_id=person.id,
    )
    demand.parties.append(
        DemandParty(
            id=str(uuid4()),
            organisation_id=person.organisation_id,
            role="lead",
            position=0,
            name=person.organisation.name,
        )
    )
    ctx.session.add(demand)
    ctx.session.flush()
    return demand


def save_incident(ctx: Context, seat: Seat, answers: IncidentAnswers) -> None:
    """Keeps what happened, beside what was said before. Raises Refused with the field."""
    incident = editable(seat).incident
    day = today(ctx.settings, ctx.now)
    kept = {
        name: incident_facts.check(incident_facts.BY_NAME[name], value, ctx.now, day)
        for name, value in asdict(answers).items()
    }
    incident_changes.keep(ctx, seat.person, incident, kept)


def save_parties(
    ctx: Context,
    seat: Seat,
    parties: Sequence[drafting.Party],
    concurrence: str,
    contact: ContactAnswers | None = None,
) -> None:
    """Replaces all parties but the lead controller. Raises Refused with the field.

    `contact` is the contractor's escalation contact; None leaves it as it is.
    """
    demand = editable(seat)
    if concurrence not in drafting.CONCURRENCE:
        raise Refused("Choose whose review counts.", field="concurrence")
    lead = next(party for party in demand.parties if party.role == "lead")
    drafting.check_parties([drafting.Party("lead", lead.name), *parties])
    fresh = [lead]
    for position, party in enumerate(parties, start=1):
        email = check_text(party.contact_email, f"{party.role}_email", limit=254)
        if email and not is_email_address(email):
            raise Refused(
                "This is no email address. It looks like name@example.org.",
                field=f"{party.role}_email",
            )
        fresh.append(
            DemandParty(
                id=str(uuid4()),
                role=party.role,
                position=position,
                name=need_text(party.name, party.role, "Type a name.", limit=drafting.MAX_NAME),
                contact_name=check_text(
                    party.contact_name, f"{party.role}_contact", limit=drafting.MAX_NAME
                ),
                contact_role=check_text(
                    party.contact_role, f"{party.role}_role", limit=drafting.MAX_NAME
                ),
                contact_email=email.lower() if email else None,
                contact_point=party.role == "joint" and party.contact_point,
            )
        )
    # Deleted before the new ones are written: a name may stay the same.
    demand.parties = [lead]
    ctx.session.flush()
    demand.parties = fresh
    demand.concurrence = concurrence
    if contact is not None:
        keep_contact(ctx, seat, contact, prefix="escalation_")


def save_terms(ctx: Context, seat: Seat, terms: Terms) -> None:
    """Keeps basis, action, instruction and due date. Raises Refused with the field."""
    demand = editable(seat)
    demand.basis = need_text(
        terms.basis, "basis", "Say on what basis you may demand this.", limit=1000
    )
    if terms.action not in drafting.ACTIONS:
        raise Refused("Choose what is demanded.", field="action")
    demand.action = terms.action
    demand.instruction = need_text(
        terms.instruction, "instruction", "Write the instruction.", multiline=True
    )
    if terms.due_on is None:
        raise Refused("Set a due date.", field="due_on")
    drafting.check_due(terms.due_on, today(ctx.settings, ctx.now))
    holidays_of(terms.calendar)  # refuses one that isn't known
    demand.due_on = terms.due_on
    demand.calendar = terms.calendar


def gaps(ctx: Context, demand: Demand) -> dict[str, list[str]]:
    """What the draft still lacks, by section (domain/drafting.py)."""
    incident = demand.incident
    found = drafting.gaps(
        drafting.Draft(
            title=incident.title,
            what_happened=incident.what_happened,
            noticed_at=incident.noticed_at,
            parties=[
                drafting.Party(
                    party.role,
                    party.name,
                    party.contact_name or "",
                    party.contact_role or "",
                    party.contact_email or "",
                )
                for party in demand.parties
            ],
            concurrence=demand.concurrence,
            files=demand.files_total,
            stores=demand.stores_total,
            basis=demand.basis,
            action=demand.action,
            instruction=demand.instruction,
            due_on=demand.due_on,
        ),
        today(ctx.settings, ctx.now),
    )
    for section, more in leaks.leaks(ctx, demand).items():
        found[section] += more
    return found


def hand_over(ctx: Context, seat: Seat) -> None:
    """Locks the draft, fixes the bodies that will be signed over, tells the signatories."""
    demand = editable(seat)
    missing = [gap for section in gaps(ctx, demand).values() for gap in section]
    if missing:
        raise Refused("The draft is not ready: " + " ".join(missing))
    prefix.fix_bodies(ctx, seat)
    demand.handed_at = ctx.now
    demand.return_note = None
    notices.ready_to_sign(ctx, seat)


def take_back(ctx: Context, seat: Seat, note: str | None = None) -> None:
    """Unlocks the draft: the case handler takes it back, or the signatory returns it."""
    demand = seat.demand
    if demand.handed_at is None:
        raise Refused("This draft is not with the signatory. You can change it now.")
    demand.handed_at = None
    demand.return_note = check_text(note, "note", multiline=True)
    if note is not None:
        notices.returned(ctx, seat)


def return_with_note(ctx: Context, seat: Seat, note: str) -> None:
    """The signatory returns the draft; the note must say why. Raises Refused."""
    take_back(ctx, seat, need_text(note, "note", "Say what has to change.", multiline=True))


def discard(ctx: Context, seat: Seat) -> None:
    """Deletes a draft that was never issued, and its incident unless that stands on its own.

    Letters about it that are still to go out are not sent; those that went out, or were tried,
    stay on record.
    """
    demand = editable(seat)
    about = Letter.demand_id == demand.id
    ctx.session.execute(delete(Letter).where(about, Letter.state == outbox.QUEUED))
    put_off = select(Letter).where(about, Letter.state == outbox.DEFERRED).with_for_update()
    for letter in ctx.session.scalars(put_off).all():
        drop(ctx.session, letter, ctx.now, "the draft that it was about was discarded")
    ctx.session.execute(update(Letter).where(about).values(demand_id=None))
    ctx.session.execute(delete(NamedFile).where(NamedFile.demand_id == demand.id))
    ctx.session.execute(delete(Store).where(Store.demand_id == demand.id))
    ctx.session.execute(delete(EscalationContact).where(EscalationContact.demand_id == demand.id))
    ctx.session.execute(delete(LadderRung).where(LadderRung.demand_id == demand.id))
    unsent.forget_demand(ctx, demand)
    incident = demand.incident
    keep = incident_remains.stays(ctx, demand)
    ctx.session.delete(demand)
    ctx.session.flush()
    if not keep:
        incident_remains.forget(ctx, incident)
