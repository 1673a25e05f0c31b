"""What `attest check` asks of requests for more time: rows, log and due day agree.

For which files alone more time was granted stands in the rows (docs/formats.md §4): of those the
log says no more than the reason does, so only that they were asked for is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, Extension, LogEntry
from attest.domain import extensions
from attest.services.context import Context
from attest.services.log import standing_demand
from attest.services.upkeep.findings import Finding
from attest.statements.canonical import decode

REQUESTED, DECIDED = "extension.requested", "extension.decided"


def check_extensions(ctx: Context, demand: Demand) -> Iterator[Finding]:
    """Gives what does not hold, of one issued demand."""
    rows = ctx.session.scalars(
        select(Extension).where(Extension.demand_id == demand.id).order_by(Extension.seq)
    ).all()
    entries = {
        entry.seq: entry
        for entry in ctx.session.scalars(
            select(LogEntry).where(
                LogEntry.demand_id == demand.id, LogEntry.type.in_((REQUESTED, DECIDED))
            )
        )
    }
    named = {row.seq for row in rows} | {row.decided_seq for row in rows if row.decided_seq}
    if named != entries.keys() or not all(_agrees(row, entries) for row in rows):
        yield Finding(
            demand.reference, "The rows of requests for more time do not say what the log says."
        )
    if sum(row.state == extensions.REQUESTED for row in rows) > 1:
        yield Finding(demand.reference, "Two requests for more time are undecided at once.")
    yield from _check_due(ctx, demand, rows)


def _agrees(row: Extension, entries: Mapping[int, LogEntry]) -> bool:
    asked = entries.get(row.seq)
    if asked is None or asked.type != REQUESTED or asked.body_hash != row.body_hash:
        return False
    files = {each.file_id for each in row.files if each.asked}
    said = _body(asked)
    if said is not None and (said["until"], said["reason"], set(said.get("fileIds", []))) != (
        row.until.isoformat(),
        row.reason,
        files,
    ):
        return False
    granted = {each.file_id for each in row.files if each.granted}
    more_time = row.state in extensions.MORE_TIME
    if more_time != (row.granted_until is not None) or (files and not granted <= files):
        return False
    if row.decided_seq is None:
        return row.state in (extensions.REQUESTED, extensions.WITHDRAWN)
    decided = entries.get(row.decided_seq)
    if decided is None or decided.type != DECIDED:
        return False
    answer = _body(decided)
    return answer is None or (
        (answer["decision"] == "granted") == more_time
        and answer.get("until") == (row.granted_until.isoformat() if row.granted_until else None)
        and answer.get("request") == row.body_hash
    )


def _check_due(ctx: Context, demand: Demand, rows: Any) -> Iterator[Finding]:
    """The day that stands: the signed one, or the last that was granted to the whole since."""
    entry = standing_demand.entry(ctx, demand)
    if entry is None or entry.body is None:
        return
    signed = standing_demand.said(entry.body)["dueOn"]
    moved = [
        row.granted_until
        for row in sorted(rows, key=lambda row: row.decided_seq or 0)
        if row.granted_until is not None
        and (row.decided_seq or 0) > entry.seq
        and not any(each.granted for each in row.files)
    ]
    expected = (moved[-1].isoformat(), signed) if moved else (signed, None)
    kept = (
        demand.due_on.isoformat() if demand.due_on else None,
        demand.signed_due_on.isoformat() if demand.signed_due_on else None,
    )
    if kept != expected:
        yield Finding(
            demand.reference,
            f"The due day is {kept[0]} (signed: {kept[1] or kept[0]}), and should be "
            f"{expected[0]} (signed: {signed}).",
        )


def _body(entry: LogEntry) -> dict[str, Any] | None:
    return None if entry.body is None else decode(entry.body)
