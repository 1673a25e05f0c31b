"""Evidence files as pages and bundles read them: what there is, who added it, where it is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy import String, cast, func, null, select, union_all

from attest.attachments.opening import store_of
from attest.attachments.store import StoreFailed
from attest.bundle.zip_writer import Content
from attest.database.tables import (
    Demand,
    EvidenceFile,
    EvidenceOfCopy,
    EvidenceOfFile,
    NamedFile,
    Person,
    Store,
)
from attest.domain.file_states import TO_ANSWER
from attest.domain.media_types import in_words
from attest.domain.refusal import NotFound, Refused
from attest.services.context import Context
from attest.services.facts.paging import Page, page_of

FILES_A_PAGE = 50
PLACES_SHOWN = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Use:
    """What an evidence file is attached to: a copy, or all copies of a file (`store` None)."""

    file: str
    position: int
    store: str | None
    signed: bool  # for the file as it stands now


@dataclass
class EvidenceView:
    """One evidence file in a list. `uses` holds the first few of `uses_total`."""

    row: EvidenceFile
    by: str
    kind: str
    picture: bool
    uses: list[Use] = field(default_factory=list)
    uses_total: int = 0


@dataclass(frozen=True)
class Totals:
    """A demand's evidence files together; `octets` in bytes."""

    number: int
    octets: int


def listed(ctx: Context, demand: Demand, page: int = 1) -> Page:
    """The demand's evidence files, newest first, fifty a page: items are EvidenceView."""
    found = page_of(
        ctx,
        select(EvidenceFile)
        .where(EvidenceFile.demand_id == demand.id)
        .order_by(EvidenceFile.added_at.desc(), EvidenceFile.digest),
        page,
        FILES_A_PAGE,
    )
    views = view(ctx, demand, found.items)
    _add_uses(ctx, demand, views)
    return Page(views, found.number, found.pages, found.total)


def view(ctx: Context, demand: Demand, rows: Sequence[EvidenceFile]) -> list[EvidenceView]:
    """These rows, in their order, as lists show them; where they are used is left out."""
    names: dict[str, str] = dict(
        ctx.session.execute(
            select(Person.id, Person.name).where(Person.id.in_({row.added_by_id for row in rows}))
        ).all()
    )
    pictures = set(
        ctx.session.scalars(
            select(EvidenceFile.digest).where(
                EvidenceFile.demand_id == demand.id,
                EvidenceFile.digest.in_([row.digest for row in rows]),
                EvidenceFile.thumbnail.is_not(None),
            )
        )
    )
    return [
        EvidenceView(
            row,
            f"{names[row.added_by_id]}, {row.organisation}",
            in_words(row.media_type),
            row.digest in pictures,
        )
        for row in rows
    ]


def of_digests(ctx: Context, demand: Demand, digests: Sequence[str]) -> dict[str, EvidenceView]:
    """The evidence files that statements name, by SHA-256; those that were erased are missing."""
    ordered = list(dict.fromkeys(digests))
    found: dict[str, EvidenceView] = {}
    for start in range(0, len(ordered), 500):
        rows = ctx.session.scalars(
            select(EvidenceFile).where(
                EvidenceFile.demand_id == demand.id,
                EvidenceFile.digest.in_(ordered[start : start + 500]),
            )
        ).all()
        found |= {each.row.digest: each for each in view(ctx, demand, rows)}
    return found


def totals(ctx: Context, demand: Demand) -> Totals:
    """How many evidence files the demand has, and how large they are together."""
    number, octets = ctx.session.execute(
        select(func.count(), func.coalesce(func.sum(EvidenceFile.size), 0)).where(
            EvidenceFile.demand_id == demand.id
        )
    ).one()
    return Totals(number, int(octets))


def one(ctx: Context, demand: Demand, digest: str) -> EvidenceFile:
    """One evidence file of the demand. Raises NotFound."""
    row = ctx.session.get(EvidenceFile, (demand.id, digest))
    if row is None:
        raise NotFound
    return row


def pieces_of(ctx: Context, row: EvidenceFile) -> Iterator[bytes]:
    """Its bytes, opened at once. Raises Refused where they are not to be had."""
    try:
        return store_of(ctx.settings).read(row.digest)
    except StoreFailed as error:
        _log.error("evidence_file_unreadable", digest=row.digest, why=str(error))
        raise Refused(
            f"“{row.name}” cannot be read where it is kept. Tell whoever runs this "
            "installation: `attest check` says what is wrong."
        ) from error


def attachments(ctx: Context, demand: Demand) -> dict[str, Content]:
    """The demand's evidence files for its bundle, by SHA-256.

    One that is missing where it is kept is left out: the formats allow it, and everything else
    can still be taken home. Raises Refused where the storage doesn't answer.
    """
    store = store_of(ctx.settings)
    found: dict[str, Content] = {}
    rows = ctx.session.execute(
        select(EvidenceFile.digest, EvidenceFile.size, EvidenceFile.crc32).where(
            EvidenceFile.demand_id == demand.id
        )
    )
    for digest, size, crc in rows:
        try:
            kept = store.find(digest)
        except StoreFailed as error:
            _log.error("evidence_files_unreadable", why=str(error))
            raise Refused(
                "The evidence files cannot be read where they are kept. Try again later, or "
                "download the bundle without them."
            ) from error
        if kept is None or kept.size != size:
            _log.error("evidence_file_missing", demand=demand.reference, digest=digest)
            continue
        found[digest] = Content(size, crc, partial(store.read, digest))
    return found


def _add_uses(ctx: Context, demand: Demand, views: Sequence[EvidenceView]) -> None:
    """What each is attached to: the first few places, and how many there are."""
    by_digest = {each.row.digest: each for each in views}
    wanted = list(by_digest)
    places = union_all(
        select(
            EvidenceOfFile.digest,
            EvidenceOfFile.file_id,
            cast(null(), String(36)).label("store_id"),
        ).where(EvidenceOfFile.demand_id == demand.id, EvidenceOfFile.digest.in_(wanted)),
        select(EvidenceOfCopy.digest, EvidenceOfCopy.file_id, EvidenceOfCopy.store_id).where(
            EvidenceOfCopy.demand_id == demand.id, EvidenceOfCopy.digest.in_(wanted)
        ),
    ).subquery()
    ranked = (
        select(
            places.c.digest,
            NamedFile.name,
            NamedFile.position,
            NamedFile.state,
            Store.label,
            func.row_number()
            .over(
                partition_by=places.c.digest,
                order_by=(NamedFile.position, Store.medium, Store.position),
            )
            .label("place"),
            func.count().over(partition_by=places.c.digest).label("number"),
        )
        .join(NamedFile, NamedFile.id == places.c.file_id)
        .outerjoin(Store, Store.id == places.c.store_id)
        .subquery()
    )
    rows = ctx.session.execute(
        select(ranked).where(ranked.c.place <= PLACES_SHOWN).order_by(ranked.c.place)
    )
    for digest, name, position, state, label, _, number in rows:
        told = by_digest[digest]
        told.uses.append(Use(name, position, label, state not in TO_ANSWER))
        told.uses_total = number
