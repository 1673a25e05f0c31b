"""Another liaison, where the address of the one who was named does not work.

The lead controller can say who it is as long as nobody of the contractor has ever signed in: from
then on the contractor's own people say who acts for it, and a colleague who is a liaison too takes
over. Where nobody there can sign in any more, the operator lets somebody in (letting_in.py). It
is a row and no event: the demand that was signed names the contractor, and no liaison.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from attest.database import log_rows
from attest.database.tables import Account, Demand, DemandParty, Invitation, Person
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import CONTRACTOR, Seat
from attest.services.accounts.people import address, ensure_person
from attest.services.acts import escalation
from attest.services.context import Context
from attest.services.facts import unsent
from attest.services.facts.chase_times import look_again
from attest.services.letters import failing
from attest.services.notices import bringing


@dataclass(frozen=True)
class LiaisonAnswers:
    """What the form asks."""

    name: str
    role: str
    email: str


def may_be_replaced(ctx: Context, demand: Demand) -> bool:
    """Whether the lead controller can still say who the liaison is."""
    if demand.liaison is None or demand.state not in demand_states.LIVE:
        return False
    others = (
        select(Demand.id)
        .join(DemandParty, DemandParty.demand_id == Demand.id)
        .where(
            DemandParty.organisation_id == demand.liaison.organisation_id,
            Demand.organisation_id != demand.organisation_id,
        )
    )
    if ctx.session.scalar(others.limit(1)) is not None:
        return False  # whoever acts for it would act in other controllers' demands too
    signed_in = (
        select(Person.id)
        .join(Account, Account.id == Person.account_id)
        .where(
            Person.organisation_id == demand.liaison.organisation_id,
            Account.password_hash.is_not(None),
        )
    )
    return ctx.session.scalar(signed_in.limit(1)) is None


def replaceable(ctx: Context, demand: Demand) -> Person:
    """The liaison who can be replaced. Raises Refused."""
    if demand.liaison is None or not may_be_replaced(ctx, demand):
        raise Refused(
            "Somebody of the contractor has signed in, so it says itself who acts for it. Ring "
            "them: their own people can invite another liaison. If none of them can sign in any "
            "more, whoever runs this Attest can let one in."
        )
    return demand.liaison


def replace_liaison(ctx: Context, seat: Seat, answers: LiaisonAnswers) -> Person:
    """Invites somebody else in the liaison's place; the first one's link and access end.

    Raises Refused with the field for what cannot be kept, and without one where it is too late.
    """
    demand = seat.demand
    before = replaceable(ctx, demand)
    if address(answers.email) == before.account.email:
        raise Refused("This is the address that you are replacing.", field="email")
    person = ensure_person(
        ctx,
        organisation_id=before.organisation_id,
        name=answers.name,
        role=answers.role,
        email=answers.email,
        duties={"liaison"},
    )
    _end(ctx, before)
    for other in _demands_of(ctx, before):
        other.liaison_id = person.id
        ctx.session.flush()
        ctx.session.refresh(other, ["liaison"])
        _forget_address(ctx, other, before)
        look_again(ctx, other)
    bringing.bring_to_liaison(ctx, demand, person)
    return person


def may_take_over(seat: Seat) -> bool:
    """Whether this person can be the demand's liaison, and is not."""
    return (
        seat.side == CONTRACTOR
        and "liaison" in seat.duties
        and seat.demand.state in demand_states.LIVE
        and seat.demand.liaison_id != seat.person.id
    )


def take_over(ctx: Context, seat: Seat) -> None:
    """A liaison of the contractor is this demand's from now on: letters go to them.

    What they may do stays as it is: every liaison of the contractor may act for it. Raises Refused.
    """
    if not may_take_over(seat):
        raise Refused("You are the liaison of this demand already, or it has ended.")
    demand, before = seat.demand, seat.demand.liaison
    demand.liaison_id = seat.person.id
    ctx.session.flush()
    ctx.session.refresh(demand, ["liaison"])
    if before is not None and before.id != demand.officer_id:
        _forget_address(ctx, demand, before)
    look_again(ctx, demand)


def _forget_address(ctx: Context, demand: Demand, before: Person) -> None:
    """Nobody of the demand has it any more; but where its contact does, it goes on failing."""
    contact = escalation.contact_of(ctx, demand)
    if contact is None or contact.email.lower() != before.account.email:
        failing.forget(ctx, demand, before.account.email)


def _demands_of(ctx: Context, before: Person) -> list[Demand]:
    """All that they were the liaison of, each held: a wrong address is wrong in all of them."""
    ids = ctx.session.scalars(
        select(Demand.id).where(
            Demand.liaison_id == before.id, Demand.state.in_(sorted(demand_states.LIVE))
        )
    )
    held = (log_rows.hold_demand(ctx.session, Demand.id == each) for each in sorted(ids))
    return [demand for demand in held if demand is not None]


def _end(ctx: Context, before: Person) -> None:
    """Whoever reads that mailbox opens nothing any more with the link that went there."""
    before.active = False
    unsent.forget_person(ctx, before)
    ctx.session.flush()
    if not any(person.active for person in before.account.people):
        before.account.epoch += 1
        ctx.session.execute(
            update(Invitation)
            .where(Invitation.account_id == before.account_id, Invitation.used_at.is_(None))
            .values(used_at=ctx.now)
        )
