"""Letters that failed, or of which nobody knows, in all demands that an account sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from attest.database import outbox
from attest.database.tables import Account, Demand, DemandParty, Letter
from attest.domain import demand_states
from attest.services.access import CONTRACTOR, CONTROLLER, READERS, visible_demands
from attest.services.context import Context

SHOWN = 10


@dataclass(frozen=True)
class Troubled:
    """How many letters of one open demand bounced, and of how many nobody knows."""

    reference: str
    bounced: int
    unknown: int


def troubled(ctx: Context, account: Account) -> Sequence[Troubled]:
    """The open demands with such letters, the most first, no more than SHOWN.

    Counts the letters that letter_list.py shows: one's own, and to a controller the contractor's.
    """
    people = [person for person in account.people if person.active]
    ours = {p.organisation_id for p in people if p.duties & READERS[CONTROLLER]}
    theirs = {p.organisation_id for p in people if p.duties & READERS[CONTRACTOR]}
    recipient, controller = aliased(DemandParty), aliased(DemandParty)
    to_contractor = and_(
        select(recipient.demand_id)
        .where(
            recipient.demand_id == Letter.demand_id,
            recipient.role == "contractor",
            recipient.organisation_id == Letter.organisation_id,
        )
        .exists(),
        select(controller.demand_id)
        .where(
            controller.demand_id == Letter.demand_id,
            controller.role.in_(("lead", "joint")),
            controller.organisation_id.in_(ours),
        )
        .exists(),
    )
    seen = visible_demands(account).with_only_columns(Demand.id).order_by(None).options()
    bounced = func.sum(case((Letter.state == outbox.BOUNCED, 1), else_=0))
    number = func.count()
    rows = ctx.session.execute(
        select(Demand.reference, bounced, number)
        .join(Letter, Letter.demand_id == Demand.id)
        .where(
            Letter.state.in_(outbox.TROUBLED),
            Letter.erased_at.is_(None),
            or_(Letter.organisation_id.in_(ours | theirs), to_contractor),
            Demand.id.in_(seen),
            Demand.state.in_(demand_states.LIVE),
        )
        .group_by(Demand.reference)
        .order_by(number.desc(), Demand.reference)
        .limit(SHOWN)
    )
    return [Troubled(reference, lost, both - lost) for reference, lost, both in rows]
