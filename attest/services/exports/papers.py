"""The papers of a demand, from rows: certificate, signed demand, work sheet. No evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from attest.database import log_rows
from attest.database.tables import Attestation, Copy, Demand, LogEntry, NamedFile, SigningKey, Store
from attest.documents.certificate import (
    Attested,
    CertificateData,
    CertifiedFile,
    Onward,
    make_certificate,
)
from attest.documents.demand_pdf import DemandData, make_demand
from attest.documents.parts import (
    AmendedPart,
    CheckpointText,
    CopyPart,
    FilePart,
    Party,
    Signer,
    StorePart,
)
from attest.documents.worksheet import WorksheetData, make_worksheet
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.log import checkpoint as notes
from attest.services.context import Context
from attest.services.facts import contact_points
from attest.services.facts.paper_evidence import evidence_parts
from attest.services.log import standing_demand
from attest.services.views import amended, extension_view
from attest.signing import b64, fingerprint, keyid
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope, statement_hash


def certificate(ctx: Context, demand: Demand) -> bytes:
    """The certificate as a PDF: it follows from the newest checkpoint, byte for byte."""
    statement = _statement(ctx, demand, "demand.issued")
    if statement is None or demand.due_on is None or demand.issued_at is None:
        raise Refused("There is no certificate yet: the demand has not been issued.")
    # A closure that was followed by a reopening closes nothing any more.
    ended = demand.state in demand_states.ENDED
    closing = _statement(ctx, demand, "demand.closed") if ended else None
    stores = _stores(ctx, demand)
    copies = _signed_copies(ctx, demand)
    return make_certificate(
        CertificateData(
            reference=demand.reference,
            demand_id=demand.id,
            state=demand.state,
            parties=parties(demand),
            action=demand.action,
            basis=demand.basis or "",
            due_on=demand.due_on,
            issued_at=demand.issued_at,
            issued_by=signer(statement["signer"]),
            checkpoint=checkpoint(ctx, demand),
            files=tuple(_files(ctx, demand, stores, copies)),
            stores=tuple(store_part(store) for store in stores),
            closed_at=demand.closed_at if closing else None,
            closed_by=signer(closing["signer"]) if closing else None,
            closing_reason=closing.get("reason") if closing else None,
            amended=_amended(ctx, demand),
            signed_due_on=demand.signed_due_on,
            more_time=tuple(extension_view.decided_lines(ctx, demand)),
            evidence=evidence_parts(
                ctx, demand, (entry for stored in copies.values() for entry in stored.values())
            ),
        ),
        fonts=ctx.settings.fonts_path,
    )


def demand_paper(ctx: Context, demand: Demand) -> bytes:
    """The signed demand as a PDF, with the controllers' contact point. Raises Refused."""
    found = standing_demand.entry(ctx, demand)
    body = found.body if found else None
    if body is None or demand.due_on is None or demand.issued_at is None:
        raise Refused("There is no signed demand yet: it has not been issued.")
    payload = parse_envelope(body).payload
    said: dict[str, Any] = decode(payload)["predicate"]
    contact = contact_points.party(demand)
    return make_demand(
        DemandData(
            reference=demand.reference,
            demand_id=demand.id,
            parties=parties(demand),
            action=said["action"],
            basis=said["basis"],
            instruction=said["instruction"],
            due_on=_day(said["dueOn"]),
            issued_at=demand.issued_at,
            signed_by=signer(said["signer"]),
            declaration=said["declaration"]["text"],
            statement=statement_hash(payload),
            checkpoint=checkpoint(ctx, demand),
            files=_file_parts(ctx, demand),
            stores=tuple(store_part(store) for store in _stores(ctx, demand)),
            amended=_amended(ctx, demand),
            contact_point=contact.name if contact else None,
        ),
        fonts=ctx.settings.fonts_path,
    )


def worksheet(ctx: Context, demand: Demand) -> bytes:
    """The work sheet by store, over the stores and files of now. Raises Refused."""
    if demand.due_on is None or demand.issued_at is None:
        raise Refused("There is no work sheet yet: the demand has not been issued.")
    return make_worksheet(
        WorksheetData(
            reference=demand.reference,
            contractor=next(p.name for p in demand.parties if p.role == "contractor"),
            due_on=demand.due_on,
            stores=tuple(store_part(store) for store in _stores(ctx, demand)),
            files=_file_parts(ctx, demand),
            made_at=ctx.now,
        ),
        fonts=ctx.settings.fonts_path,
    )


def parties(demand: Demand) -> tuple[Party, ...]:
    """The parties as the papers name them."""
    return tuple(Party(party.name, party.role) for party in demand.parties)


def _amended(ctx: Context, demand: Demand) -> tuple[AmendedPart, ...]:
    return tuple(
        AmendedPart(each.at, signer(dict(each.signer)), tuple(each.lines))
        for each in reversed(amended.amendments_of(ctx, demand))
    )


