"""The contractor's escalation contact: who is written to when a demand is late.

Given by the lead controller in the draft, or by the contractor's liaison at acknowledging or
later. It is no access: a name and an address in a row of its own, and nothing of it in the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from attest.database.tables import Demand, EscalationContact
from attest.domain.drafting import check_text, need_text
from attest.domain.refusal import Refused
from attest.services.access import CONTRACTOR, Seat
from attest.services.answering import live
from attest.services.context import Context
from attest.services.people import address


@dataclass(frozen=True)
class ContactAnswers:
    """What the form asks. All three empty: nobody."""

    name: str = ""
    role: str = ""
    email: str = ""

    @property
    def nobody(self) -> bool:
        """Whether nothing was typed."""
        return not (self.name.strip() or self.role.strip() or self.email.strip())


def contact_of(ctx: Context, demand: Demand) -> EscalationContact | None:
    """Whom the contractor's side named, or None."""
    return ctx.session.get(EscalationContact, (demand.id, CONTRACTOR))


def name_contact(ctx: Context, seat: Seat, answers: ContactAnswers) -> None:
    """Names, replaces or removes the contact of an issued demand. Raises Refused with the
    field."""
    live(seat)
    keep_contact(ctx, seat, answers, prefix="contact_")


def keep_contact(ctx: Context, seat: Seat, answers: ContactAnswers, *, prefix: str = "") -> None:
    """Keeps who it is, whoever said so; `prefix` goes before the fields' names in refusals."""
    known = contact_of(ctx, seat.demand)
    if answers.nobody:
        if known is not None:
            ctx.session.delete(known)
            ctx.session.flush()
        return
    try:
        name = need_text(answers.name, "name", "Type the contact's name.", limit=200)
        role = check_text(answers.role, "role", limit=200)
        email = address(answers.email)
    except Refused as refused:
        raise Refused(refused.sentence, field=f"{prefix}{refused.field}") from refused
    if known is not None and (known.name, known.role, known.email) == (name, role, email):
        return
    if known is None:
        known = EscalationContact(demand_id=seat.demand.id, side=CONTRACTOR)
        ctx.session.add(known)
    known.name, known.role, known.email = name, role, email
    known.given_at = ctx.now
    known.given_by_id = seat.person.id
    ctx.session.flush()
