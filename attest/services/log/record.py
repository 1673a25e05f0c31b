"""What happened in a demand: the timeline. Its letters are letter_list.py's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, LogEntry, SigningKey
from attest.services.context import Context
from attest.services.facts.paging import ROWS_A_PAGE, Page, page_of
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope


@dataclass(frozen=True)
class Event:
    """A leaf as the timeline shows it; `body` is the plain body or the predicate.

    `subjects`: the names of a signed statement's subjects; `signatures`: how many signed it.
    `erased_at`: when the body was erased, and is empty since.
    """

    seq: int
    at: datetime
    type: str
    body: Mapping[str, Any]
    signed: bool
    subjects: Sequence[str] = ()
    signatures: int = 0
    erased_at: datetime | None = None


def timeline(ctx: Context, demand: Demand, *, page: int = 1, types: Collection[str] = ()) -> Page:
    """What happened, newest first, read from the log; `types`: of these leaves alone."""
    query = select(LogEntry).where(LogEntry.demand_id == demand.id)
    if types:
        query = query.where(LogEntry.type.in_(types))
    found = page_of(ctx, query.order_by(LogEntry.seq.desc()), page, ROWS_A_PAGE)
    return Page([_event(entry) for entry in found.items], found.number, found.pages, found.total)


def _event(entry: LogEntry) -> Event:
    body: Mapping[str, Any] = {}
    signed = False
    subjects: list[str] = []
    signatures = 0
    if entry.body is not None:
        body = decode(entry.body)
        if "payload" in body:
            signed = True
            envelope = parse_envelope(entry.body)
            signatures = len(envelope.signatures)
            statement = decode(envelope.payload)
            subjects = [subject["name"] for subject in statement["subject"]]
            body = statement["predicate"]
    return Event(
        entry.seq, entry.at, entry.type, body, signed, subjects, signatures, entry.erased_at
    )


def holders(ctx: Context, keyids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Whose these keys are."""
    rows = ctx.session.execute(
        select(SigningKey.keyid, SigningKey.holder).where(SigningKey.keyid.in_(list(keyids)))
    )
    return {keyid: holder for keyid, holder in rows}  # noqa: C416 (a row is no pair to mypy)
