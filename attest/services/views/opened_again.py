"""Why files lie open with the officer: opened again, and why; never received, and the ruling."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from attest.database.tables import Attestation, Demand, LogEntry, NamedFile, NotReceived
from attest.domain.file_states import TO_ANSWER
from attest.services.acts import not_received
from attest.services.context import Context
from attest.statements.canonical import decode


@dataclass(frozen=True)
class OpenedAgain:
    """Files that were opened again for one reason. `by`: the person or service, and for whom.

    `seq`: the leaf of the newest such event.
    """

    reason: str
    by: str
    at: datetime
    seq: int
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """The leaves between two attestations of a file. `until` None: up to now."""

    file_id: str
    after: int
    until: int | None = None

    def holds(self, seq: int) -> bool:
        """Whether a leaf lies between them."""
        return self.after < seq and (self.until is None or seq < self.until)


def opened_again(
    ctx: Context, demand: Demand, only: Collection[str] | None = None
) -> list[OpenedAgain]:
    """The open files that were opened again after they were signed for, newest first.

    `only`: of these files alone.
    """
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.name, Attestation.seq)
        .join(Attestation, Attestation.hash == NamedFile.last_attestation)
        .where(NamedFile.demand_id == demand.id, NamedFile.state == "open")
        .order_by(NamedFile.position)
    ).all()
    spans = {
        file_id: Span(file_id, seq) for file_id, _, seq in rows if only is None or file_id in only
    }
    told = within(ctx, demand, spans)
    return by_reason((name, told[file_id]) for file_id, name, _ in rows if file_id in told)


def of_file(ctx: Context, file: NamedFile) -> OpenedAgain | None:
    """The same of one file; None where it is not open, or was never signed for."""
    demand = ctx.session.get_one(Demand, file.demand_id)
    signed = ctx.session.scalar(
        select(Attestation.seq).where(
            Attestation.hash == file.last_attestation, Attestation.demand_id == demand.id
        )
    )
    if file.state != "open" or signed is None:
        return None
    return within(ctx, demand, {file.id: Span(file.id, signed)}).get(file.id)


def of_attestations(ctx: Context, rows: Sequence[Attestation]) -> dict[str, OpenedAgain]:
    """Why attestations were made anew, by their hash. `rows`: all of one file."""
    seqs = {row.hash: row.seq for row in rows}
    spans = {
        row.hash: Span(row.file_id, seqs[row.supersedes], row.seq)
        for row in rows
        if row.supersedes in seqs
    }
    return within(ctx, ctx.session.get_one(Demand, rows[0].demand_id), spans) if spans else {}


def within(ctx: Context, demand: Demand, spans: Mapping[str, Span]) -> dict[str, OpenedAgain]:
    """The newest event in each of these spans that opened its file again; the keys are theirs."""
    if not spans:
        return {}
    left: dict[str, dict[str, Span]] = {}
    for key, span in spans.items():
        left.setdefault(span.file_id, {})[key] = span
    rows = ctx.session.execute(
        select(LogEntry.seq, LogEntry.at, LogEntry.body)
        .where(
            LogEntry.demand_id == demand.id,
            LogEntry.type == "file.reopened",
            LogEntry.seq > min(span.after for span in spans.values()),
        )
        .order_by(LogEntry.seq.desc())
    )
    found: dict[str, OpenedAgain] = {}
    for seq, at, body in rows:
        if body is None:
            continue
        said = decode(body)
        mine = left.get(said["fileId"], {})
        for key in [key for key, span in mine.items() if span.holds(seq)]:
            del mine[key]
            found[key] = OpenedAgain(said["reason"], _by(said["by"]), at, seq)
    return found


def by_reason(told: Iterable[tuple[str, OpenedAgain]]) -> list[OpenedAgain]:
    """Each reason once, with the names of its files, the newest first."""
    found: dict[str, OpenedAgain] = {}
    for name, why in sorted(told, key=lambda each: -each[1].seq):
        found.setdefault(why.reason, replace(why, names=[])).names.append(name)
    return list(found.values())


def _by(person: Mapping[str, Any]) -> str:
    return f"{person['name']}, {person['organisation']}"


def never_received(ctx: Context, demand: Demand) -> list[NotReceived]:
    """The newest claim about each open file, ruled on or not."""
    found: dict[str, NotReceived] = {}
    for row in not_received.claims(ctx, demand.id):
        if row.file.state in TO_ANSWER:
            found.setdefault(row.file_id, row)
    return sorted(found.values(), key=lambda row: row.file.position)
