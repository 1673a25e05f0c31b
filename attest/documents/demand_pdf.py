"""The signed demand as a PDF, for the contractor to read, print and check by telephone."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attest.documents import parts
from attest.documents.parts import AmendedPart, CheckpointText, FilePart, Party, Signer, StorePart
from attest.documents.rendering import render
from attest.domain import wording


@dataclass(frozen=True, slots=True)
class IncidentPart:
    """What the controller recorded about the incident. None of it is signed."""

    title: str
    what_happened: str | None = None
    occurred_on: date | None = None
    noticed_at: datetime | None = None
    people_affected: int | None = None
    data_affected: str | None = None
    agreements: str | None = None


@dataclass(frozen=True, slots=True)
class DemandData:
    """Everything that the paper says.

    `contact_point` names the controller whom the people affected ask, where there are several
    (UK GDPR, Article 26(1)). `declaration` is the text that was signed, verbatim. `statement` is
    the statement's hash, 64 hex digits.
    """

    reference: str
    demand_id: str
    parties: tuple[Party, ...]
    action: str
    basis: str
    instruction: str
    due_on: date
    issued_at: datetime
    signed_by: Signer
    declaration: str
    statement: str
    checkpoint: CheckpointText
    files: tuple[FilePart, ...]
    stores: tuple[StorePart, ...]
    incident: IncidentPart | None = None
    amended: tuple[AmendedPart, ...] = ()
    contact_point: str | None = None


def make_demand(data: DemandData, *, fonts: Path | None = None) -> bytes:
    """The demand as a PDF. The same data and fonts give the same bytes."""
    return render("demand.typ", _told(data), at=data.checkpoint.at, fonts=fonts)


def _told(data: DemandData) -> dict[str, Any]:
    lead = next(party.name for party in data.parties if party.role == "lead")
    contractor = next(party.name for party in data.parties if party.role == "contractor")
    bundle = f"{data.reference}-bundle.zip"
    return {
        "title": f"Deletion demand {data.reference}",
        "author": lead,
        "description": f"What {lead} demands of {contractor}, as it was signed.",
        "footer": f"{data.reference} · deletion demand",
        "summary": f"{lead} demands of {contractor} that it {wording.ACTIONS[data.action]} of "
        f"{wording.count(len(data.files), 'named file')} by {wording.day(data.due_on)}.",
        "lead": lead,
        "reference": data.reference,
        "bundle": bundle,
        "command": f"attest verify {bundle} --trust trust.json",
        "action": wording.capital(wording.ACTIONS[data.action]),
        "due": wording.day(data.due_on),
        "parties": parts.parties(data.parties),
        "contact-point": data.contact_point or "",
        "basis": data.basis,
        "instruction": data.instruction,
        "issued": wording.moment_utc(data.issued_at),
        "signer": parts.signer(data.signed_by),
        "amended": [parts.amended(part) for part in data.amended],
        "incident": _incident(data.incident) if data.incident else [],
        "declaration": data.declaration.split("\n"),
        "statement": data.statement,
        "files-heading": wording.capital(wording.count(len(data.files), "named file")),
        "files": [
            told | {"description": file.description or ""}
            for told, file in zip(parts.files(data.files), data.files, strict=True)
        ],
        "stores-heading": f"{wording.capital(wording.count(len(data.stores), 'store'))} to search",
        "stores-note": "Each store needs an answer for each file. Where there are other places "
        "that may hold a copy, name them: only the contractor can know.",
        "stores": parts.stores(data.stores),
        "checkpoint": parts.checkpoint(data.checkpoint),
    }


def _incident(incident: IncidentPart) -> list[tuple[str, str]]:
    """The rows that have something to say."""
    told = (
        ("Incident", incident.title),
        ("What happened", incident.what_happened),
        ("When", wording.day(incident.occurred_on) if incident.occurred_on else None),
        ("Noticed", wording.moment_utc(incident.noticed_at) if incident.noticed_at else None),
        (
            "People affected",
            None if incident.people_affected is None else wording.number(incident.people_affected),
        ),
        ("Data affected", incident.data_affected),
        ("Agreements", incident.agreements),
    )
    return [(name, value) for name, value in told if value]
