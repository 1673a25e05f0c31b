"""Letters that do not arrive, as a thing to do for whoever can put it right.

The lead controller's case handlers read of both sides' addresses, the contractor's people of their
own side's. Nobody reads of another controller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select

from attest.database.tables import Demand, DemandParty, FailingAddress, Letter, Person
from attest.domain import demand_states, need_words
from attest.domain.phrases import Phrase
from attest.domain.wording import listing
from attest.services.access import CONTROLLER, READERS, Seat
from attest.services.context import Context


@dataclass(frozen=True)
class Trouble:
    """An address that fails, in a sentence. `since`: the first letter that did not arrive."""

    sentence: Phrase
    href: str
    since: datetime
    reference: str


def of_people(ctx: Context, people: Iterable[Person]) -> list[Trouble]:
    """One for each live demand and address, in one query."""
    active = [person for person in people if person.active]
    leads = [p.organisation_id for p in active if "case_handler" in p.duties]
    contractors = [p.organisation_id for p in active if p.duties & READERS["contractor"]]
    if not leads and not contractors:
        return []
    known = _rows().where(
        Demand.state.in_(sorted(demand_states.LIVE)),
        or_(
            and_(
                Demand.organisation_id.in_(leads),
                or_(
                    Letter.organisation_id == Demand.organisation_id,
                    Letter.organisation_id == DemandParty.organisation_id,
                ),
            ),
            and_(
                DemandParty.organisation_id.in_(contractors),
                Letter.organisation_id == DemandParty.organisation_id,
            ),
        ),
    )
    return [
        Trouble(
            need_words.letters_fail(reference, name, email, lead=lead in leads),
            f"/demands/{reference}/letters#failing",
            since,
            reference,
        )
        for reference, name, email, since, lead in ctx.session.execute(known)
    ]


def names(ctx: Context, seat: Seat) -> str:
    """To whom letters about this demand do not arrive, for the lead's case handlers; else empty."""
    if seat.side != CONTROLLER or not seat.lead or "case_handler" not in seat.duties:
        return ""
    ours = _rows().where(
        Demand.id == seat.demand.id,
        or_(
            Letter.organisation_id == Demand.organisation_id,
            Letter.organisation_id == DemandParty.organisation_id,
        ),
    )
    found = ctx.session.execute(ours).all()
    return listing(list(dict.fromkeys(row[1] for row in found)))


def _rows() -> Select[str, str, str, datetime, str]:
    return (
        select(
            Demand.reference,
            Letter.to_name,
            FailingAddress.email,
            FailingAddress.since,
            Demand.organisation_id,
        )
        .select_from(FailingAddress)
        .join(Demand, Demand.id == FailingAddress.demand_id)
        .join(Letter, Letter.id == FailingAddress.letter_id)
        .join(
            DemandParty,
            and_(DemandParty.demand_id == Demand.id, DemandParty.role == "contractor"),
        )
        .where(Letter.erased_at.is_(None))
        .order_by(FailingAddress.since, FailingAddress.email)
    )
