"""The contractor's first acts: acknowledge, "not us", name the officer, name further stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select

from attest.database.tables import NamedFile, Person, Store
from attest.domain import demand_states
from attest.domain.drafting import check_text, need_text
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.accounts.people import ensure_person
from attest.services.acts import draft_stores
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.chase_times import look_again
from attest.services.log import aggregates, prefix
from attest.services.log.ledger import open_log
from attest.services.notices import notices
from attest.statements import build


@dataclass(frozen=True)
class OfficerAnswers:
    """Who the assurance officer is, as the liaison typed it."""

    name: str
    role: str
    email: str


def live(seat: Seat) -> None:
    """The demand is still open. Raises Refused."""
    if seat.demand.state not in demand_states.LIVE:
        raise Refused("This demand has ended. Nothing more can be changed in it.")


def acknowledge(ctx: Context, seat: Seat, note: str | None = None) -> None:
    """The contractor has received the demand. A second press changes nothing."""
    live(seat)
    demand = seat.demand
    if demand.acknowledged_at is not None:
        return
    tidy = check_text(note, "note", multiline=True)
    ledger = open_log(ctx, demand.id)
    members = prefix.present({"by": prefix.by(seat), "note": tidy})
    ledger.append(
        "demand.acknowledged",
        build.plain("demand.acknowledged", demand.id, build.new_nonce(), **members),
    )
    ledger.save()
    demand.acknowledged_at = ctx.now
    demand.disputed_at = None
    demand.dispute_reason = None
    aggregates.refresh(ctx, demand, ledger.judge)
    notices.acknowledged(ctx, seat, tidy)


def dispute(ctx: Context, seat: Seat, reason: str) -> None:
    """ "Not us": the contractor says that the demand does not concern it, and why.

    The demand stays open: the controller rules, and withdraws it or talks to them.
    """
    live(seat)
    demand = seat.demand
    if demand.acknowledged_at is not None:
        raise Refused(
            "The demand was acknowledged already. Ring the controller if that was a mistake."
        )
    demand.dispute_reason = need_text(
        reason, "reason", "Say why this does not concern you.", multiline=True
    )
    demand.disputed_at = ctx.now
    look_again(ctx, demand)
    notices.disputed(ctx, seat)


def name_officer(ctx: Context, seat: Seat, answers: OfficerAnswers) -> Person:
    """Names the assurance officer, or replaces them. Raises Refused with the field."""
    live(seat)
    officer = ensure_person(
        ctx,
        organisation_id=seat.person.organisation_id,
        name=need_text(answers.name, "name", "Type the officer's name.", limit=200),
        role=need_text(answers.role, "role", "Type the officer's title.", limit=200),
        email=need_text(answers.email, "email", "Type the officer's email address.", limit=254),
        duties=frozenset({"officer"}),
    )
    put_officer(ctx, seat, officer)
    return officer


def choose_officer(ctx: Context, seat: Seat, person_id: str) -> Person:
    """Takes somebody who is an officer of the contractor already."""
    live(seat)
    person = ctx.session.scalar(
        select(Person).where(
            Person.id == person_id,
            Person.organisation_id == seat.person.organisation_id,
            Person.active,
        )
    )
    if person is None or "officer" not in person.duties:
        raise NotFound
    put_officer(ctx, seat, person)
    return person


def put_officer(ctx: Context, seat: Seat, officer: Person) -> None:
    """Makes `officer` the demand's, in the name of whose seat it is, and tells them."""
    demand = seat.demand
    demand.officer_id = officer.id
    demand.officer_named_by_id = seat.person.id
    ctx.session.flush()
    ctx.session.refresh(demand, ["officer", "officer_named_by"])
    look_again(ctx, demand)
    notices.officer_named(ctx, seat, officer)


def name_store(ctx: Context, seat: Seat, answers: StoreAnswers) -> int:
    """Names a further store, and gives how many answered files that reopens.

    Either side may: what turns up must be searched. Raises Refused with the field.
    """
    live(seat)
    demand = seat.demand
    tidy = draft_stores.check_store(answers)
    clash = ctx.session.scalar(
        select(Store.id).where(
            Store.demand_id == demand.id, func.lower(Store.label) == tidy.label.lower()
        )
    )
    if clash:
        raise Refused(f"“{tidy.label}” is on the list already.", field="label")
    reopens = files_that_reopen(ctx, seat)
    row = Store(
        id=str(uuid4()),
        demand_id=demand.id,
        position=draft_stores.next_position(ctx, demand),
        label=tidy.label,
        medium=tidy.medium,
        kind=tidy.kind,
        location=tidy.location or None,
        custodian=tidy.custodian or None,
        named_by_side=seat.side,
    )
    row.body = build.plain(
        "store.named",
        demand.id,
        build.new_nonce(),
        **prefix.store_members(row, prefix.by(seat)),
    )
    ledger = open_log(ctx, demand.id)
    ledger.append("store.named", row.body)
    row.body_hash = ledger.fresh[-1].body_hash
    ctx.session.add(row)
    ledger.save()
    deadlines.give_time(ctx, demand, ctx.session.scalars(_to_reopen(NamedFile.id, seat)).all())
    aggregates.refresh(ctx, demand, ledger.judge)
    notices.store_named(ctx, seat, row, reopens)
    return len(reopens)


def files_that_reopen(ctx: Context, seat: Seat) -> list[str]:
    """The names of files that a further store would open again, in the demand's order."""
    return list(ctx.session.scalars(_to_reopen(NamedFile.name, seat)))


def _to_reopen(column: Any, seat: Seat) -> Select[Any]:
    return (
        select(column)
        .where(
            NamedFile.demand_id == seat.demand.id,
            NamedFile.state.in_(("attested", "attested_with_exceptions", "accepted")),
        )
        .order_by(NamedFile.position)
    )
