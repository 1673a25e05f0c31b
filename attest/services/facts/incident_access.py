"""Who may open an incident: case handlers and signatories of the organisation that owns it.

A contractor, a joint controller, an administrator and a stranger get the same answer for one
that exists and for one that doesn't (`NotFound`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from attest.database.engine import reads_only
from attest.database.tables import Account, Incident, Person
from attest.domain.refusal import NotFound
from attest.services.access import CONTROLLER, READERS
from attest.services.context import Context


@dataclass(frozen=True)
class IncidentSeat:
    """A person at an incident of their own organisation."""

    incident: Incident
    person: Person


def keepers(account: Account) -> list[Person]:
    """As whom an account keeps incidents: its people with a controller's duty."""
    return [person for person in account.people if keeps(person)]


def keeps(person: Person) -> bool:
    """Whether a person sees the incidents of the organisation."""
    return person.active and bool(person.duties & READERS[CONTROLLER])


def need_keeper(account: Account) -> list[Person]:
    """As `keepers`. Raises NotFound for an account that keeps none: it learns of no such page."""
    found = keepers(account)
    if not found:
        raise NotFound
    return found


def incident_for(ctx: Context, account: Account, reference: str) -> IncidentSeat:
    """Finds the incident and the person's seat at it. Raises NotFound.

    In a session that writes, the incident is held until it ends: two acts on it come one after
    the other, and the second one sees what the first one did.
    """
    query = visible_incidents(account).where(Incident.reference == reference)
    incident = ctx.session.scalar(query)
    if incident is None:
        raise NotFound
    if not reads_only(ctx.session):
        incident = ctx.session.scalars(
            query.with_for_update(of=Incident).execution_options(populate_existing=True)
        ).one()
    person = next(
        person for person in keepers(account) if person.organisation_id == incident.organisation_id
    )
    return IncidentSeat(incident, person)


def visible_incidents(account: Account) -> Select[Incident]:
    """The incidents that an account may see, to be filtered and ordered further."""
    own = [person.organisation_id for person in keepers(account)]
    return select(Incident).where(Incident.organisation_id.in_(own))
