"""Somebody leaves in the middle: what is open with them, who takes over, and who is told.

What they signed stays valid, what they answered stays as it is, and their key signs nothing here
without their access. A key that they might still use elsewhere is revoked (revoking.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from attest.database import log_rows
from attest.database.tables import Demand, Person, SigningKey
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.access import CONTRACTOR, Seat
from attest.services.accounts import inviting, people
from attest.services.acts import acknowledging
from attest.services.context import Context
from attest.services.facts import keys, unsent
from attest.services.facts.chase_times import look_again
from attest.services.notices import key_notices


@dataclass(frozen=True)
class Leaving:
    """What ending somebody's access touches."""

    person: Person
    demands: list[Demand]  # live ones in which they are the assurance officer
    keys: list[SigningKey]  # those that they sign with now
    successors: list[Person]  # other officers of the organisation
    signatories: list[Person]  # other signatories, where they are one

    @property
    def files_open(self) -> int:
        """Files that nobody has signed for, in all those demands."""
        return sum(demand.files_open for demand in self.demands)


def leaving(ctx: Context, changer: Person, person_id: str) -> Leaving:
    """What the page shows before access ends. Raises NotFound, NotAllowed, Refused."""
    person = inviting.changeable_person(ctx, changer, person_id)
    colleagues = [
        other
        for other in people.people_in(ctx, person.organisation)
        if other.active and other.id != person.id
    ]
    current = (keys.current_key(ctx, person, duty) for duty in sorted(person.duties))
    return Leaving(
        person,
        _demands(ctx, person),
        [key for key in current if key is not None],
        [other for other in colleagues if "officer" in other.duties],
        [other for other in colleagues if "signatory" in other.duties]
        if "signatory" in person.duties
        else [],
    )


def end_access(
    ctx: Context, ender: Person, person_id: str, successor_id: str | None = None
) -> Person:
    """Ends somebody's access, and hands the demands of an officer over or says that nobody signs.

    Without `successor_id` those demands wait for another officer. Raises NotFound, NotAllowed, and
    Refused with the field `successor`.
    """
    person = inviting.changeable_person(ctx, ender, person_id)
    demands = [
        log_rows.hold_demand(ctx.session, Demand.id == demand_id)
        for demand_id in sorted(demand.id for demand in _demands(ctx, person))
    ]
    told = leaving(ctx, ender, person_id)
    successor = next((other for other in told.successors if other.id == successor_id), None)
    if successor_id and successor is None:
        raise Refused("Choose one of these.", field="successor")
    inviting.end_access(ctx, ender, person_id)
    unsent.forget_person(ctx, person)
    for demand in demands:
        if demand is None or demand.officer_id != person.id:
            continue  # somebody named another officer meanwhile
        if successor is None:
            look_again(ctx, demand)
            key_notices.officer_left(ctx, demand, person, ender)
            continue
        name = next(party.name for party in demand.parties if party.role == "contractor")
        acknowledging.put_officer(ctx, Seat(demand, ender, CONTRACTOR, False, name), successor)
    return person


def _demands(ctx: Context, person: Person) -> list[Demand]:
    return list(
        ctx.session.scalars(
            select(Demand)
            .where(Demand.officer_id == person.id, Demand.state.in_(demand_states.LIVE))
            .order_by(Demand.due_on, Demand.reference)
        ).unique()
    )
