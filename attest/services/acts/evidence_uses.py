"""What evidence files are attached to: a copy, or all copies of a file.

What is attached goes into the statement that the officer signs, by name and SHA-256
(docs/formats.md §3, "Copies"). So only the contractor's assurance officer attaches and detaches,
and only while the file waits for an attestation. The event in the log stays in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from attest.database.tables import Demand, EvidenceFile, EvidenceOfCopy, EvidenceOfFile
from attest.domain.evidence_files import check_number
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.access import CONTRACTOR, Seat
from attest.services.acts.acknowledging import live
from attest.services.acts.answers import MAX_CELLS, Cell, check_cells, check_files
from attest.services.context import Context
from attest.services.facts import changed_files

# A statement takes only so many bound values.
AT_ONCE = 500
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Places:
    """Copies, and files with all their copies. Neither: the demand as a whole."""

    cells: Sequence[Cell] = ()
    file_ids: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Is there any place but the demand itself?"""
        return bool(self.cells or self.file_ids)


NOWHERE = Places()


@dataclass
class OfFile:
    """The evidence of one file: of all its copies, and of single ones by store."""

    every: list[EvidenceFile] = field(default_factory=list)
    by_store: dict[str, list[EvidenceFile]] = field(default_factory=dict)

    def of_copy(self, store_id: str) -> list[EvidenceFile]:
        """What is attached to one copy, oldest first, once each."""
        found = {row.digest: row for row in (*self.every, *self.by_store.get(store_id, ()))}
        return sorted(found.values(), key=lambda row: (row.added_at, row.digest))

    def all(self) -> list[EvidenceFile]:
        """Everything that is attached to the file or to a copy of it, oldest first."""
        rows = [*self.every, *(row for many in self.by_store.values() for row in many)]
        found = {row.digest: row for row in rows}
        return sorted(found.values(), key=lambda row: (row.added_at, row.digest))


def may_attach(seat: Seat) -> bool:
    """Whether somebody answers for copies, and so may say what shows it."""
    return seat.side == CONTRACTOR and "officer" in seat.duties


def attach(ctx: Context, seat: Seat, digests: Sequence[str], places: Places) -> None:
    """Attaches evidence files of this demand to copies and files; twice changes nothing.

    Raises Refused, NotAllowed, NotFound and Stale.
    """
    if not places:
        return
    _check(ctx, seat, digests, places)
    cells = list(dict.fromkeys(places.cells))
    file_ids = list(dict.fromkeys(places.file_ids))
    if len(digests) * (len(cells) + len(file_ids)) > MOST_ROWS:
        raise Refused("That is too many at once. Choose fewer copies, or attach fewer files.")
    one = {"demand_id": seat.demand.id}
    new = _insert(
        ctx,
        EvidenceOfCopy,
        [
            one | {"digest": digest, "file_id": file_id, "store_id": store_id}
            for digest in digests
            for file_id, store_id in cells
        ],
    )
    new |= _insert(
        ctx,
        EvidenceOfFile,
        [
            one | {"digest": digest, "file_id": file_id}
            for digest in digests
            for file_id in file_ids
        ],
    )
    _check_number(ctx, seat.demand, {file_id for file_id, _ in cells} | set(file_ids))
    changed_files.note(ctx, seat.demand, new)


def detach(ctx: Context, seat: Seat, digest: str, places: Places) -> None:
    """Takes an evidence file off copies and files that nobody has signed for yet.

    It stays in the log, in the list and in the bundle. Raises as `attach` does.
    """
    if not places:
        raise Refused("Say what it is to be taken off.")
    _check(ctx, seat, [digest], places)
    one = (EvidenceOfCopy.demand_id == seat.demand.id, EvidenceOfCopy.digest == digest)
    cells = list(places.cells)
    gone: set[str] = set()
    for start in range(0, len(cells), AT_ONCE):
        chosen = tuple_(EvidenceOfCopy.file_id, EvidenceOfCopy.store_id)
        gone |= set(
            ctx.session.scalars(
                delete(EvidenceOfCopy)
                .where(*one, chosen.in_(cells[start : start + AT_ONCE]))
                .returning(EvidenceOfCopy.file_id)
            )
        )
    for chunk in _chunks(places.file_ids):
        gone |= set(
            ctx.session.scalars(
                delete(EvidenceOfFile)
                .where(
                    EvidenceOfFile.demand_id == seat.demand.id,
                    EvidenceOfFile.digest == digest,
                    EvidenceOfFile.file_id.in_(chunk),
                )
                .returning(EvidenceOfFile.file_id)
            )
        )
    changed_files.note(ctx, seat.demand, gone)
    ctx.session.flush()


