"""What `attest check` asks of a demand's terms: rows say what stands in the log, amended or not.

The newest `demand.issued` or `demand.amended` gives the terms, `file.named` and `store.named` the
files and stores, `store.withdrawn` what one side would leave out. The due day, which more time
moves, is extension_checks.py's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, LogEntry, NamedFile, Store, StoreWithdrawal
from attest.services.acts import issuing, withdrawing
from attest.services.context import Context
from attest.services.log import prefix, standing_demand
from attest.services.upkeep.findings import Finding
from attest.statements import build
from attest.statements.canonical import decode

AMENDED, WITHDRAWN = "demand.amended", "store.withdrawn"
CHUNK = 500


def check_terms(ctx: Context, demand: Demand) -> Iterator[Finding]:
    """Gives what does not hold, of one issued demand whose log stands."""
    yield from _check_demand(ctx, demand)
    if not _named(ctx, demand, "file.named", NamedFile):
        yield Finding(demand.reference, "The files' rows do not name what the log names.")
    if not _named(ctx, demand, "store.named", Store):
        yield Finding(demand.reference, "The stores' rows do not name what the log names.")
    if not _withdrawals_agree(ctx, demand):
        yield Finding(
            demand.reference, "The rows of withdrawn stores do not say what the log says."
        )


def _check_demand(ctx: Context, demand: Demand) -> Iterator[Finding]:
    entry = standing_demand.entry(ctx, demand)
    if entry is None or entry.body is None:  # a signed body is never erased (§6, step 5)
        return
    if (entry.type == AMENDED) != (demand.amended_at is not None):
        yield Finding(demand.reference, "The row and the log differ on whether it was amended.")
    said = standing_demand.said(entry.body)
    rows: Mapping[str, Any] = {
        "basis": demand.basis,
        "action": demand.action,
        "instruction": demand.instruction,
        "parties": issuing.parties(demand),
    }
    for name, row in rows.items():
        if row != said[name]:
            yield Finding(demand.reference, f"The row does not say what was signed: {name}.")


def _named(ctx: Context, demand: Demand, kind: str, table: Any) -> bool:
    """Whether each row gives its leaf's body, octet by octet, and none is left over."""
    ids = list(ctx.session.scalars(select(table.id).where(table.demand_id == demand.id)))
    bodies = ctx.session.scalars(
        select(LogEntry.body)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == kind)
        .order_by(LogEntry.seq)
    ).all()
    in_log = {decode(body)[_ID[kind]]: body for body in bodies if body is not None}
    if in_log.keys() != set(ids):
        return False
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ids), CHUNK):
        for row in ctx.session.scalars(
            select(table).where(table.id.in_(ids[start : start + CHUNK]))
        ):
            if _body(demand, kind, row, in_log[row.id]) != in_log[row.id]:
                return False
    return True


_ID = {"file.named": "fileId", "store.named": "storeId"}


def _body(demand: Demand, kind: str, row: Any, body: bytes) -> bytes:
    """The body that the row gives, with what stands in the log alone."""
    told = decode(body)
    if kind == "file.named":
        members = prefix.file_members(row)
    else:
        members = prefix.store_members(row, told["namedBy"])
    return build.plain(kind, demand.id, told["nonce"], **members)


def _withdrawals_agree(ctx: Context, demand: Demand) -> bool:
    entries = {
        entry.seq: entry
        for entry in ctx.session.scalars(
            select(LogEntry).where(
                LogEntry.demand_id == demand.id, LogEntry.type.in_((AMENDED, WITHDRAWN))
            )
        )
    }
    rows = withdrawing.withdrawals(ctx, demand.id)
    told = [seq for seq, entry in entries.items() if entry.type == WITHDRAWN]
    return sorted(told) == sorted(row.seq for row in rows) and all(
        _agrees(row, entries) for row in rows
    )


def _agrees(row: StoreWithdrawal, entries: Mapping[int, LogEntry]) -> bool:
    body = entries[row.seq].body
    if body is not None:
        said = decode(body)
        if (said["storeId"], said["reason"]) != (row.store_id, row.reason):
            return False
    if row.amended_seq is None:
        return row.state in withdrawing.UNCOVERED
    amended = entries.get(row.amended_seq)
    return amended is not None and amended.type == AMENDED and row.amended_seq > row.seq
