"""Whether whoever a waiting letter is for still is a reader of its demand."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select

from attest.database.tables import (
    Account,
    Demand,
    DemandParty,
    Duty,
    EscalationContact,
    Letter,
    Person,
)
from attest.services.access import CONTRACTOR, CONTROLLER, READERS
from attest.services.context import Context


def no_reader(letter: Letter) -> ColumnElement[bool]:
    """Whether nobody at its address is a reader any more; in a query that has its `Demand`.

    Readers are the liaison and the officer, both sides' escalation contacts, and the case handlers
    and signatories of its controllers, none of them once their access has ended.
    """
    if letter.organisation_id is None:
        return false()  # it is not known whose it is
    email = letter.to_email.lower()
    # Of this demand: two queries deep, SQLAlchemy would take it for any demand.
    controllers = (
        select(DemandParty.organisation_id)
        .where(DemandParty.demand_id == Demand.id, DemandParty.role.in_(("lead", "joint")))
        .correlate(Demand)
    )
    person = exists().where(
        Person.account_id == Account.id,
        Account.email == email,
        Person.organisation_id == letter.organisation_id,
        Person.active,
        or_(
            Person.id == Demand.liaison_id,
            Person.id == Demand.officer_id,
            and_(
                Person.organisation_id.in_(controllers),
                exists().where(Duty.person_id == Person.id, Duty.name.in_(READERS[CONTROLLER])),
            ),
        ),
    )
    # Of the letter's own side: what is for one side's contact is not for the other's.
    contact = exists().where(
        EscalationContact.demand_id == Demand.id,
        func.lower(EscalationContact.email) == email,
        or_(
            and_(
                EscalationContact.side == CONTROLLER,
                Demand.organisation_id == letter.organisation_id,
            ),
            and_(
                EscalationContact.side == CONTRACTOR,
                literal(letter.organisation_id).not_in(controllers),
            ),
        ),
    )
    return ~or_(person, contact)


def has_left(ctx: Context, letter: Letter) -> bool:
    """Whether the letter is for somebody whose access to their organisation has ended."""
    if letter.organisation_id is None:
        return False
    return bool(
        ctx.session.scalar(
            select(
                exists().where(
                    Person.account_id == Account.id,
                    Account.email == letter.to_email.lower(),
                    Person.organisation_id == letter.organisation_id,
                    ~Person.active,
                )
            )
        )
    )
