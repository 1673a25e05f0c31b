"""The officer's working answers: the matrix of copies, filled cell by cell or many at once.

Nothing here is signed. Answers are kept as they are saved, and signing (attesting.py)
takes them as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from attest.database.tables import Copy, Disclosure, NamedFile, Store
from attest.domain import answers as rules
from attest.domain import demand_states
from attest.domain.file_states import TO_ANSWER
from attest.domain.outcomes import OFFERED
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import changed_files
from attest.services.facts.calendars import today
from attest.services.facts.onward import check_disclosure, check_recipient
from attest.services.log.prepared import Stale

MAX_CELLS = 5_000
# The files that wait for an attestation: what is answered for others could not be signed.
Cell = tuple[str, str]  # fileId, storeId


def save(ctx: Context, seat: Seat, cells: Sequence[Cell], typed: Mapping[str, Any]) -> int:
    """Keeps one answer for every cell chosen, and gives how many.

    Raises Refused, NotFound for a cell that isn't of this demand, and Stale for a file that was
    signed for since, or a store that was withdrawn.
    """
    live(seat)
    cells = list(dict.fromkeys(cells))
    if not cells:
        raise Refused("Choose at least one copy in the table.", field="cell")
    if len(cells) > MAX_CELLS:
        raise Refused(f"Choose at most {MAX_CELLS:,} copies at once.", field="cell")
    if typed.get("outcome") not in OFFERED:
        raise Refused("Choose what became of the copy.", field="outcome")
    entry = rules.entry_of(typed, today(ctx.settings, ctx.now))
    check_recipient(seat.demand, entry)
    check_cells(ctx, seat, cells)
    keep(ctx, seat, [(cell, entry) for cell in cells])
    return len(cells)


def keep(ctx: Context, seat: Seat, entries: Sequence[tuple[Cell, Mapping[str, Any]]]) -> None:
    """Writes an entry for each cell, over what is there. Its caller has checked both."""
    insert = sqlite_insert if ctx.session.get_bind().dialect.name == "sqlite" else pg_insert
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(entries), 500):
        rows = [
            {
                "demand_id": seat.demand.id,
                "file_id": file_id,
                "store_id": store_id,
                "answer": dict(entry),
                "answered_by_id": seat.person.id,
                "answered_at": ctx.now,
            }
            for (file_id, store_id), entry in entries[start : start + 500]
        ]
        statement = insert(Copy).values(rows)
        ctx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["demand_id", "file_id", "store_id"],
                set_={
                    "answer": statement.excluded.answer,
                    "answered_by_id": statement.excluded.answered_by_id,
                    "answered_at": statement.excluded.answered_at,
                },
            )
        )
    if entries and seat.demand.state in (demand_states.ISSUED, demand_states.ACKNOWLEDGED):
        seat.demand.state = demand_states.IN_PROGRESS
    # Flushed first: what expires unwritten is forgotten.
    ctx.session.flush()
    ctx.session.expire_all()


def check_cells(ctx: Context, seat: Seat, cells: Sequence[Cell]) -> None:
    """Every cell is an open file and a standing store of this demand.

    Raises NotFound and Stale, as `save` says.
    """
    check_files(ctx, seat, {file_id for file_id, _ in cells})
    stores = {store_id for _, store_id in cells}
    named = Store.demand_id == seat.demand.id
    if _known(ctx, Store.id, named, stores) != stores:
        raise NotFound
    if _known(ctx, Store.id, named & Store.standing, stores) != stores:
        raise Stale("A store was withdrawn since you opened this page. Choose the copies again.")


def check_files(ctx: Context, seat: Seat, files: set[str]) -> None:
    """Every file is one of this demand that waits for an attestation. Raises as `save` says."""
    of_demand = NamedFile.demand_id == seat.demand.id
    if _known(ctx, NamedFile.id, of_demand, files) != files:
        raise NotFound
    waiting = _known(ctx, NamedFile.id, of_demand & NamedFile.state.in_(TO_ANSWER), files)
    if done := files - waiting:
        name = ctx.session.scalar(select(NamedFile.name).where(NamedFile.id == min(done)))
        raise Stale(
            f"“{name}” has been signed for. What was answered for it stands; to change it, "
            "reopen the file first, on its own page."
        )


def _known(ctx: Context, column: Any, where: Any, wanted: set[str]) -> set[str]:
    ordered = sorted(wanted)
    found: set[str] = set()
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        found.update(ctx.session.scalars(select(column).where(where, column.in_(chunk))))
    return found


def save_onward(
    ctx: Context,
    seat: Seat,
    file_ids: Sequence[str] | None,
    disclosed: bool | None,
    recipients: str,
) -> None:
    """Keeps whether copies of these files left the parties; None means every open file.

    Raises Refused with the field, NotFound, and Stale as `save` does.
    """
    live(seat)
    onward = rules.onward_of(disclosed, recipients)
    ids = _open_ids(ctx, seat) if file_ids is None else list(dict.fromkeys(file_ids))
    if not ids:
        raise Refused("Choose at least one file.", field="files")
    check_files(ctx, seat, set(ids))
    check_disclosure(ctx, seat.demand, ids, onward)
    there = {
        row.file_id: row
        for row in ctx.session.scalars(
            select(Disclosure).where(Disclosure.demand_id == seat.demand.id)
        )
    }
    changed = [each for each in ids if each not in there or there[each].onward != onward]
    for file_id in changed:
        if file_id in there:
            there[file_id].onward = onward
        else:
            ctx.session.add(Disclosure(file_id=file_id, demand_id=seat.demand.id, onward=onward))
    changed_files.note(ctx, seat.demand, changed)
    ctx.session.flush()


def common_answer(ctx: Context, seat: Seat, cells: Sequence[Cell]) -> dict[str, Any] | None:
    """The typed fields of the one answer that all these cells share, to fill the form with.

    None where they differ, or where none is answered.
    """
    entries = saved_answers(ctx, seat, cells)
    if not entries or any(entry != entries[0] for entry in entries):
        return None
    return rules.typed_of(entries[0])


def saved_answers(ctx: Context, seat: Seat, cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """What is saved for these cells, an entry for each that is answered, in no order."""
    found: list[dict[str, Any] | None] = []
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(cells), 500):
        found += ctx.session.scalars(
            select(Copy.answer).where(
                Copy.demand_id == seat.demand.id,
                tuple_(Copy.file_id, Copy.store_id).in_(list(cells)[start : start + 500]),
            )
        )
    return [entry for entry in found if entry]


def common_onward(
    ctx: Context, seat: Seat, file_ids: Sequence[str] | None
) -> tuple[bool, str] | None:
    """What all these files (None: every open one) say of disclosure, as typed; None where they
    differ or one says nothing."""
    ids = _open_ids(ctx, seat) if file_ids is None else list(file_ids)
    said: dict[str, dict[str, Any]] = {
        row.file_id: row.onward
        for row in ctx.session.scalars(
            select(Disclosure).where(Disclosure.demand_id == seat.demand.id)
        )
    }
    if not ids or any(said.get(file_id) != said.get(ids[0]) for file_id in ids):
        return None
    first = said.get(ids[0])
    return rules.typed_onward(first) if first else None


def open_files(ctx: Context, seat: Seat) -> list[NamedFile]:
    """The files that wait for an attestation, in the demand's order."""
    return list(
        ctx.session.scalars(
            select(NamedFile)
            .where(NamedFile.demand_id == seat.demand.id, NamedFile.state.in_(TO_ANSWER))
            .order_by(NamedFile.position)
        )
    )


def _open_ids(ctx: Context, seat: Seat) -> list[str]:
    return [file.id for file in open_files(ctx, seat)]
