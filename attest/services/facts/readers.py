"""Who is written to at a rung of the ladder: people by their duties, and both sides' contacts."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from attest.database.tables import Demand, Duty, EscalationContact, Organisation, Person
from attest.domain import ladder
from attest.services.access import CONTRACTOR
from attest.services.context import Context
from attest.services.facts import preferences

CONTROLLER = "controller"


@dataclass(frozen=True)
class Reader:
    """Somebody whom the ladder writes to. `person` is None for a contact, who has no account."""

    name: str
    email: str
    organisation_id: str | None
    time_zone: str  # IANA name
    language: str
    person: Person | None
    duty: str  # domain/ladder.py's name of it

    @property
    def key(self) -> str:
        """The reader's part of a letter's key. Whoever replaces a contact is another reader."""
        if self.person is not None:
            return self.person.id
        return f"contact-{hashlib.sha256(self.email.encode()).hexdigest()[:16]}"


class Readers:
    """The readers of some demands, loaded together: a few queries, however many there are."""

    def __init__(
        self,
        ctx: Context,
        people: Mapping[tuple[str, str], tuple[Person, ...]],
        contacts: Mapping[tuple[str, str], EscalationContact],
        organisations: Mapping[str, Organisation],
    ) -> None:
        self._settings = ctx.settings
        self._people = people  # by organisation and duty
        self._contacts = contacts  # by demand and side
        self._organisations = organisations

    def of(self, demand: Demand, duty: str) -> tuple[Reader, ...]:
        """Who has this duty in a demand, by name; nobody whose access has ended."""
        match duty:
            case ladder.LIAISON:
                return self._of_people(duty, demand.liaison)
            case ladder.OFFICER:
                return self._of_people(duty, demand.officer)
            case ladder.ESCALATION_CONTACT:
                return self._of_contact(demand, CONTRACTOR, duty)
            case ladder.CONTROLLER_CONTACT:
                return self._of_contact(demand, CONTROLLER, duty)
            case _:
                return self._of_people(duty, *self._people.get((demand.organisation_id, duty), ()))

    def of_organisation(self, organisation_id: str, *duties: str) -> tuple[Reader, ...]:
        """Everybody of a controller with one of these duties, each once."""
        found = [
            reader
            for duty in duties
            for reader in self._of_people(duty, *self._people.get((organisation_id, duty), ()))
        ]
        return one_each(found)

    def _of_people(self, duty: str, *people: Person | None) -> tuple[Reader, ...]:
        return tuple(
            Reader(
                name=person.name,
                email=person.account.email,
                organisation_id=person.organisation_id,
                time_zone=preferences.zone_of(self._settings, person),
                language=preferences.language_of(person),
                person=person,
                duty=duty,
            )
            for person in people
            if person is not None and person.active
        )

    def _of_contact(self, demand: Demand, side: str, duty: str) -> tuple[Reader, ...]:
        contact = self._contacts.get((demand.id, side))
        if contact is None:
            return ()
        organisation_id = contractor_of(demand) if side == CONTRACTOR else demand.organisation_id
        organisation = self._organisations.get(organisation_id or "")
        return (
            Reader(
                name=contact.name,
                email=contact.email,
                organisation_id=organisation_id,
                time_zone=preferences.contacts_zone(self._settings, contact, organisation),
                language=preferences.contacts_language(contact, organisation),
                person=None,
                duty=duty,
            ),
        )


def readers_of(ctx: Context, demands: Collection[Demand]) -> Readers:
    """The readers of these demands, whatever rung they are at."""
    contacts = {
        (row.demand_id, row.side): row
        for row in ctx.session.scalars(
            select(EscalationContact).where(
                EscalationContact.demand_id.in_([demand.id for demand in demands])
            )
        )
    }
    controllers = {demand.organisation_id for demand in demands} | {
        party.organisation_id
        for demand in demands
        if demand.concurrence == "each"
        for party in demand.parties
        if party.role == "joint" and party.organisation_id
    }
    people: defaultdict[tuple[str, str], list[Person]] = defaultdict(list)
    rows = ctx.session.execute(
        select(Duty.name, Person)
        .join(Person, Person.id == Duty.person_id)
        .where(
            Person.organisation_id.in_(sorted(controllers)),
            Person.active,
            Duty.name.in_((ladder.CASE_HANDLER, ladder.SIGNATORY)),
        )
        .options(selectinload(Person.account))
        .order_by(Person.name, Person.id)
    ).unique()
    for duty, person in rows:
        people[person.organisation_id, duty].append(person)
    ids = controllers | {contractor_of(demand) for demand in demands}
    organisations = {
        row.id: row
        for row in ctx.session.scalars(
            select(Organisation).where(Organisation.id.in_(sorted(filter(None, ids))))
        )
    }
    return Readers(ctx, {k: tuple(v) for k, v in people.items()}, contacts, organisations)


def one_each(readers: Collection[Reader]) -> tuple[Reader, ...]:
    """The first of each address: somebody with two duties gets one letter."""
    found: dict[str, Reader] = {}
    for reader in readers:
        found.setdefault(reader.email, reader)
    return tuple(found.values())


def contractor_of(demand: Demand) -> str | None:
    """The organisation against which the demand is."""
    return next((p.organisation_id for p in demand.parties if p.role == "contractor"), None)
