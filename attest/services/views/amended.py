"""What was amended: each amendment with what it changed, read from the log and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, LogEntry, StoreWithdrawal
from attest.domain import amending
from attest.domain.amending import Change
from attest.services.acts import withdrawing
from attest.services.context import Context
from attest.services.log import standing_demand
from attest.statements.canonical import decode


@dataclass(frozen=True)
class Amended:
    """One `demand.amended`: who signed it, and what it changed. `text` is its declaration."""

    seq: int
    at: datetime
    signer: Mapping[str, Any]
    text: str
    changes: Sequence[Change]

    @property
    def lines(self) -> list[str]:
        """Each change in one line."""
        return [change.line for change in self.changes]


def amendments_of(ctx: Context, demand: Demand) -> list[Amended]:
    """Every amendment, newest first. None was made: one cheap query."""
    if demand.amended_at is None:
        return []
    entries = ctx.session.scalars(
        select(LogEntry)
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(standing_demand.KINDS))
        .order_by(LogEntry.seq)
    ).all()
    withdrawn = withdrawing.withdrawals(ctx, demand.id)
    found = []
    for before, entry in pairwise(entries):
        if before.body is None or entry.body is None:  # never erased (§6, step 5)
            continue
        said = standing_demand.said(entry.body)
        found.append(
            Amended(
                entry.seq,
                entry.at,
                said["signer"],
                said["declaration"]["text"],
                amending.with_lists(
                    amending.changes(standing_demand.said(before.body), said),
                    files=_files(ctx, demand, before.seq, entry.seq),
                    released=_labels(withdrawn, entry.seq, withdrawing.AGREED),
                    again=_labels(withdrawn, entry.seq, withdrawing.NAMED_AGAIN),
                ),
            )
        )
    return found[::-1]


def _files(ctx: Context, demand: Demand, after: int, before: int) -> list[str]:
    """The files named between two leaves: only an amendment names any."""
    bodies = ctx.session.scalars(
        select(LogEntry.body)
        .where(
            LogEntry.demand_id == demand.id,
            LogEntry.type == "file.named",
            LogEntry.seq > after,
            LogEntry.seq < before,
        )
        .order_by(LogEntry.seq)
    )
    return [str(decode(body)["name"]) for body in bodies if body is not None]


def _labels(rows: Sequence[StoreWithdrawal], seq: int, state: str) -> list[str]:
    return [row.store.label for row in rows if row.amended_seq == seq and row.state == state]
