"""Why files lie open with the officer: opened again, and why; never received, and the ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from attest.database.tables import Attestation, Demand, LogEntry, NamedFile, NotReceived
from attest.services import not_received
from attest.services.answers import TO_ANSWER
from attest.services.context import Context
from attest.statements.canonical import decode

# The newest events that a page reads; a large demand has as many as files.
READ = 200


@dataclass(frozen=True)
class OpenedAgain:
    """Files that were opened again for one reason, and not signed for since."""

    reason: str
    at: datetime
    names: list[str] = field(default_factory=list)


def opened_again(ctx: Context, demand: Demand) -> list[OpenedAgain]:
    """The open files that were opened again after they were signed for, newest first."""
    rows = ctx.session.scalars(
        select(LogEntry)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == "file.reopened")
        .order_by(LogEntry.seq.desc())
        .limit(READ)
    ).all()
    told = [(entry, decode(entry.body)) for entry in rows if entry.body is not None]
    files = _open_files(ctx, demand, [body["fileId"] for _, body in told])
    found: dict[str, OpenedAgain] = {}
    for entry, body in told:
        name, signed = files.get(body["fileId"], ("", entry.seq))
        if entry.seq > signed:
            del files[body["fileId"]]
            again = OpenedAgain(body["reason"], entry.at)
            found.setdefault(body["reason"], again).names.append(name)
    return list(found.values())


def _open_files(ctx: Context, demand: Demand, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Of these files those that are open: the name, and the leaf of the last attestation."""
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.name, Attestation.seq)
        .join(Attestation, Attestation.hash == NamedFile.last_attestation)
        .where(
            NamedFile.demand_id == demand.id, NamedFile.id.in_(set(ids)), NamedFile.state == "open"
        )
    )
    return {file_id: (name, seq) for file_id, name, seq in rows}


def never_received(ctx: Context, demand: Demand) -> list[NotReceived]:
    """The newest claim about each open file, ruled on or not."""
    found: dict[str, NotReceived] = {}
    for row in not_received.claims(ctx, demand.id):
        if row.file.state in TO_ANSWER:
            found.setdefault(row.file_id, row)
    return sorted(found.values(), key=lambda row: row.file.position)
