"""What a demand's pages show: the matrix, one file, its stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from attest.database.tables import (
    Attestation,
    Copy,
    Demand,
    Disclosure,
    LogEntry,
    LogHead,
    NamedFile,
    Review,
    ReviewSubject,
    Store,
)
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import NotFound
from attest.services.acts.evidence_uses import OfFile, of_files, with_evidence
from attest.services.context import Context
from attest.services.facts.paging import Page, page_of
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope

FILES_A_PAGE = 50
# What the column holds: an address may say any number, and a database refuses larger ones.
LARGEST_PLACE = 2**31 - 1


@dataclass(frozen=True)
class Cell:
    """A copy in the matrix. `outcome` None: to be answered. `signed`: under a signature."""

    file_id: str
    store_id: str
    outcome: str | None
    signed: bool
    until: date | None = None
    entry: Mapping[str, Any] | None = None
    evidence: int = 0  # files attached now, signed for or not


@dataclass(frozen=True)
class Row:
    """A file with its copies, in the order of the stores."""

    file: NamedFile
    cells: Sequence[Cell]
    disclosed: bool | None = None


@dataclass(frozen=True)
class Matrix:
    """Files down, stores across: electronic ones first, then hard copy."""

    stores: Sequence[Store]
    rows: Page


@dataclass(frozen=True)
class AttestationView:
    """An attestation as a page shows it, with its reviews."""

    row: Attestation
    signer: Mapping[str, Any]
    text: str
    copies: Sequence[Mapping[str, Any]]
    onward: Mapping[str, Any]
    reviews: Sequence[Review] = field(default_factory=list)


def stores(ctx: Context, demand: Demand, *, standing: bool = True) -> list[Store]:
    """The demand's stores: electronic first, each medium in the order they were named."""
    query = select(Store).where(Store.demand_id == demand.id)
    if standing:
        query = query.where(Store.standing)
    return list(ctx.session.scalars(query.order_by(Store.medium, Store.position)))


def matrix(
    ctx: Context, demand: Demand, *, page: int = 1, only: str = "", working: bool = False
) -> Matrix:
    """The matrix, fifty files a page. `only`: a file's state.

    `working` shows the officer's answers as they stand, else what was signed, else whether
    something is recorded.
    """
    columns = stores(ctx, demand)
    query = select(NamedFile).where(NamedFile.demand_id == demand.id)
    if only:
        query = query.where(NamedFile.state == only)
    found = page_of(ctx, query.order_by(NamedFile.position), page, FILES_A_PAGE)
    ids = [file.id for file in found.items]
    copies = {
        (copy.file_id, copy.store_id): copy
        for copy in ctx.session.scalars(
            select(Copy).where(Copy.demand_id == demand.id, Copy.file_id.in_(ids))
        )
    }
    attached = of_files(ctx, demand, ids)
    told: dict[str, bool] = {
        file_id: bool(onward["disclosed"])
        for file_id, onward in ctx.session.execute(
            select(Disclosure.file_id, Disclosure.onward).where(Disclosure.file_id.in_(ids))
        )
    }
    rows = [
        Row(
            file,
            [
                _cell(file.id, store.id, copies.get((file.id, store.id)), working, attached)
                for store in columns
            ],
            told.get(file.id),
        )
        for file in found.items
    ]
    return Matrix(columns, Page(rows, found.number, found.pages, found.total))


def _cell(
    file_id: str,
    store_id: str,
    copy: Copy | None,
    working: bool,
    attached: Mapping[str, OfFile],
) -> Cell:
    evidence = len(attached[file_id].of_copy(store_id)) if file_id in attached else 0
    if copy is None:
        return Cell(file_id, store_id, None, signed=False, evidence=evidence)
    answer = None
    if copy.answer is not None:
        answer = with_evidence(copy.answer, attached, file_id, store_id)
    same = answer is not None and copy.signed == (answer | {"storeId": store_id})
    if copy.signed is not None and (not working or same):
        return Cell(file_id, store_id, copy.signed_outcome, True, copy.until, copy.signed, evidence)
    if answer is not None:
        until = answer.get("exception", {}).get("until")
        return Cell(
            file_id,
            store_id,
            answer["outcome"],
            False,
            date.fromisoformat(until) if until else None,
            answer,
            evidence,
        )
    return Cell(file_id, store_id, None, signed=False, evidence=evidence)


