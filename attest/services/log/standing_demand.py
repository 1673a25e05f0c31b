"""The demand that stands: the newest `demand.issued` or `demand.amended` of a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, LogEntry
from attest.services.context import Context
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope

KINDS = ("demand.issued", "demand.amended")


def entry(ctx: Context, demand: Demand) -> LogEntry | None:
    """Its log entry, or None before the demand is issued."""
    return ctx.session.scalar(
        select(LogEntry)
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(KINDS))
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )


def predicate(ctx: Context, demand: Demand) -> Mapping[str, Any]:
    """What it says. Raises ValueError before the demand is issued."""
    found = entry(ctx, demand)
    if found is None or found.body is None:  # a signed body is never erased (§6, step 5)
        raise ValueError(f"{demand.reference} was not issued")
    return said(found.body)


def said(body: bytes) -> Mapping[str, Any]:
    """The predicate in an envelope's bytes."""
    found: Mapping[str, Any] = decode(parse_envelope(body).payload)["predicate"]
    return found
