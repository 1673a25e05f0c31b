"""Who may open a demand, and as what: the one place that decides it.

A stranger, another contractor and an administrator get the same answer for a demand that
exists and for one that doesn't (`NotFound`). A party without the duty is told so
(`NotAllowed`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import selectinload

from attest.database import log_rows
from attest.database.engine import reads_only
from attest.database.tables import Account, Demand, DemandParty, Person
from attest.domain import demand_states
from attest.domain.refusal import NotAllowed, NotFound
from attest.domain.wording import DUTIES
from attest.services.context import Context

CONTROLLER = "controller"
CONTRACTOR = "contractor"
READERS = {
    CONTROLLER: frozenset({"case_handler", "signatory"}),
    CONTRACTOR: frozenset({"liaison", "officer"}),
}


@dataclass(frozen=True)
class Seat:
    """A person at a demand: on which side, for which organisation, with which duties."""

    demand: Demand
    person: Person
    side: str
    lead: bool
    organisation: str  # as the demand names it

    @property
    def duties(self) -> frozenset[str]:
        """The duties that count on this side."""
        return self.person.duties & READERS[self.side]


def demand_for(
    ctx: Context,
    account: Account,
    reference: str,
    *,
    side: str | None = None,
    duty: str | None = None,
    lead: bool = False,
    draft: bool | None = False,
) -> Seat:
    """Finds the demand and the person's seat at it.

    `side`, `duty` and `lead` say what the page needs. `draft`: False for demands that were
    issued, True for drafts only, None for both. In a session that writes, the demand is held
    until it ends: whoever acts on it next waits, and then finds what was done.

    Raises NotFound for who must not know of it, NotAllowed for a party that may not do this.
    """
    demand = ctx.session.scalar(select(Demand).where(Demand.reference == reference))
    if demand is None or not _seats(demand, account):
        raise NotFound
    if not reads_only(ctx.session):
        # Only for its parties: a stranger must not keep others waiting.
        demand = log_rows.hold_demand(ctx.session, Demand.id == demand.id)
    seats = _seats(demand, account) if demand else []
    if demand is None or not seats:
        raise NotFound
    is_draft = demand.state == demand_states.DRAFT
    if draft is not None and draft != is_draft:
        raise NotFound
    fitting = [
        seat
        for seat in seats
        if (side is None or seat.side == side)
        and (duty is None or duty in seat.duties)
        and (not lead or seat.lead)
    ]
    if not fitting:
        raise NotAllowed(_who_may(side, duty, lead))
    return fitting[0]


def visible_demands(account: Account) -> Select[Demand]:
    """The demands that an account may see, to be filtered and ordered further."""
    people = [person for person in account.people if person.active]
    controllers = _organisations(people, READERS[CONTROLLER])
    contractors = _organisations(people, READERS[CONTRACTOR])
    party_of = (
        select(DemandParty.demand_id)
        .where(
            or_(
                and_(
                    DemandParty.role.in_(("lead", "joint")),
                    DemandParty.organisation_id.in_(controllers),
                ),
                and_(
                    DemandParty.role == "contractor",
                    DemandParty.organisation_id.in_(contractors),
                ),
            )
        )
        .scalar_subquery()
    )
    return (
        select(Demand)
        .where(
            or_(
                Demand.organisation_id.in_(controllers),
                and_(Demand.state != demand_states.DRAFT, Demand.id.in_(party_of)),
            )
        )
        .options(selectinload(Demand.parties))
    )


def _organisations(people: Iterable[Person], duties: frozenset[str]) -> list[str]:
    return [person.organisation_id for person in people if person.duties & duties]


def _seats(demand: Demand, account: Account) -> list[Seat]:
    people = {person.organisation_id: person for person in account.people if person.active}
    if demand.state == demand_states.DRAFT:
        person = people.get(demand.organisation_id)
        if person is None or not person.duties & READERS[CONTROLLER]:
            return []
        return [Seat(demand, person, CONTROLLER, True, person.organisation.name)]
    seats = []
    for party in demand.parties:
        person = people.get(party.organisation_id or "")
        if person is None or party.role == "carrier":
            continue
        side = CONTRACTOR if party.role == "contractor" else CONTROLLER
        if person.duties & READERS[side]:
            seats.append(Seat(demand, person, side, party.role == "lead", party.name))
    return seats


def _who_may(side: str | None, duty: str | None, lead: bool) -> str:
    who = f"a {DUTIES[duty]}" if duty and duty != "officer" else "the assurance officer"
    if duty is None:
        who = "somebody"
    of = {
        CONTROLLER: " of the lead controller" if lead else " of a controller",
        CONTRACTOR: " of the contractor",
        None: "",
    }[side]
    return f"Only {who}{of} can do this. Ask them to, or ask for that duty under People."
