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
from attest.domain.outcomes import OFFERED
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.answering import live
from attest.services.context import Context

MAX_CELLS = 5_000
Cell = tuple[str, str]  # fileId, storeId


def save(ctx: Context, seat: Seat, cells: Sequence[Cell], typed: Mapping[str, Any]) -> int:
    """Keeps one answer for every cell chosen, and gives how many. Raises Refused."""
    live(seat)
    cells = list(dict.fromkeys(cells))
    if not cells:
        raise Refused("Choose at least one copy in the table.", field="cell")
    if len(cells) > MAX_CELLS:
        raise Refused(f"Choose at most {MAX_CELLS:,} copies at once.", field="cell")
    if typed.get("outcome") not in OFFERED:
        raise Refused("Choose what became of the copy.", field="outcome")
    entry = rules.entry_of(typed, ctx.now.date())
    _check_cells(ctx, seat, cells)
    insert = sqlite_insert if ctx.session.get_bind().dialect.name == "sqlite" else pg_insert
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(cells), 500):
        rows = [
            {
                "demand_id": seat.demand.id,
                "file_id": file_id,
                "store_id": store_id,
                "answer": entry,
                "answered_by_id": seat.person.id,
                "answered_at": ctx.now,
            }
            for file_id, store_id in cells[start : start + 500]
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
    if seat.demand.state in (demand_states.ISSUED, demand_states.ACKNOWLEDGED):
        seat.demand.state = demand_states.IN_PROGRESS
    ctx.session.expire_all()
    return len(cells)


def _check_cells(ctx: Context, seat: Seat, cells: Sequence[Cell]) -> None:
    """Every cell is a file and a standing store of this demand. Raises NotFound."""
    files = {file_id for file_id, _ in cells}
    stores = {store_id for _, store_id in cells}
    known = _known(ctx, NamedFile.id, NamedFile.demand_id == seat.demand.id, files)
    standing = _known(ctx, Store.id, (Store.demand_id == seat.demand.id) & Store.standing, stores)
    if known != files or standing != stores:
        raise NotFound


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
    """Keeps whether copies of these files left the parties; None means every file.

    Raises Refused with the field.
    """
    live(seat)
    onward = rules.onward_of(disclosed, recipients)
    wanted = select(NamedFile.id).where(NamedFile.demand_id == seat.demand.id)
    if file_ids is not None:
        wanted = wanted.where(NamedFile.id.in_(list(file_ids)))
    ids = list(ctx.session.scalars(wanted))
    if file_ids is not None and set(ids) != set(file_ids):
        raise NotFound
    there = {
        row.file_id: row
        for row in ctx.session.scalars(
            select(Disclosure).where(Disclosure.demand_id == seat.demand.id)
        )
    }
    for file_id in ids:
        if file_id in there:
            there[file_id].onward = onward
        else:
            ctx.session.add(Disclosure(file_id=file_id, demand_id=seat.demand.id, onward=onward))
    ctx.session.flush()


def common_answer(ctx: Context, seat: Seat, cells: Sequence[Cell]) -> dict[str, Any] | None:
    """The typed fields of the one answer that all these cells share, to fill the form with.

    None where they differ, or where none is answered.
    """
    if not cells:
        return None
    found: list[dict[str, Any] | None] = list(
        ctx.session.scalars(
            select(Copy.answer).where(
                Copy.demand_id == seat.demand.id,
                tuple_(Copy.file_id, Copy.store_id).in_(list(cells)[:500]),
            )
        )
    )
    entries = [entry for entry in found if entry]
    if not entries or any(entry != entries[0] for entry in entries):
        return None
    return rules.typed_of(entries[0])
