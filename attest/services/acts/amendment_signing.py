"""Signing an amendment: the lead's signatory replaces the demand, and what it adds comes in.

The new `file.named` and `store.named` leaves, `demand.amended`, the rows and the letters are one
transaction. The signature covers the new leaves too: they follow what the log holds, and are built
again, the same, when the envelope comes back (docs/formats.md §3, `seen`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, literal, select

from attest.database.tables import (
    Amendment,
    AmendmentFile,
    AmendmentStore,
    Copy,
    Demand,
    EvidenceOfCopy,
    LogEntry,
    NamedFile,
    SigningKey,
    Store,
    StoreWithdrawal,
)
from attest.domain import demand_states
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts import amendment_drafts, draft_stores, issuing, withdrawing
from attest.services.acts.draft_files import CHUNK
from attest.services.context import Context
from attest.services.facts import child_files, deadlines
from attest.services.log import aggregates, standing_demand
from attest.services.log.ledger import Ledger, open_log, read_log
from attest.services.log.prepared import (
    Draw,
    Prepared,
    Stale,
    ToSign,
    check_signature,
    expect_same,
    listing_of,
    need_key,
    read_signed,
    signer,
)
from attest.services.notices import change_notices
from attest.statements import build
from attest.statements.envelope import parse_envelope, statement_hash

CHANGED = (
    "The amendment changed since you opened this page, so nothing was signed. "
    "Read it once more, then sign."
)
MEANWHILE = (
    "Something happened in this demand since you opened this page, even if only a letter went "
    "out, so nothing was signed. Look at what is new, then sign."
)
_LISTED = ("file.named", "store.named", "store.withdrawn")


@dataclass(frozen=True)
class _New:
    """What comes into the log before the amendment, in this order."""

    files: Sequence[AmendmentFile]
    stores: Sequence[tuple[StoreWithdrawal, AmendmentStore]]  # those named again

    @property
    def bodies(self) -> list[tuple[str, bytes]]:
        found = [("file.named", each.body) for each in self.files]
        found += [("store.named", row.body) for _, row in self.stores]
        return [(kind, body) for kind, body in found if body is not None]


def prepare_amendment(ctx: Context, seat: Seat) -> ToSign:
    """What the signatory signs. Raises Refused where the amendment is not theirs to sign."""
    row = _ready(ctx, seat)
    key = need_key(ctx, seat, "signatory")
    ledger = read_log(ctx, seat.demand.id)
    _name(ledger, row, _new(ctx, row))
    draw = Draw(
        build.new_nonce(), ctx.now, build.seen(ledger.origin, ledger.size, ledger.frontier.root)
    )
    payload = _payload(seat, row, ledger, key, draw)
    context = ledger.judge.context(ledger.size)
    kept = ctx.session.scalars(
        select(LogEntry.body)
        .where(LogEntry.demand_id == seat.demand.id, LogEntry.type.in_(_LISTED))
        .order_by(LogEntry.seq)
    )
    fresh = [entry.body for entry in ledger.fresh]
    return ToSign(
        keyid=key.keyid,
        key_file=key.key_file,
        items=[Prepared("amendment", seat.demand.reference, payload)],
        bodies=[body for body in (*kept, *fresh) if body is not None],
        listing=listing_of(context),
        reference=seat.demand.reference,
    )


def amend_demand(ctx: Context, seat: Seat, data: bytes) -> None:
    """Amends the demand: log, rows and letters together.

    The same envelope sent twice changes nothing the second time. Raises Refused or Stale.
    """
    demand = seat.demand
    signed = read_signed(data, "deletion-demand")
    if _amended_by(ctx, seat) == statement_hash(signed.envelope.payload):
        return
    row = amendment_drafts.amendment_of(ctx, demand)
    if demand.state in demand_states.ENDED or row is None or row.handed_at is None:
        raise Stale(CHANGED)
    key = need_key(ctx, seat, "signatory")
    check_signature(key, signed.envelope)
    ledger = open_log(ctx, demand.id)
    new = _new(ctx, row)
    size = int(signed.draw.seen["size"])
    _expect_nothing_new(ctx, seat, ledger, size, len(new.bodies))
    row = _ready(ctx, seat)
    told = amendment_drafts.view(ctx, seat, row)
    _name(ledger, row, new)
    expect_same(_payload(seat, row, ledger, key, signed.draw, size), signed, CHANGED)
    ledger.copy_key_statements([key.keyid])
    seq = ledger.append("demand.amended", data)
    signed_for = _signed_for(ctx, demand)
    added = [file.id for file in new.files]
    _keep(ctx, seat, row, new, seq)
    ledger.save()
    aggregates.refresh(ctx, demand, ledger.judge)
    opened = signed_for - _signed_for(ctx, demand)
    added_due, opened_due = _give_time(ctx, demand, added, opened)
    if added_due or opened_due:
        aggregates.refresh(ctx, demand, ledger.judge)  # when a file is due next is one of them
    change_notices.demand_amended(
        ctx,
        seat,
        [change.line for change in told.changes],
        seq,
        files=len(added),
        files_due=added_due,
        opened=len(opened),
        opened_due=opened_due,
        overruled=[each.done for each in told.effects.overruled],
    )


def _signed_for(ctx: Context, demand: Demand) -> set[str]:
    """The files that nobody has to answer for now."""
    return set(
        ctx.session.scalars(
            select(NamedFile.id).where(
                NamedFile.demand_id == demand.id, NamedFile.state.not_in(TO_ANSWER)
            )
        )
    )


def _give_time(
    ctx: Context, demand: Demand, added: Collection[str], opened: Collection[str]
) -> tuple[date | None, date | None]:
    """By when files that were added late are due, and those that came back; None: there are none.

    Without a day of their own they would be late at once, and nobody would be written to.
    """
    late = demand.due_on is not None and deadlines.added_by(ctx, demand, demand.due_on) is not None
    return (
        deadlines.give_time(ctx, demand, added) if added and late else None,
        deadlines.give_time(ctx, demand, opened) if opened else None,
    )


def _ready(ctx: Context, seat: Seat) -> Amendment:
    row = amendment_drafts.handed_over(ctx, seat)
    gaps = amendment_drafts.view(ctx, seat, row).gaps
    if gaps:
        raise Refused(f"{' '.join(gaps)} Return it, so that a case handler can do that.")
    return row


def _new(ctx: Context, row: Amendment) -> _New:
    files = ctx.session.scalars(
        select(AmendmentFile)
        .where(AmendmentFile.demand_id == row.demand_id)
        .order_by(AmendmentFile.position)
    ).all()
    stores = ctx.session.execute(
        select(StoreWithdrawal, AmendmentStore)
        .join(AmendmentStore, AmendmentStore.store_id == StoreWithdrawal.store_id)
        .where(AmendmentStore.demand_id == row.demand_id, AmendmentStore.keep)
        .order_by(StoreWithdrawal.seq)
    )
    return _New(files, [(each[0], each[1]) for each in stores])


def _name(ledger: Ledger, row: Amendment, new: _New) -> None:
    """Appends what is new, always with the same time, so that the same log gives the same root."""
    for kind, body in new.bodies:
        ledger.append(kind, body, at=row.handed_at)


def _expect_nothing_new(ctx: Context, seat: Seat, ledger: Ledger, size: int, fresh: int) -> None:
    """What the signatory saw is what is there, with what is new right behind it."""
    if fresh and ledger.size != size - fresh:
        raise Stale(MEANWHILE)
    newer = ctx.session.scalars(
        select(LogEntry.type).where(LogEntry.demand_id == seat.demand.id, LogEntry.seq >= size)
    )
    if any(not kind.startswith(("letter.", "key.")) for kind in newer):
        raise Stale(MEANWHILE)


def _amended_by(ctx: Context, seat: Seat) -> str | None:
    """The hash of the statement that stands (its answer may have got lost)."""
    found = standing_demand.entry(ctx, seat.demand)
    if found is None or found.body is None:
        return None
    return statement_hash(parse_envelope(found.body).payload)


def _payload(
    seat: Seat,
    row: Amendment,
    ledger: Ledger,
    key: SigningKey,
    draw: Draw,
    size: int | None = None,
) -> bytes:
    demand = seat.demand
    return build.deletion_demand(
        demand_id=demand.id,
        reference=demand.reference,
        parties=issuing.parties(demand) | {"concurrence": row.concurrence},
        basis=row.basis,
        action=row.action,
        due_on=row.due_on,
        instruction=row.instruction,
        signer=signer(key),
        seen=draw.seen,
        context=ledger.judge.context(ledger.size if size is None else size),
        nonce=draw.nonce,
        stated_at=draw.stated_at,
    )


def _keep(ctx: Context, seat: Seat, row: Amendment, new: _New, seq: int) -> None:
    """The rows: terms, files, stores, and what became of each withdrawal."""
    demand = seat.demand
    demand.basis = row.basis
    demand.action = row.action
    demand.due_on = row.due_on
    demand.signed_due_on = None  # what is signed and what stands are one again
    demand.instruction = row.instruction
    demand.concurrence = row.concurrence
    demand.amended_at = ctx.now
    _keep_files(ctx, new.files)
    child_files.link_files(ctx, demand)
    for withdrawal in withdrawing.uncovered(ctx, demand.id):
        if withdrawal.state == withdrawing.ASKED:
            withdrawal.decided_at = ctx.now
            withdrawal.decided_by_id = seat.person.id
        withdrawal.state = withdrawing.AGREED
        withdrawal.amended_seq = seq
    for withdrawal, again in new.stores:
        store = amendment_drafts.again(withdrawal.store, again)
        store.position = draft_stores.next_position(ctx, demand)
        ctx.session.add(store)
        ctx.session.flush()
        withdrawal.state = withdrawing.NAMED_AGAIN
        withdrawal.again_id = store.id
        _carry_answers(ctx, withdrawal.store_id, store)
    amendment_drafts.forget(ctx, row)


def _keep_files(ctx: Context, files: Sequence[AmendmentFile]) -> None:
    if not files:
        return
    last = ctx.session.scalar(
        select(func.max(NamedFile.position)).where(NamedFile.demand_id == files[0].demand_id)
    )
    same = [
        column.key
        for column in AmendmentFile.__table__.columns
        if column.key in NamedFile.__table__.columns and column.key != "position"
    ]
    rows = [
        {name: getattr(file, name) for name in same} | {"position": position, "state": "open"}
        for position, file in enumerate(files, start=(last or 0) + 1)
    ]
    for start in range(0, len(rows), CHUNK):
        ctx.session.execute(insert(NamedFile), rows[start : start + CHUNK])


def _carry_answers(ctx: Context, old: str, store: Store) -> None:
    """Working answers and evidence go over to the store that was named again: it is one place."""
    there = ctx.session.scalars(
        select(Copy).where(Copy.store_id == old, Copy.answer.is_not(None))
    ).all()
    for copy in there:
        ctx.session.add(
            Copy(
                demand_id=copy.demand_id,
                file_id=copy.file_id,
                store_id=store.id,
                answer=copy.answer,
                answered_by_id=copy.answered_by_id,
                answered_at=copy.answered_at,
            )
        )
    ctx.session.execute(
        insert(EvidenceOfCopy).from_select(
            ["demand_id", "digest", "file_id", "store_id"],
            select(
                EvidenceOfCopy.demand_id,
                EvidenceOfCopy.digest,
                EvidenceOfCopy.file_id,
                literal(store.id),
            ).where(EvidenceOfCopy.store_id == old),
        )
    )
    ctx.session.flush()