def of_files(ctx: Context, demand: Demand, file_ids: Iterable[str]) -> dict[str, OfFile]:
    """The evidence that is attached to these files and their copies; files without any miss."""
    found: dict[str, OfFile] = {}
    same = (EvidenceFile.demand_id == demand.id,)
    for chunk in _chunks(list(file_ids)):
        for file_id, row in ctx.session.execute(
            select(EvidenceOfFile.file_id, EvidenceFile)
            .join(EvidenceFile, _joined(EvidenceOfFile))
            .where(*same, EvidenceOfFile.file_id.in_(chunk))
        ):
            found.setdefault(file_id, OfFile()).every.append(row)
        for file_id, store_id, row in ctx.session.execute(
            select(EvidenceOfCopy.file_id, EvidenceOfCopy.store_id, EvidenceFile)
            .join(EvidenceFile, _joined(EvidenceOfCopy))
            .where(*same, EvidenceOfCopy.file_id.in_(chunk))
        ):
            found.setdefault(file_id, OfFile()).by_store.setdefault(store_id, []).append(row)
    return found


def with_evidence(
    entry: Mapping[str, Any], attached: Mapping[str, OfFile], file_id: str, store_id: str
) -> dict[str, Any]:
    """An officer's answer, with the evidence that is attached to its copy."""
    rows = attached[file_id].of_copy(store_id) if file_id in attached else []
    if not rows:
        return dict(entry)
    named = [{"name": row.name, "digest": {"sha256": row.digest}} for row in rows]
    return dict(entry) | {"evidence": named}


def check_places(ctx: Context, seat: Seat, places: Places) -> None:
    """Whether this person may attach anything there now. Raises as `attach` does."""
    live(seat)
    if not may_attach(seat):
        raise NotAllowed(
            "Only the contractor’s assurance officer attaches evidence to a copy, because it "
            "goes into what the officer signs. Add it to the demand instead."
        )
    if len(places.cells) > MAX_CELLS or len(places.file_ids) > MAX_CELLS:
        raise Refused(f"Choose at most {MAX_CELLS:,} copies at once.", field="cell")
    if places.cells:
        check_cells(ctx, seat, list(places.cells))
    if places.file_ids:
        check_files(ctx, seat, set(places.file_ids))


def _check(ctx: Context, seat: Seat, digests: Sequence[str], places: Places) -> None:
    check_places(ctx, seat, places)
    if not digests:
        raise Refused("Choose at least one evidence file.", field="digest")
    for chunk in _chunks(digests):
        there = ctx.session.scalar(
            select(func.count())
            .select_from(EvidenceFile)
            .where(EvidenceFile.demand_id == seat.demand.id, EvidenceFile.digest.in_(chunk))
        )
        if there != len(set(chunk)):
            raise NotFound


def _check_number(ctx: Context, demand: Demand, file_ids: Iterable[str]) -> None:
    """No copy has more than a statement can list. Raises Refused."""
    for attached in of_files(ctx, demand, file_ids).values():
        stores = attached.by_store or {"": []}
        check_number(max(len(attached.of_copy(store_id)) for store_id in stores))


def _insert(ctx: Context, table: Any, rows: Sequence[dict[str, str]]) -> set[str]:
    """Adds what is not there yet; gives the files that it is about."""
    new: set[str] = set()
    insert = sqlite_insert if ctx.session.get_bind().dialect.name == "sqlite" else pg_insert
    for start in range(0, len(rows), AT_ONCE):
        statement = insert(table).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing()
        new |= set(ctx.session.scalars(statement.returning(table.file_id)))
    ctx.session.flush()
    return new


def _joined(table: Any) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (EvidenceFile.demand_id == table.demand_id) & (
        EvidenceFile.digest == table.digest
    )
    return joined


def _chunks(items: Iterable[str]) -> Iterable[list[str]]:
    ordered = list(dict.fromkeys(items))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]
