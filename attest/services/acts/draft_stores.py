"""The stores to be searched, as a draft lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, func, select

from attest.database.tables import Demand, Store
from attest.domain.drafting import check_text, need_text
from attest.domain.refusal import Refused
from attest.domain.stores import KINDS, PROPOSED, ProposedStore
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts.draft_lock import editable, recount


@dataclass(frozen=True)
class StoreAnswers:
    """A store as typed."""

    label: str
    medium: str
    kind: str
    location: str = ""
    custodian: str = ""


def propose_stores(ctx: Context, seat: Seat) -> list[ProposedStore]:
    """The proposals whose label the draft doesn't hold yet."""
    labels = set(ctx.session.scalars(select(Store.label).where(Store.demand_id == seat.demand.id)))
    return [proposal for proposal in PROPOSED if proposal.label not in labels]


def check_store(answers: StoreAnswers) -> StoreAnswers:
    """A store's members, tidied; both sides name stores by this rule. Raises Refused."""
    if answers.medium not in ("electronic", "hard_copy"):
        raise Refused("Choose electronic or hard copy.", field="medium")
    if answers.kind not in KINDS:
        raise Refused("Choose what kind of store it is.", field="kind")
    return StoreAnswers(
        need_text(answers.label, "label", "Give the store a name.", limit=200),
        answers.medium,
        answers.kind,
        check_text(answers.location, "location", limit=200) or "",
        check_text(answers.custodian, "custodian", limit=200) or "",
    )


def add_stores(ctx: Context, seat: Seat, many: Sequence[StoreAnswers]) -> None:
    """Adds stores to the draft. Raises Refused with the field."""
    demand = editable(seat)
    labels = {
        label.casefold()
        for label in ctx.session.scalars(select(Store.label).where(Store.demand_id == demand.id))
    }
    position = next_position(ctx, demand)
    for answers in many:
        tidy = check_store(answers)
        if tidy.label.casefold() in labels:
            raise Refused(f"“{tidy.label}” is on the list already.", field="label")
        labels.add(tidy.label.casefold())
        ctx.session.add(
            Store(
                id=str(uuid4()),
                demand_id=demand.id,
                position=position,
                label=tidy.label,
                medium=tidy.medium,
                kind=tidy.kind,
                location=tidy.location or None,
                custodian=tidy.custodian or None,
                named_by_side="controller",
            )
        )
        position += 1
    recount(ctx, demand)


def next_position(ctx: Context, demand: Demand) -> int:
    """Where the next store stands in the list, from 1."""
    last = ctx.session.scalar(select(func.max(Store.position)).where(Store.demand_id == demand.id))
    return 1 if last is None else last + 1


def remove_store(ctx: Context, seat: Seat, store_id: str) -> None:
    """Takes a store off the draft; nothing happens if it is gone already."""
    demand = editable(seat)
    ctx.session.execute(delete(Store).where(Store.id == store_id, Store.demand_id == demand.id))
    recount(ctx, demand)
