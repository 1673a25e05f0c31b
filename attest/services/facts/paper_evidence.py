"""A demand's evidence files for its certificate: what the log says of each, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, EvidenceFile
from attest.documents.evidence_table import EvidencePart
from attest.services.context import Context


def evidence_parts(
    ctx: Context, demand: Demand, signed: Iterable[Mapping[str, Any]]
) -> tuple[EvidencePart, ...]:
    """Every `evidence.added` in the order of the log, then what only `signed` still names.

    `signed` holds the entries of the attestations that stand (docs/formats.md §3, "Copies"). They
    keep the name and the SHA-256 of a file whose event was erased after its time.
    """
    rows = ctx.session.execute(
        select(
            EvidenceFile.name,
            EvidenceFile.digest,
            EvidenceFile.media_type,
            EvidenceFile.size,
            EvidenceFile.organisation,
            EvidenceFile.added_at,
        )
        .where(EvidenceFile.demand_id == demand.id)
        .order_by(EvidenceFile.added_at, EvidenceFile.digest)
    )
    found = {
        digest: EvidencePart(name, digest, media_type, size, organisation, at)
        for name, digest, media_type, size, organisation, at in rows
    }
    erased = {
        item["digest"]["sha256"]: item["name"]
        for entry in signed
        for item in entry.get("evidence", ())
        if item["digest"]["sha256"] not in found
    }
    return (
        *found.values(),
        *(EvidencePart(name, digest) for digest, name in sorted(erased.items())),
    )
