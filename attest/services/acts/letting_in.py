"""The operator of the installation lets somebody in, where an organisation's people cannot.

Who acts for an organisation is said by its own people (inviting.py), and of a contractor nobody has
signed in for by the lead controller (replacing_liaison.py). Where the last of them has lost mailbox
and password, neither way is left. Then the operator can let one person in, who brings in the rest.
It is never done unseen: the organisation's other people hear of it, and so does the other side of
each of its live demands, in a letter that is in that demand's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from attest.database.tables import Demand, DemandParty, Duty, Organisation, Person
from attest.domain import demand_states
from attest.domain.duties import INVITING
from attest.domain.refusal import Refused
from attest.domain.wording import DUTIES, listing
from attest.mail import letters
from attest.services.accounts import accounts, people
from attest.services.context import Context
from attest.services.facts import calendars
from attest.services.facts.readers import contractor_of
from attest.services.letters import post
from attest.services.letters.letter_facts import about, writer

CONTRACTORS, CONTROLLERS = "liaison", "case_handler"


@dataclass(frozen=True)
class Newcomer:
    """Who is let in. `duty`: one whose holder invites the others; None for the one that fits."""

    name: str
    role: str
    email: str
    duty: str | None = None


@dataclass(frozen=True)
class Hears:
    """Who will be told: `colleagues` of the organisation itself, and those of others, each with
    the demand that the letter is about."""

    colleagues: Sequence[Person]
    elsewhere: Sequence[tuple[Demand, Person]]


def organisation_of(ctx: Context, named: str) -> Organisation:
    """The organisation with this code or, where only one has it, name. Raises Refused."""
    named = named.strip()
    found = ctx.session.scalars(
        select(Organisation)
        .where(or_(Organisation.code == named.upper(), Organisation.name == named))
        .order_by(Organisation.code)
    ).all()
    if not found:
        raise Refused(f"There is no organisation {named} here. Give its whole name, or its code.")
    by_code = [each for each in found if each.code == named.upper()]
    if len(found) > 1 and not by_code:
        told = listing(f"{each.code} ({_demands_in_words(ctx, each)})" for each in found)
        raise Refused(f"Several organisations have this name. Give the code of one: {told}.")
    return (by_code or list(found))[0]


def duty_for(ctx: Context, organisation: Organisation, wanted: str | None) -> str:
    """The duty that the newcomer gets. Raises Refused for one that does not fit."""
    roles = set(
        ctx.session.scalars(
            select(DemandParty.role).where(DemandParty.organisation_id == organisation.id)
        )
    )
    held = set(
        ctx.session.scalars(
            select(Duty.name)
            .join(Person, Person.id == Duty.person_id)
            .where(Person.organisation_id == organisation.id)
        )
    )
    fits = {name for name in INVITING & held if name != CONTRACTORS}
    if roles & {"lead", "joint"} or held & {"signatory"}:
        fits.add(CONTROLLERS)
    if "contractor" in roles or held & {CONTRACTORS, "officer"}:
        fits.add(CONTRACTORS)
    if wanted is None:
        usual = [name for name in (CONTROLLERS, CONTRACTORS) if name in fits]
        if len(usual) == 1:
            return usual[0]
        raise Refused(
            "Say with which duty: this organisation can have "
            f"{listing(DUTIES[name] for name in sorted(fits))}."
            if fits
            else "Nobody has ever acted for this organisation, and no demand names it."
        )
    if wanted not in fits:
        raise Refused(
            f"Nobody is let in to {organisation.name} as {DUTIES.get(wanted, wanted)}. Let "
            "somebody in who invites the others: "
            f"{listing(DUTIES[name] for name in sorted(fits)) or 'nobody acts for it'}."
        )
    return wanted


def who_hears(ctx: Context, organisation: Organisation, email: str = "") -> Hears:
    """Who will be told, but for whoever has this address."""
    email = email.strip().lower()
    colleagues = [
        person
        for person in people.people_in(ctx, organisation)
        if person.active and person.account.email != email
    ]
    elsewhere = [
        (demand, person)
        for demand in _live(ctx, organisation)
        for person in _other_side(ctx, demand, organisation)
        if person.active and person.account.email != email
    ]
    return Hears(colleagues, elsewhere)


def let_in(ctx: Context, organisation: Organisation, who: Newcomer, by: str) -> Person:
    """Gives somebody a duty and a one-use link, and tells everybody of `who_hears`.

    `by` is who does it, for the letters. Raises Refused with the field.
    """
    by = people.line(by, "by", "Say who lets them in.")
    duty = duty_for(ctx, organisation, who.duty)
    email = people.address(who.email)
    there = next(
        (each for each in people.people_in(ctx, organisation) if each.account.email == email), None
    )
    if (
        there is not None
        and people.acts_as(there, duty)
        and there.account.password_hash is not None
    ):
        raise Refused(
            f"{there.name} acts for {organisation.name} already, and has a password. Whoever has "
            "forgotten it asks for another one where people sign in."
        )
    person = people.ensure_person(
        ctx,
        organisation_id=organisation.id,
        name=who.name,
        role=who.role,
        email=email,
        duties={duty},
    )
    _invite(ctx, organisation, person)
    _tell(ctx, organisation, person, by)
    return person


def _invite(ctx: Context, organisation: Organisation, person: Person) -> None:
    link = None
    if person.account.password_hash is None:
        link = accounts.new_link(ctx, person.account, accounts.INVITATION)
    ends = None if link is None else calendars.local_day(ctx.settings, link.expires_at)
    post.queue_letter(
        ctx,
        letter=letters.invitation_by_operator(
            organisation.name, sorted(person.duties), ends, ctx.settings.base_url
        ),
        key=f"invitation_by_operator:{person.id}:{post.occasion(ctx)}",
        person=person,
        invitation=link,
    )


def _tell(ctx: Context, organisation: Organisation, person: Person, by: str) -> None:
    hears = who_hears(ctx, organisation, person.account.email)
    duties, email = sorted(person.duties), person.account.email
    letter = letters.colleague_let_in(writer(person), email, duties, by, ctx.settings.base_url)
    key = f"colleague_let_in:{person.id}:{post.occasion(ctx)}"
    post.write_to(ctx, hears.colleagues, letter=letter, key=key, demand=None)
    for demand in {demand.id: demand for demand, _ in hears.elsewhere}.values():
        named = next((p.name for p in demand.parties if p.organisation_id == organisation.id), None)
        letter = letters.let_in_elsewhere(
            about(ctx, demand), writer(person, named), email, duties, by
        )
        post.write_to(
            ctx,
            [reader for of, reader in hears.elsewhere if of.id == demand.id],
            letter=letter,
            key=f"let_in_elsewhere:{demand.id}:{person.id}:{post.occasion(ctx)}",
            demand=demand,
        )


def _live(ctx: Context, organisation: Organisation) -> list[Demand]:
    """The live demands that it is a party of."""
    return list(
        ctx.session.scalars(
            select(Demand)
            .where(
                Demand.id.in_(
                    select(DemandParty.demand_id).where(
                        DemandParty.organisation_id == organisation.id
                    )
                ),
                Demand.state.in_(sorted(demand_states.LIVE)),
            )
            .order_by(Demand.reference)
        ).unique()
    )


def _other_side(ctx: Context, demand: Demand, organisation: Organisation) -> list[Person]:
    """The lead controller's case handlers; of a demand of its own, the contractor's liaisons."""
    if demand.organisation_id != organisation.id:
        return post.case_handlers(ctx, demand) or post.signatories(ctx, demand)
    contractor = contractor_of(demand)
    return post.people_of(ctx, [contractor], "liaison") if contractor else []


def _demands_in_words(ctx: Context, organisation: Organisation) -> str:
    rows = (
        select(Demand.reference)
        .join(DemandParty, DemandParty.demand_id == Demand.id)
        .where(DemandParty.organisation_id == organisation.id)
    )
    last = ctx.session.scalar(rows.order_by(Demand.created_at.desc(), Demand.id).limit(1))
    total = ctx.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    if last is None:
        return "in no demand"
    return f"in {last}" if total == 1 else f"in {last} and {total - 1} more"