def signer(said: dict[str, Any]) -> Signer:
    """A statement's signer as the papers name them."""
    return Signer(said["name"], said["role"], said["organisation"], fingerprint(str(said["keyid"])))


def store_part(store: Store) -> StorePart:
    """A store as the papers name it."""
    return StorePart(
        label=store.label,
        medium=store.medium,
        kind=store.kind,
        location=store.location,
        custodian=store.custodian,
        named_by=store.named_by_side,
    )


def file_part(file: NamedFile) -> FilePart:
    """A named file as the papers name it."""
    return FilePart(
        name=file.name,
        kind=file.kind,
        sha256=file.sha256,
        size=file.size,
        description=file.description,
        sent_on=file.sent_on,
    )


def checkpoint(ctx: Context, demand: Demand) -> CheckpointText:
    """The newest checkpoint, with the time of the last leaf under it. Raises Refused."""
    head = log_rows.read_head(ctx.session, demand.id)
    if head is None:
        raise Refused("There is no checkpoint yet: the demand has not been issued.")
    at: datetime = ctx.session.execute(
        select(LogEntry.at).where(LogEntry.demand_id == demand.id, LogEntry.seq == head.size - 1)
    ).scalar_one()
    return CheckpointText(
        origin=notes.origin(ctx.settings.instance_name, demand.id),
        size=head.size,
        root=b64(head.root),
        log_key=fingerprint(keyid(ctx.log_key.public_key)),
        at=at,
    )


def _stores(ctx: Context, demand: Demand) -> list[Store]:
    return list(
        ctx.session.scalars(
            select(Store)
            .where(Store.demand_id == demand.id, Store.standing)
            .order_by(Store.medium, Store.position)
        )
    )


def _file_parts(ctx: Context, demand: Demand) -> tuple[FilePart, ...]:
    return tuple(
        file_part(file)
        for file in ctx.session.scalars(
            select(NamedFile).where(NamedFile.demand_id == demand.id).order_by(NamedFile.position)
        )
    )


def _signed_copies(ctx: Context, demand: Demand) -> dict[str, dict[str, dict[str, Any]]]:
    """The entries of the attestations that stand, by file and store."""
    copies: dict[str, dict[str, dict[str, Any]]] = {}
    for file_id, store_id, entry in ctx.session.execute(
        select(Copy.file_id, Copy.store_id, Copy.signed).where(
            Copy.demand_id == demand.id, Copy.signed.is_not(None)
        )
    ):
        copies.setdefault(file_id, {})[store_id] = entry or {}
    return copies


def _files(
    ctx: Context,
    demand: Demand,
    stores: list[Store],
    copies: dict[str, dict[str, dict[str, Any]]],
) -> Iterator[CertifiedFile]:
    last = {
        row.file_id: (row, holder, body)
        for row, holder, body in ctx.session.execute(
            select(Attestation, SigningKey.holder, LogEntry.body)
            .join(NamedFile, NamedFile.last_attestation == Attestation.hash)
            .join(SigningKey, SigningKey.keyid == Attestation.keyid)
            .join(
                LogEntry,
                (LogEntry.demand_id == Attestation.demand_id) & (LogEntry.seq == Attestation.seq),
            )
            .where(Attestation.demand_id == demand.id)
        )
    }
    for file in ctx.session.scalars(
        select(NamedFile).where(NamedFile.demand_id == demand.id).order_by(NamedFile.position)
    ):
        answered = copies.get(file.id, {})
        attested: Attested | None = None
        onward: tuple[Onward, ...] = ()
        if file.id in last:
            row, holder, body = last[file.id]
            attested = Attested(
                by=holder["name"],
                role=holder["role"],
                organisation=holder["organisation"],
                at=row.stated_at,
                key=fingerprint(row.keyid),
            )
            said = decode(parse_envelope(body).payload)["predicate"]["onward"]
            onward = tuple(
                Onward(item["name"], item["what"], _day(item.get("on")))
                for item in said.get("recipients", [])
            )
        yield CertifiedFile(
            file=file_part(file),
            state=file.state,
            copies=tuple(
                CopyPart.from_entry(answered[store.id]) if answered.get(store.id) else CopyPart()
                for store in stores
            ),
            attested=attested,
            onward=onward,
        )


def _day(written: str | None) -> Any:
    return datetime.fromisoformat(written).date() if written else None


def _newest(ctx: Context, demand: Demand, kind: str) -> bytes | None:
    """The body of the newest leaf of a type, or None."""
    return ctx.session.scalar(
        select(LogEntry.body)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == kind)
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )


def _statement(ctx: Context, demand: Demand, kind: str) -> dict[str, Any] | None:
    """The predicate of the newest statement of a type, or None."""
    body = _newest(ctx, demand, kind)
    if body is None:
        return None
    predicate: dict[str, Any] = decode(parse_envelope(body).payload)["predicate"]
    return predicate
