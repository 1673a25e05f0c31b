"""`attest check`: rebuild every log from its rows, and compare all that was derived from it.

Whatever crashed, this must hold: a log's entries give its head, the judge gives every state and
count that pages show, and timestamps are over this log's own prefixes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from attest.bundle.judge import Failure, Judge
from attest.database import log_rows, stamps
from attest.database.tables import (
    Attestation,
    Demand,
    EvidenceFile,
    KeyInLog,
    LogEntry,
    NamedFile,
    Store,
)
from attest.domain import demand_states
from attest.log import checkpoint as notes
from attest.log.merkle import Frontier, leaf_hash
from attest.services.context import Context
from attest.services.log import aggregates
from attest.services.upkeep import evidence_strays, far_ahead
from attest.services.upkeep.extension_checks import check_extensions
from attest.services.upkeep.findings import Finding
from attest.services.upkeep.passed_on_checks import check_passed_on
from attest.services.upkeep.stamping import trusted_roots
from attest.services.upkeep.terms_checks import check_terms
from attest.services.upkeep.withholding import erased_types
from attest.statements.canonical import FormatError
from attest.timestamps.answers import Roots, check_kept
from attest.timestamps.failure import StampingFailed

__all__ = ["Finding", "check", "check_demand"]


def check(ctx: Context, *, hashes: bool = True) -> Iterator[Finding]:
    """Checks every demand, one after the other, then what waits for too long and the evidence
    files; gives what does not hold.

    Without `hashes`, evidence files are looked at, and not read. Raises SettingsError where the
    roots of timestamps cannot be read.
    """
    roots = trusted_roots(ctx.settings)
    for demand_id in ctx.session.scalars(select(Demand.id).order_by(Demand.reference)).all():
        demand = ctx.session.get(Demand, demand_id)
        if demand is not None:
            yield from check_demand(ctx, demand, roots)
        ctx.session.expunge_all()
    yield from far_ahead.check(ctx)
    yield from evidence_strays.check_store(ctx, hashes=hashes)


def check_demand(ctx: Context, demand: Demand, roots: Roots | None = None) -> Iterator[Finding]:
    """Checks one demand: log against head, then rows against log.

    Without `roots`, of timestamps only what they are over is checked.
    """
    head = log_rows.read_head(ctx.session, demand.id)
    if demand.state == demand_states.DRAFT:
        if head is not None:
            yield Finding(demand.reference, "A draft has a log.")
        return
    if head is None:
        yield Finding(demand.reference, "It was issued, but has no log.")
        return
    origin = notes.origin(ctx.settings.instance_name, demand.id)
    judge = Judge(origin, demand.id, may_withhold=erased_types(ctx, demand))
    frontier = Frontier()
    for entry in log_rows.entries(ctx.session, demand.id):
        if entry.seq != frontier.size:
            yield Finding(demand.reference, f"Entry {frontier.size} is missing.")
            return
        if entry.body is not None and hashlib.sha256(entry.body).hexdigest() != entry.body_hash:
            yield Finding(demand.reference, f"The body of entry {entry.seq} was changed.")
            return
        if (entry.body is None) != (entry.erased_at is not None):
            yield Finding(demand.reference, _no_erasure(entry))
            return
        try:
            judge.admit(entry.leaf, entry.body)
        except (Failure, FormatError) as failure:
            yield Finding(demand.reference, f"The log does not stand: {failure}.")
            return
        frontier.append(leaf_hash(entry.leaf))
        ctx.session.expunge(entry)
    if (head.size, head.root) != (frontier.size, frontier.root):
        yield Finding(
            demand.reference,
            f"The head says {head.size} entries, and the entries give {frontier.size}, "
            "or another root.",
        )
        return
    if head.frontier != frontier.to_bytes():
        yield Finding(demand.reference, "The stored frontier is not the log's.")
    yield from _check_checkpoints(ctx, demand, judge, head.checkpoint)
    yield from _check_timestamps(ctx, demand, judge, roots)
    yield from _check_rows(ctx, demand, judge)


def _no_erasure(entry: LogEntry) -> str:
    if entry.body is None:
        return f"The body of entry {entry.seq} is missing, and nobody erased it."
    return f"The body of entry {entry.seq} was erased, and is there again."


def _check_checkpoints(
    ctx: Context, demand: Demand, judge: Judge, newest: str
) -> Iterator[Finding]:
    origin = notes.origin(ctx.settings.instance_name, demand.id)
    sent = [row.note for row in log_rows.sent_checkpoints(ctx.session, demand.id)]
    for note in [newest, *sent]:
        try:
            opened = notes.open_checkpoint(note, origin, ctx.log_key.public_key)
        except FormatError as error:
            yield Finding(demand.reference, f"A checkpoint does not open: {error}.")
            continue
        if opened.size > judge.size or opened.root != judge.root_at(opened.size):
            yield Finding(
                demand.reference, f"The checkpoint of size {opened.size} is not of this log."
            )


def _check_timestamps(
    ctx: Context, demand: Demand, judge: Judge, roots: Roots | None
) -> Iterator[Finding]:
    origin = notes.origin(ctx.settings.instance_name, demand.id)
    for row in stamps.timestamps(ctx.session, demand.id, judge.size):
        text = notes.checkpoint_text(origin, row.size, judge.root_at(row.size)).encode("utf-8")
        try:
            token = check_kept(row.token, text, roots)
        except StampingFailed as error:
            yield Finding(
                demand.reference,
                f"The timestamp of size {row.size} does not hold: the service {error}.",
            )
        else:
            if (token.gen_time, token.tsa) != (row.gen_time, row.tsa):
                yield Finding(
                    demand.reference, f"The row of the timestamp of size {row.size} was changed."
                )
        ctx.session.expunge(row)
    late = stamps.newest(ctx.session, demand.id)
    if late is not None and late.size > judge.size:
        yield Finding(
            demand.reference,
            f"There is a timestamp of size {late.size}, and the log has {judge.size} entries.",
        )


def _check_rows(ctx: Context, demand: Demand, judge: Judge) -> Iterator[Finding]:
    computed = aggregates.compute(ctx, demand, judge)
    for name, value in computed.counts.items():
        if getattr(demand, name) != value:
            yield Finding(
                demand.reference, f"{name} is {getattr(demand, name)}, and should be {value}."
            )
    if demand.open_due_on != computed.open_due_on:
        yield Finding(
            demand.reference,
            f"open_due_on is {demand.open_due_on}, and should be {computed.open_due_on}.",
        )
    if demand.state != computed.state:
        yield Finding(
            demand.reference, f"The state is {demand.state}, and should be {computed.state}."
        )
    files = {
        file_id: (state, last)
        for file_id, state, last in ctx.session.execute(
            select(NamedFile.id, NamedFile.state, NamedFile.last_attestation).where(
                NamedFile.demand_id == demand.id
            )
        )
    }
    if files != computed.files:
        yield Finding(demand.reference, "The files' rows do not say what the log says.")
    standing = set(
        ctx.session.scalars(select(Store.id).where(Store.demand_id == demand.id, Store.standing))
    )
    if standing != computed.standing_stores:
        yield Finding(demand.reference, "The stores' rows do not say what the log says.")
    enrolled = set(
        ctx.session.scalars(select(KeyInLog.keyid).where(KeyInLog.demand_id == demand.id))
    )
    if enrolled != {key.keyid for key in judge.keys}:
        yield Finding(demand.reference, "The rows do not name the keys that the log enrols.")
    rows = ctx.session.execute(
        select(Attestation.hash, Attestation.state).where(Attestation.demand_id == demand.id)
    )
    attested: dict[str, str] = {row[0]: row[1] for row in rows}
    if attested != computed.attestations:
        yield Finding(demand.reference, "The attestations' rows do not say what the log says.")
    evidence = set(
        ctx.session.scalars(select(EvidenceFile.digest).where(EvidenceFile.demand_id == demand.id))
    )
    in_log = judge.state.evidence
    if evidence != {in_log[number].hex() for number in range(len(in_log))}:
        yield Finding(demand.reference, "The rows do not name the evidence that the log names.")
    yield from check_extensions(ctx, demand)
    yield from check_terms(ctx, demand)
    yield from check_passed_on(ctx, demand)
