"""The contractor asks for more time, with a reason and a day, and may take the request back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from sqlalchemy import select

from attest.database.tables import Demand, Extension, ExtensionFile, NamedFile
from attest.domain import demand_states, extensions
from attest.domain.drafting import need_text
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.calendars import today
from attest.services.log import aggregates, prefix
from attest.services.log.ledger import open_log
from attest.services.notices import extension_notices
from attest.statements import build


@dataclass(frozen=True)
class Asked:
    """What the form asks. `file_ids` empty: more time for the whole demand."""

    until: date | None
    reason: str
    file_ids: Sequence[str] = field(default_factory=tuple)


def open_files(ctx: Context, demand: Demand) -> list[NamedFile]:
    """The files for which more time can be asked, in the demand's order, a thousand at most."""
    return list(
        ctx.session.scalars(
            select(NamedFile)
            .where(NamedFile.demand_id == demand.id, NamedFile.state.in_(TO_ANSWER))
            .order_by(NamedFile.position)
            .limit(extensions.MOST_FILES)
        )
    )


def pending(ctx: Context, demand: Demand) -> Extension | None:
    """The request that nobody has decided yet, while that matters to anybody."""
    if demand.state not in demand_states.WITH_CONTRACTOR:
        return None
    return ctx.session.scalar(
        select(Extension).where(
            Extension.demand_id == demand.id, Extension.state == extensions.REQUESTED
        )
    )


def pending_in(ctx: Context, demand_ids: Collection[str]) -> dict[str, Extension]:
    """The undecided requests of many demands, by demand; one query."""
    rows = ctx.session.scalars(
        select(Extension).where(
            Extension.demand_id.in_(list(demand_ids)), Extension.state == extensions.REQUESTED
        )
    )
    return {row.demand_id: row for row in rows}


def may_ask(ctx: Context, seat: Seat) -> None:
    """Whether more time can be asked for now. Raises Refused with the sentence."""
    live(seat)
    demand = seat.demand
    if demand.acknowledged_at is None:
        raise Refused("Acknowledge the demand first; then you can ask for more time.")
    if not demand.files_open:
        raise Refused("Every file is signed for: nothing is open for which you need more time.")
    if pending(ctx, demand) is not None:
        raise Refused(
            "You have asked already, and nobody has decided yet. Withdraw that request first if "
            "you need another day."
        )


def request_extension(ctx: Context, seat: Seat, asked: Asked) -> Extension:
    """Asks for more time: row, log and letters. Raises Refused with the field."""
    may_ask(ctx, seat)
    demand = seat.demand
    chosen = _chosen(ctx, demand, asked.file_ids)
    if demand.due_on is None:
        raise Refused("This demand has no due date.")
    days = [deadlines.due_of(demand, row) or demand.due_on for row in chosen]
    due_on = max(days, default=demand.next_due_on or demand.due_on)
    until = extensions.check_until(asked.until, due_on, today(ctx.settings, ctx.now))
    reason = need_text(
        asked.reason,
        "reason",
        "Say why you need more time.",
        multiline=True,
        limit=extensions.MOST_REASON,
    )
    members = prefix.present(
        {
            "until": until,
            "reason": reason,
            "by": prefix.by(seat),
            "fileIds": [row.id for row in chosen],
        }
    )
    ledger = open_log(ctx, demand.id)
    seq = ledger.append(
        "extension.requested",
        build.plain("extension.requested", demand.id, build.new_nonce(), **members),
    )
    row = Extension(
        id=str(uuid4()),
        demand_id=demand.id,
        seq=seq,
        body_hash=ledger.fresh[-1].body_hash,
        state=extensions.REQUESTED,
        due_on=due_on,
        until=until,
        reason=reason,
        asked_at=ctx.now,
        asked_by_id=seat.person.id,
        files=[ExtensionFile(file_id=file.id, asked=True) for file in chosen],
    )
    ctx.session.add(row)
    ledger.save()
    aggregates.refresh(ctx, demand, ledger.judge)
    extension_notices.requested(ctx, seat, row)
    return row


def withdraw_extension(ctx: Context, seat: Seat, extension_id: str) -> None:
    """Takes back a request that nobody has decided. A second press changes nothing.

    The format has no event for it: the row keeps it, and the letters tell.
    """
    row = found(ctx, seat.demand, extension_id)
    if row.state == extensions.WITHDRAWN:
        return
    if row.state != extensions.REQUESTED:
        raise Refused("This request has been decided already. You can ask again.")
    if row.asked_by_id != seat.person.id and "liaison" not in seat.duties:
        raise Refused("Only who asked, or your liaison, can withdraw this request.")
    live(seat)
    row.state = extensions.WITHDRAWN
    row.decided_at = ctx.now
    row.decided_by_id = seat.person.id
    ctx.session.flush()
    extension_notices.withdrawn(ctx, seat, row)


def found(ctx: Context, demand: Demand, extension_id: str) -> Extension:
    """A request of this demand. Raises NotFound."""
    row = ctx.session.get(Extension, extension_id)
    if row is None or row.demand_id != demand.id:
        raise NotFound
    return row


def _chosen(ctx: Context, demand: Demand, file_ids: Sequence[str]) -> list[NamedFile]:
    ids = list(dict.fromkeys(file_ids))
    if len(ids) > extensions.MOST_FILES:
        raise Refused(
            f"Choose at most {extensions.MOST_FILES:,} files, or ask for the whole demand.",
            field="file",
        )
    rows: list[NamedFile] = []
    for start in range(0, len(ids), 500):
        rows += ctx.session.scalars(
            select(NamedFile).where(
                NamedFile.demand_id == demand.id,
                NamedFile.id.in_(ids[start : start + 500]),
                NamedFile.state.in_(TO_ANSWER),
            )
        )
    if len(rows) != len(ids):
        raise Refused(
            "One of these files is not open any more. Look at the list again, then ask.",
            field="file",
        )
    return sorted(rows, key=lambda row: row.position)
