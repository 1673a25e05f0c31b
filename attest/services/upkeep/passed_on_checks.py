"""What `attest check` asks of recipients: their rows are what the attestations say, and since when.

A file's rows come from its last attestation. What it says again, that no person opened the file
for, was said before (services/facts/recipients.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from attest.database.tables import Attestation, Demand, LogEntry, PassedOn
from attest.domain import lineage
from attest.services.acts.reopening import WORKER
from attest.services.context import Context
from attest.services.facts import recipients
from attest.services.upkeep.findings import Finding
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope

ATTESTED, REOPENED = "attestation.signed", "file.reopened"
# Of one file: by store (None: its disclosure) and name, since when, and whether it is asked anew.
Said = dict[tuple[str | None, str], tuple[datetime, bool]]


def check_passed_on(ctx: Context, demand: Demand) -> Iterator[Finding]:
    """Gives what does not hold, of one issued demand."""
    expected = {
        (file_id, *where): told
        for file_id, said in _said(ctx, demand).items()
        for where, told in said.items()
    }
    kept = {
        (row.file_id, row.store_id, row.key): (row.since, row.opened_again)
        for row in ctx.session.scalars(select(PassedOn).where(PassedOn.demand_id == demand.id))
    }
    if kept != expected:
        yield Finding(
            demand.reference,
            "The rows of those to whom copies were passed on do not say what the log says.",
        )
    if expected and not demand.has_passed_on:
        yield Finding(
            demand.reference, "Copies were passed on, and the demand's row does not say so."
        )


def _said(ctx: Context, demand: Demand) -> dict[str, Said]:
    """What the log says of each file, entry by entry."""
    parties = {lineage.key(party.name) for party in demand.parties}
    files: dict[str, Said] = {}
    entries = ctx.session.execute(
        select(LogEntry.body, Attestation.stated_at)
        .outerjoin(
            Attestation,
            and_(
                Attestation.demand_id == LogEntry.demand_id,
                Attestation.seq == LogEntry.seq,
            ),
        )
        .where(
            LogEntry.demand_id == demand.id,
            LogEntry.type.in_((ATTESTED, REOPENED)),
        )
        .order_by(LogEntry.seq)
        .execution_options(yield_per=500)
    )
    for body, stated_at in entries:
        if body is None:
            continue
        if stated_at is None:
            _reopened(files, decode(body))
        else:
            predicate = decode(parse_envelope(body).payload)["predicate"]
            before = files.get(predicate["fileId"], {})
            files[predicate["fileId"]] = _attested(predicate, stated_at, before, parties)
    return files


def _attested(
    predicate: Mapping[str, Any], stated_at: datetime, before: Said, parties: set[str]
) -> Said:
    said: Said = {}
    for name, store_id in recipients.named(predicate["copies"], predicate["onward"], parties):
        where = (store_id, lineage.key(name))
        since, opened_again = before.get(where, (stated_at, False))
        said[where] = (stated_at if opened_again else since, False)
    return said


def _reopened(files: dict[str, Said], told: Mapping[str, Any]) -> None:
    # The rows of an attestation that is missing are another check's.
    by = told.get("by", {})
    if (by.get("name"), by.get("role")) == (WORKER["name"], WORKER["role"]):
        return
    said = files.get(told.get("fileId", ""), {})
    for where, (since, _) in said.items():
        said[where] = (since, True)
