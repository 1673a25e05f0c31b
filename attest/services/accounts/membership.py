"""Seating the parties when a demand is issued: organisations, people and their first links."""

from __future__ import annotations

import re
import secrets
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import aliased

from attest.database.tables import (
    Account,
    Demand,
    DemandParty,
    Invitation,
    Organisation,
    Person,
)
from attest.domain.refusal import Refused
from attest.domain.text import typed
from attest.services.access import Seat
from attest.services.accounts import accounts
from attest.services.accounts.people import ensure_person
from attest.services.context import Context

_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def seat_parties(ctx: Context, seat: Seat) -> None:
    """Gives each named party its organisation and its contact an account.

    An organisation that this lead controller named before, by the same name, is used again if
    the contact acts for it already: who acts for an organisation is said by its own people, not by
    another one. Other controllers' are not looked at, so nobody learns whom they deal with.
    """
    demand = seat.demand
    for party in demand.parties:
        if party.role in ("lead", "carrier"):
            continue
        if party.organisation_id is None:
            party.organisation_id = _organisation(ctx, demand, party).id
        if not party.contact_email:
            continue
        person = ensure_person(
            ctx,
            organisation_id=party.organisation_id,
            name=party.contact_name or party.contact_email,
            role=party.contact_role or _ROLE[party.role],
            email=party.contact_email,
            duties=_DUTIES[party.role],
        )
        if party.role == "contractor":
            demand.liaison_id = person.id
    ctx.session.flush()


_ROLE = {"contractor": "Liaison", "joint": "Signatory"}
_DUTIES = {
    "contractor": frozenset({"liaison"}),
    "joint": frozenset({"case_handler", "signatory"}),
}


def link_for(ctx: Context, person: Person) -> Invitation | None:
    """A link to choose a password with; None for who has one already."""
    if person.account.password_hash is not None:
        return None
    return accounts.new_link(ctx, person.account, accounts.INVITATION)


def _organisation(ctx: Context, demand: Demand, party: DemandParty) -> Organisation:
    known = aliased(DemandParty)
    address = typed(party.contact_email or "").lower()
    theirs = (
        select(Person.organisation_id)
        .join(Account, Account.id == Person.account_id)
        .where(Account.email == address, Person.active)
    )
    found = ctx.session.scalar(
        select(Organisation)
        .join(known, known.organisation_id == Organisation.id)
        .join(Demand, Demand.id == known.demand_id)
        .where(
            Demand.organisation_id == demand.organisation_id,
            # To the letter: a signer's organisation must be the name that the demand gives.
            Organisation.name == party.name,
            known.role != "lead",
            # Without an address nobody is seated, so nobody of ours comes in.
            *([Organisation.id.in_(theirs)] if address else []),
        )
        .limit(1)
    )
    return found or new_organisation(ctx, party.name)


def new_organisation(ctx: Context, name: str, code: str | None = None) -> Organisation:
    """An organisation with a code for its references. Raises Refused where the code is taken."""
    if code is None:
        code = _fresh_code(name)
    elif not re.fullmatch(r"[A-Z0-9]{2,10}", code):
        raise Refused("A code has 2 to 10 capital letters or digits, such as ND.", field="code")
    elif ctx.session.scalar(select(Organisation.id).where(Organisation.code == code)):
        raise Refused("This code is taken. Choose another one.", field="code")
    organisation = Organisation(id=str(uuid4()), name=name, code=code, created_at=ctx.now)
    ctx.session.add(organisation)
    ctx.session.flush()
    return organisation


def _fresh_code(name: str) -> str:
    """Initials and four random letters: the code tells nothing about other organisations."""
    initials = "".join(re.findall(r"\b[A-Za-z]", name))[:4].upper() or "O"
    return initials + "".join(secrets.choice(_CODE_LETTERS) for _ in range(4)).upper()