def open_copies(ctx: Context, demand: Demand) -> tuple[int, int]:
    """How many copies of open files are answered, and how many there are."""
    files = select(NamedFile.id).where(
        NamedFile.demand_id == demand.id, NamedFile.state.in_(TO_ANSWER)
    )
    answered = ctx.session.scalar(
        select(func.count())
        .select_from(Copy)
        .join(Store, Store.id == Copy.store_id)
        .where(
            Copy.demand_id == demand.id,
            Copy.answer.is_not(None),
            Store.standing,
            Copy.file_id.in_(files),
        )
    )
    return answered or 0, demand.files_open * demand.stores_total


def file_at(ctx: Context, demand: Demand, position: int) -> NamedFile:
    """The file at a place in the demand's list, from 1. Raises NotFound."""
    if position > LARGEST_PLACE:
        raise NotFound
    row = ctx.session.scalar(
        select(NamedFile).where(NamedFile.demand_id == demand.id, NamedFile.position == position)
    )
    if row is None:
        raise NotFound
    return row


def copies_of(ctx: Context, demand: Demand, file_id: str) -> list[Cell]:
    """One file's copies, a cell for each store that stands, in the order of the matrix."""
    rows = ctx.session.scalars(
        select(Copy).where(Copy.demand_id == demand.id, Copy.file_id == file_id)
    )
    copies = {copy.store_id: copy for copy in rows}
    attached = of_files(ctx, demand, [file_id])
    return [
        _cell(file_id, store.id, copies.get(store.id), False, attached)
        for store in stores(ctx, demand)
    ]


def file_names(ctx: Context, demand: Demand, file_ids: Collection[str]) -> dict[str, str]:
    """The names of some files by their identifiers."""
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.name).where(
            NamedFile.demand_id == demand.id, NamedFile.id.in_(list(file_ids))
        )
    )
    return {row[0]: row[1] for row in rows}


def attestations(
    ctx: Context, demand: Demand, file_ids: Sequence[str], *, last: bool = False
) -> list[AttestationView]:
    """The attestations of these files, newest first; `last`: only each file's last one."""
    query = (
        select(Attestation, LogEntry.body)
        .join(
            LogEntry,
            (LogEntry.demand_id == Attestation.demand_id) & (LogEntry.seq == Attestation.seq),
        )
        .where(Attestation.demand_id == demand.id, Attestation.file_id.in_(list(file_ids)))
        .order_by(Attestation.seq.desc())
    )
    if last:
        query = query.join(NamedFile, NamedFile.last_attestation == Attestation.hash)
    found = ctx.session.execute(query).all()
    reviews: dict[str, list[Review]] = {}
    for review, of in ctx.session.execute(
        select(Review, ReviewSubject.attestation_hash)
        .join(ReviewSubject, ReviewSubject.review_hash == Review.hash)
        .where(ReviewSubject.attestation_hash.in_([row.hash for row, _ in found]))
        .order_by(Review.seq)
    ):
        reviews.setdefault(of, []).append(review)
    views = []
    for row, body in found:
        if body is None:  # never erased: the verifier's step 5 forbids it
            continue
        predicate = decode(parse_envelope(body).payload)["predicate"]
        views.append(
            AttestationView(
                row,
                predicate["signer"],
                predicate["declaration"]["text"],
                predicate["copies"],
                predicate["onward"],
                reviews.get(row.hash, []),
            )
        )
    return views


def newest_checkpoint(ctx: Context, demand: Demand) -> LogHead | None:
    """The log's head, or None before the demand is issued."""
    return ctx.session.get(LogHead, demand.id)
