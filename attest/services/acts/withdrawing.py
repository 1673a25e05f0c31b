"""Stores that one side would leave out: it says so in the log, and an amendment lets them go.

A contractor cannot shrink its own duty (docs/formats.md §3, "States", rule 2): the store stands,
and is answered for, until an amendment covers its withdrawal. That the lead controller says no has
no event, so it is a row and a letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from attest.database.tables import Amendment, AmendmentStore, Store, StoreWithdrawal
from attest.domain.drafting import need_text
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.access import CONTROLLER, Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.log import aggregates, prefix
from attest.services.log.ledger import open_log
from attest.services.notices import change_notices
from attest.statements import build

ASKED, REFUSED, AGREED, NAMED_AGAIN = "asked", "refused", "agreed", "named_again"
UNCOVERED = (ASKED, REFUSED)


def withdrawals(ctx: Context, demand_id: str) -> list[StoreWithdrawal]:
    """All of a demand's withdrawals, in the log's order."""
    return list(
        ctx.session.scalars(
            select(StoreWithdrawal)
            .where(StoreWithdrawal.demand_id == demand_id)
            .order_by(StoreWithdrawal.seq)
        )
    )


def uncovered(ctx: Context, demand_id: str) -> list[StoreWithdrawal]:
    """Those that no amendment covers yet: the next one does, whatever it is for."""
    return [row for row in withdrawals(ctx, demand_id) if row.state in UNCOVERED]


def why_not(seat: Seat, store: Store, rows: Sequence[StoreWithdrawal]) -> str | None:
    """Why this reader cannot withdraw the store, in a sentence; None where they can."""
    if seat.side == CONTROLLER and not seat.lead:
        return "Only the contractor or the lead controller can withdraw a store. Ask them to."
    if not store.standing:
        return f"“{store.label}” is not searched any more."
    if any(row.store_id == store.id for row in rows):
        return f"“{store.label}” was withdrawn already. That can be done once only."
    return None


def store_of(ctx: Context, seat: Seat, store_id: str) -> Store:
    """A store of this demand. Raises NotFound."""
    store = ctx.session.get(Store, store_id)
    if store is None or store.demand_id != seat.demand.id:
        raise NotFound
    return store


def withdraw_store(ctx: Context, seat: Seat, store_id: str, reason: str) -> None:
    """Withdraws a store, which stands until an amendment covers it. Raises Refused, NotFound."""
    live(seat)
    demand = seat.demand
    why = need_text(reason, "reason", "Say why it need not be searched.", multiline=True)
    store = store_of(ctx, seat, store_id)
    rows = withdrawals(ctx, demand.id)
    refused = why_not(seat, store, rows)
    if refused:
        raise Refused(refused)
    if demand.stores_total - sum(row.store.standing for row in rows) < 2:
        raise Refused("One store at least has to be searched. Name another one first.")
    ledger = open_log(ctx, demand.id)
    seq = ledger.append(
        "store.withdrawn",
        build.plain(
            "store.withdrawn",
            demand.id,
            build.new_nonce(),
            storeId=store.id,
            reason=why,
            by=prefix.by(seat),
        ),
    )
    ledger.save()
    ctx.session.add(
        StoreWithdrawal(
            store_id=store.id,
            demand_id=demand.id,
            seq=seq,
            side=seat.side,
            reason=why,
            asked_at=ctx.now,
            asked_by_id=seat.person.id,
            state=ASKED,
        )
    )
    aggregates.refresh(ctx, demand, ledger.judge)
    change_notices.store_withdrawn(ctx, seat, store, why)


def refuse_withdrawal(ctx: Context, seat: Seat, store_id: str, reason: str) -> None:
    """The lead controller keeps the store: a row and a letter. Raises Refused, NotFound.

    An amendment that is being prepared names the store again from now on.
    """
    live(seat)
    if not seat.lead:
        raise NotAllowed("Only the lead controller decides about a store.")
    why = need_text(reason, "reason", "Say why it has to be searched.", multiline=True)
    store = store_of(ctx, seat, store_id)
    row = ctx.session.get(StoreWithdrawal, store.id)
    if row is None or row.state != ASKED:
        raise Refused("This has been decided already.")
    amendment = ctx.session.get(Amendment, seat.demand.id)
    if amendment is not None and amendment.handed_at is not None:
        raise Refused(
            "An amendment lies with the signatory, and it says what becomes of this store. "
            "Take it back first."
        )
    row.state = REFUSED
    row.decided_at = ctx.now
    row.decided_by_id = seat.person.id
    row.decision_reason = why
    if amendment is not None:
        # The letter says that the store stays: the amendment must not let it go all the same.
        ctx.session.merge(
            AmendmentStore(store_id=store.id, demand_id=amendment.demand_id, keep=True)
        )
    ctx.session.flush()
    change_notices.store_kept(ctx, seat, store, why)
