"""Preparing an amendment: rows of its own, so that the demand stands as it is until it is signed.

One amendment a demand at a time. Its files have a room of their own (amendment_files.py); signing
it is amendment_signing.py's. Handed over, it is locked: what the signatory reads is what they sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import delete, func, select

from attest.database.tables import (
    Amendment,
    AmendmentFile,
    AmendmentStore,
    Demand,
    Store,
    StoreWithdrawal,
)
from attest.domain import amending, drafting
from attest.domain.amending import Change
from attest.domain.drafting import need_text
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.acts import withdrawing
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import leaks
from attest.services.facts.calendars import today
from attest.services.letters import post
from attest.services.log import prefix, standing_demand
from attest.services.log.amendment_effects import Effects, effects
from attest.services.notices import change_notices
from attest.statements import build


@dataclass(frozen=True)
class Terms:
    """What the page of the terms asks."""

    basis: str
    action: str
    instruction: str
    due_on: date | None
    concurrence: str


@dataclass(frozen=True)
class Decided:
    """What the amendment does with a store that was withdrawn; None: nobody has said yet."""

    withdrawal: StoreWithdrawal
    keep: bool | None


@dataclass(frozen=True)
class AmendmentView:
    """An amendment as its readers see it before it is signed."""

    row: Amendment
    changes: Sequence[Change]
    files: int
    stores: Sequence[Decided]
    gaps: Sequence[str]
    effects: Effects


def amendment_of(ctx: Context, demand: Demand) -> Amendment | None:
    """The amendment that is being prepared, or None."""
    return ctx.session.get(Amendment, demand.id)


def begin(ctx: Context, seat: Seat) -> Amendment:
    """Begins one, as the demand stands now. One that is there already is gone on with."""
    live(seat)
    demand = seat.demand
    row = amendment_of(ctx, demand)
    if row is not None:
        return row
    if demand.due_on is None or not demand.basis or not demand.instruction:
        raise Refused("This demand has gaps, so it cannot be amended.")
    row = Amendment(
        demand_id=demand.id,
        basis=demand.basis,
        action=demand.action,
        due_on=demand.due_on,
        instruction=demand.instruction,
        concurrence=demand.concurrence,
        begun_at=ctx.now,
        begun_by_id=seat.person.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    for each in withdrawing.uncovered(ctx, demand.id):
        keep = each.state == withdrawing.REFUSED
        ctx.session.add(AmendmentStore(store_id=each.store_id, demand_id=demand.id, keep=keep))
    ctx.session.flush()
    return row


def editable(ctx: Context, seat: Seat) -> Amendment:
    """The amendment, if it may still be changed. Raises NotFound and Refused."""
    live(seat)
    row = amendment_of(ctx, seat.demand)
    if row is None:
        raise NotFound
    if row.handed_at is not None:
        raise Refused("This amendment lies with the signatory. Take it back first, then change it.")
    return row


def save_terms(ctx: Context, seat: Seat, terms: Terms) -> None:
    """Keeps the terms. Raises Refused with the field."""
    row = editable(ctx, seat)
    if terms.action not in drafting.ACTIONS:
        raise Refused("Choose what is demanded.", field="action")
    if terms.concurrence not in drafting.CONCURRENCE:
        raise Refused("Choose whose review counts.", field="concurrence")
    if terms.due_on is None:
        raise Refused("Set a due date.", field="due_on")
    if terms.due_on != seat.demand.due_on:
        drafting.check_due(terms.due_on, today(ctx.settings, ctx.now))
    row.basis = need_text(
        terms.basis, "basis", "Say on what basis you may demand this.", limit=1000
    )
    row.instruction = need_text(
        terms.instruction, "instruction", "Write the instruction.", multiline=True
    )
    row.action = terms.action
    row.concurrence = terms.concurrence
    row.due_on = terms.due_on
    ctx.session.flush()


def decide_stores(ctx: Context, seat: Seat, keep: Mapping[str, bool]) -> None:
    """Keeps, for each store that was withdrawn, whether it is searched on. Raises Refused."""
    row = editable(ctx, seat)
    decided = _decided(ctx, row)
    for each in withdrawing.uncovered(ctx, row.demand_id):
        if each.store_id not in keep:
            raise Refused(f"Say what becomes of “{each.store.label}”.", field=each.store_id)
        there = decided.get(each.store_id)
        if there is None:
            there = AmendmentStore(store_id=each.store_id, demand_id=row.demand_id)
            ctx.session.add(there)
        there.keep = keep[each.store_id]
    ctx.session.flush()


def _decided(ctx: Context, row: Amendment) -> dict[str, AmendmentStore]:
    found = ctx.session.scalars(
        select(AmendmentStore).where(AmendmentStore.demand_id == row.demand_id)
    )
    return {each.store_id: each for each in found}


def view(ctx: Context, seat: Seat, row: Amendment) -> AmendmentView:
    """The amendment beside what it replaces."""
    demand = seat.demand
    decided = _decided(ctx, row)
    stores = [
        Decided(each, decided[each.store_id].keep if each.store_id in decided else None)
        for each in withdrawing.uncovered(ctx, demand.id)
    ]
    names = file_names(ctx, row)
    told = changes(ctx, demand, row, names, stores)
    named_again = any(each.keep for each in stores)
    return AmendmentView(
        row,
        told,
        len(names),
        stores,
        _gaps(ctx, demand, row, told, stores),
        effects(ctx, demand, row, files=len(names), named_again=named_again),
    )


def file_names(ctx: Context, row: Amendment) -> list[str]:
    """The names of the files that it adds, in their order."""
    return list(
        ctx.session.scalars(
            select(AmendmentFile.name)
            .where(AmendmentFile.demand_id == row.demand_id)
            .order_by(AmendmentFile.position)
        )
    )


def changes(
    ctx: Context, demand: Demand, row: Amendment, names: list[str], stores: Sequence[Decided]
) -> list[Change]:
    """What the amendment changes, against the demand that stands in the log."""
    before = standing_demand.predicate(ctx, demand)
    after = dict(before) | {
        "basis": row.basis,
        "action": row.action,
        "dueOn": row.due_on.isoformat(),
        "instruction": row.instruction,
        "parties": dict(before["parties"]) | {"concurrence": row.concurrence},
    }
    gone = [each.withdrawal.store.label for each in stores if each.keep is False]
    again = [each.withdrawal.store.label for each in stores if each.keep]
    return amending.with_lists(
        amending.changes(before, after), files=names, released=gone, again=again
    )


def _gaps(
    ctx: Context,
    demand: Demand,
    row: Amendment,
    told: Sequence[Change],
    stores: Sequence[Decided],
) -> list[str]:
    found = [
        f"Say what becomes of “{each.withdrawal.store.label}”, which was withdrawn."
        for each in stores
        if each.keep is None
    ]
    if row.due_on != demand.due_on and row.due_on < today(ctx.settings, ctx.now):
        found.append("The new due date has passed: set a later one.")
    if row.concurrence == "each" and demand.concurrence == "lead":
        found += [
            f"{name} has nobody here who could review, so no file would ever be accepted. Leave "
            "the review to the lead controller; or withdraw this demand, and name a contact at "
            f"{name} in a new one."
            for name in _without_signatory(ctx, demand)
        ]
    found += leaks.of_amendment(ctx, demand, row)
    if not told and not found:
        found.append("Nothing is otherwise than in the demand that stands. Change something first.")
    return found


def _without_signatory(ctx: Context, demand: Demand) -> list[str]:
    """The joint controllers with nobody who could sign a review."""
    return [
        party.name
        for party in demand.parties
        if party.role == "joint"
        and not (
            party.organisation_id and post.people_of(ctx, [party.organisation_id], "signatory")
        )
    ]


def hand_over(ctx: Context, seat: Seat) -> None:
    """Locks the amendment, fixes the bodies that it adds, tells the signatories."""
    row = editable(ctx, seat)
    seen = view(ctx, seat, row)
    if seen.gaps:
        raise Refused("The amendment is not ready: " + " ".join(seen.gaps))
    _fix_bodies(ctx, seat, seen.stores)
    row.handed_at = ctx.now
    row.return_note = None
    ctx.session.flush()
    change_notices.amendment_ready(ctx, seat, [change.line for change in seen.changes])


def _fix_bodies(ctx: Context, seat: Seat, stores: Sequence[Decided]) -> None:
    demand = seat.demand
    for file in ctx.session.scalars(
        select(AmendmentFile).where(AmendmentFile.demand_id == demand.id)
    ):
        file.body = build.plain(
            "file.named", demand.id, build.new_nonce(), **prefix.file_members(file)
        )
        file.body_hash = hashlib.sha256(file.body).hexdigest()
    labels = {
        label.casefold()
        for label in ctx.session.scalars(select(Store.label).where(Store.demand_id == demand.id))
    }
    for each in stores:
        row = ctx.session.get_one(AmendmentStore, each.withdrawal.store_id)
        row.again_id = row.label = row.body = row.body_hash = None
        if not each.keep:
            continue
        row.again_id = str(uuid4())
        row.label = _free_label(each.withdrawal.store.label, labels)
        labels.add(row.label.casefold())
        store = again(each.withdrawal.store, row)
        row.body = build.plain(
            "store.named",
            demand.id,
            build.new_nonce(),
            **prefix.store_members(store, prefix.by(seat)),
        )
        row.body_hash = hashlib.sha256(row.body).hexdigest()
    ctx.session.flush()


def again(store: Store, row: AmendmentStore) -> Store:
    """The store that takes the place of one whose withdrawal the amendment covers."""
    return Store(
        id=row.again_id,
        demand_id=store.demand_id,
        position=0,
        label=row.label,
        medium=store.medium,
        kind=store.kind,
        location=store.location,
        custodian=store.custodian,
        named_by_side="controller",
        body=row.body,
        body_hash=row.body_hash,
    )


def _free_label(label: str, taken: Collection[str]) -> str:
    number = 1
    while True:
        suffix = " (named again)" if number == 1 else f" (named again, {number})"
        found = label[: drafting.MAX_NAME - len(suffix)] + suffix
        if found.casefold() not in taken:
            return found
        number += 1


def take_back(ctx: Context, seat: Seat) -> None:
    """Unlocks the amendment before it is signed. Raises Refused."""
    row = handed_over(ctx, seat)
    row.handed_at = None
    ctx.session.flush()


def return_with_note(ctx: Context, seat: Seat, note: str) -> None:
    """The signatory returns the amendment; the note must say why. Raises Refused."""
    tidy = need_text(note, "note", "Say what has to change.", multiline=True)
    row = handed_over(ctx, seat)
    row.handed_at = None
    row.return_note = tidy
    ctx.session.flush()
    change_notices.amendment_returned(ctx, seat, tidy)


def handed_over(ctx: Context, seat: Seat) -> Amendment:
    """The amendment that lies with the signatory. Raises NotFound and Refused."""
    live(seat)
    row = amendment_of(ctx, seat.demand)
    if row is None:
        raise NotFound
    if row.handed_at is None:
        raise Refused("This amendment is not with the signatory. A case handler hands it over.")
    return row


def discard(ctx: Context, seat: Seat) -> None:
    """Deletes an amendment that nobody has signed. The demand stands as it did."""
    row = amendment_of(ctx, seat.demand)
    if row is None:
        raise NotFound
    forget(ctx, row)


def forget(ctx: Context, row: Amendment) -> None:
    """Deletes the rows of an amendment: discarded, or signed and now in the demand's own."""
    for table in (AmendmentFile, AmendmentStore):
        ctx.session.execute(delete(table).where(table.demand_id == row.demand_id))
    ctx.session.delete(row)
    ctx.session.flush()


def files_count(ctx: Context, row: Amendment) -> int:
    """How many files it adds."""
    return (
        ctx.session.scalar(
            select(func.count())
            .select_from(AmendmentFile)
            .where(AmendmentFile.demand_id == row.demand_id)
        )
        or 0
    )
