"""The escalation contacts: who is written to, on either side, when a demand is late.

The contractor's is given by the lead controller, or by the contractor's liaison at acknowledging
or later; the lead controller's own by itself alone. It is no access: a name and an address in a
row of its own, and nothing of it in the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from attest.database.tables import Demand, EscalationContact
from attest.domain import demand_states
from attest.domain.drafting import check_text, need_text
from attest.domain.refusal import Refused
from attest.mail import languages
from attest.services.access import CONTRACTOR, CONTROLLER, Seat
from attest.services.accounts import time_zones
from attest.services.accounts.people import address
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts.chase_times import look_again


@dataclass(frozen=True)
class ContactAnswers:
    """What the form asks. Name, role and address empty: nobody.

    `time_zone` and `language`: "" for those of the contact's organisation, None leaves them.
    """

    name: str = ""
    role: str = ""
    email: str = ""
    time_zone: str | None = None
    language: str | None = None

    @property
    def nobody(self) -> bool:
        """Whether nothing was typed."""
        return not (self.name.strip() or self.role.strip() or self.email.strip())


def contact_of(ctx: Context, demand: Demand, side: str = CONTRACTOR) -> EscalationContact | None:
    """Who is named for this side, or None."""
    return ctx.session.get(EscalationContact, (demand.id, side))


def name_contact(ctx: Context, seat: Seat, answers: ContactAnswers) -> None:
    """Names, replaces or removes the contact of an issued demand. Raises Refused with the
    field."""
    live(seat)
    keep_contact(ctx, seat, answers, prefix="contact_")


def name_contacts(
    ctx: Context, seat: Seat, contractors: ContactAnswers, own: ContactAnswers, receipt: bool
) -> None:
    """What the lead controller says of both sides, and whether letters ask for a receipt.

    Raises Refused with the field, `contractor_…` or `controller_…`.
    """
    if seat.demand.state in demand_states.ENDED:
        raise Refused("This demand has ended: nobody is chased any more.")
    keep_contact(ctx, seat, contractors, prefix="contractor_")
    keep_contact(ctx, seat, own, side=CONTROLLER, prefix="controller_")
    seat.demand.asks_receipt = receipt
    ctx.session.flush()


def keep_contact(
    ctx: Context, seat: Seat, answers: ContactAnswers, *, side: str = CONTRACTOR, prefix: str = ""
) -> None:
    """Keeps who it is, whoever said so; `prefix` goes before the fields' names in refusals."""
    known = contact_of(ctx, seat.demand, side)
    if answers.nobody:
        if known is not None:
            ctx.session.delete(known)
            ctx.session.flush()
            look_again(ctx, seat.demand)
        return
    try:
        name = need_text(answers.name, "name", "Type the contact's name.", limit=200)
        role = check_text(answers.role, "role", limit=200)
        email = address(answers.email)
    except Refused as refused:
        raise Refused(refused.sentence, field=f"{prefix}{refused.field}") from refused
    if side == CONTROLLER and email in _contractors(ctx, seat.demand):
        raise Refused(
            "This is an address of the contractor's in this demand. Name somebody of your own"
            " side: letters to this contact speak of what the contractor must not read.",
            field=f"{prefix}email",
        )
    before = (known.name, known.role, known.email, known.time_zone, known.language) if known else ()
    time_zone = _chosen(answers.time_zone, known.time_zone if known else None)
    language = _chosen(answers.language, known.language if known else None)
    if before == (name, role, email, time_zone, language):
        return
    if time_zone is not None and not time_zones.is_known(time_zone):
        raise Refused("Choose a time zone of the list.", field=f"{prefix}time_zone")
    if language is not None and language not in languages.choices(ctx.settings.letters_path):
        raise Refused("Choose a language of the list.", field=f"{prefix}language")
    if known is None:
        known = EscalationContact(demand_id=seat.demand.id, side=side)
        ctx.session.add(known)
    known.name, known.role, known.email = name, role, email
    known.time_zone, known.language = time_zone, language
    known.given_at = ctx.now
    known.given_by_id = seat.person.id
    ctx.session.flush()
    look_again(ctx, seat.demand)


def _contractors(ctx: Context, demand: Demand) -> set[str]:
    """The addresses at which the contractor reads letters about this demand, in small letters."""
    people = [person.account.email for person in (demand.liaison, demand.officer) if person]
    named = [party.contact_email for party in demand.parties if party.role == "contractor"]
    contact = contact_of(ctx, demand)
    found = [*people, *named, contact and contact.email]
    return {email.lower() for email in found if email}


def _chosen(answer: str | None, before: str | None) -> str | None:
    """What is kept: "" takes a choice back, None leaves it."""
    return before if answer is None else answer or None
