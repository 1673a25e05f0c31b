"""The officer's answers out as a list, CSV or XLSX, and back in again, whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, select

from attest.database.tables import Copy, NamedFile, Store
from attest.domain import answer_list, csv_cells
from attest.domain.answer_list import COLUMNS, MAX_LINES, Answered
from attest.domain.file_states import TO_ANSWER
from attest.domain.list_rows import Problem
from attest.domain.refusal import Refused
from attest.domain.wording import count
from attest.services.access import Seat
from attest.services.acts import answers
from attest.services.acts.acknowledging import live
from attest.services.acts.answers import Cell
from attest.services.context import Context
from attest.services.facts.calendars import today
from attest.services.facts.lists import read_lines
from attest.services.facts.onward import check_recipient
from attest.sheets import write_rows

MAX_BYTES = 10 * 1024 * 1024
Values = list[str | int | date | None]


@dataclass(frozen=True)
class Preview:
    """What an import would do; nothing is kept while there are problems.

    `added`, `replaced` and `same` count the lines that are well, by what is answered for their
    copies now; `silent` those that say nothing. `files`: the ids of the files that lines are about.
    """

    answers: Sequence[Answered]
    problems: Sequence[Problem]
    notes: Sequence[str]
    added: int
    replaced: int
    same: int
    silent: int
    files: Collection[str] = ()


def to_split(ctx: Context, seat: Seat) -> int | None:
    """How many lines the list has that goes out, where it has more than may come back at once."""
    files, stores = (
        ctx.session.scalar(
            select(func.count()).select_from(table).where(table.demand_id == seat.demand.id, which)
        )
        or 0
        for table, which in ((NamedFile, NamedFile.state.in_(TO_ANSWER)), (Store, Store.standing))
    )
    return files * stores if files * stores > MAX_LINES else None


def too_large(ctx: Context, seat: Seat) -> int | None:
    """How many bytes the list has as CSV that goes out, where it has more than may come back."""
    mine = NamedFile.demand_id == seat.demand.id, NamedFile.state.in_(TO_ANSWER)
    stores = Store.demand_id == seat.demand.id, Store.standing

    def total(what: ColumnElement[Any], *which: Any) -> int:
        return ctx.session.scalar(select(func.coalesce(func.sum(what), 0)).where(*which)) or 0

    files_count, stores_count = total(literal(1), *mine), total(literal(1), *stores)
    # At most so many characters, of four bytes each: mostly there is no need to write the list.
    most = (
        total(func.length(cast(Copy.answer, Text)), Copy.demand_id == seat.demand.id)
        + total(func.length(NamedFile.name), *mine) * stores_count
        + total(func.length(Store.label), *stores) * files_count
        + len(COLUMNS.names) * 2 * files_count * stores_count
    )
    if most * 4 <= MAX_BYTES:
        return None
    size = sum(len(part) for part in as_csv(ctx, seat))
    return size if size > MAX_BYTES else None


def as_csv(ctx: Context, seat: Seat) -> Iterator[bytes]:
    """The copies of open files in standing stores, a line each, safe in a spreadsheet."""
    rows = (
        [value.isoformat() if isinstance(value, date) else value for value in row]
        for row in _rows(ctx, seat)
    )
    return csv_cells.lines([list(COLUMNS.names), *rows])


def as_xlsx(ctx: Context, seat: Seat) -> bytes:
    """The same as a workbook, with typed cells."""
    return write_rows("Answers", COLUMNS.names, _rows(ctx, seat))


def _rows(ctx: Context, seat: Seat) -> Iterator[Values]:
    live(seat)
    stores = ctx.session.scalars(
        select(Store)
        .where(Store.demand_id == seat.demand.id, Store.standing)
        .order_by(Store.medium, Store.position)
    ).all()
    given = {
        (row.file_id, row.store_id): row.answer
        for row in ctx.session.scalars(
            select(Copy)
            .join(NamedFile, NamedFile.id == Copy.file_id)
            .where(Copy.demand_id == seat.demand.id, NamedFile.state.in_(TO_ANSWER))
        )
    }
    for file in answers.open_files(ctx, seat):
        for store in stores:
            yield answer_list.row_of(file.name, store.label, given.get((file.id, store.id)))


def preview(ctx: Context, seat: Seat, data: bytes) -> Preview:
    """Reads a list of answers and says what importing it would do. Keeps nothing."""
    return _read(ctx, seat, data)[0]


def import_answers(ctx: Context, seat: Seat, data: bytes) -> Preview:
    """Imports a list whole or not at all. Raises Refused where a line is bad."""
    found, cells = _read(ctx, seat, data)
    if found.problems:
        raise Refused(
            "Nothing was imported: the list has lines to be put right first.", field="list"
        )
    answers.check_cells(ctx, seat, cells)
    pairs = zip(cells, found.answers, strict=True)
    answers.keep(ctx, seat, [(cell, answered.entry) for cell, answered in pairs])
    return found


def _read(ctx: Context, seat: Seat, data: bytes) -> tuple[Preview, list[Cell]]:
    live(seat)
    if len(data) > MAX_BYTES:
        return _unreadable("The list is too long: at most 10 MB can be read at once. Split it.")
    lines, problems, notes = read_lines(data, COLUMNS)
    if len(lines) > MAX_LINES:
        return _unreadable(
            f"The list has {count(len(lines), 'line')}; at most {MAX_LINES:,} can be read at "
            "once. Split it."
        )
    if not lines and not problems:
        return _unreadable("The list answers for no copy.")
    day = today(ctx.settings, ctx.now)
    read, wrong, silent = answer_list.read_answers(lines, day)
    placed, unknown = _place(ctx, seat, read)
    known = _now(ctx, seat)
    added = sum(cell not in known for _, cell in placed)
    same = sum(known.get(cell) == answered.entry for answered, cell in placed)
    everything = sorted([*problems, *wrong, *unknown], key=lambda problem: problem.line)
    found = Preview(
        answers=[answered for answered, _ in placed],
        problems=everything,
        notes=notes,
        added=added,
        replaced=len(placed) - added - same,
        same=same,
        silent=silent,
        files={file_id for _, (file_id, _) in placed},
    )
    return found, [cell for _, cell in placed]


def _unreadable(sentence: str) -> tuple[Preview, list[Cell]]:
    return Preview((), [Problem(0, sentence)], (), 0, 0, 0, 0), []


def _now(ctx: Context, seat: Seat) -> dict[Cell, object]:
    rows = ctx.session.scalars(
        select(Copy).where(Copy.demand_id == seat.demand.id, Copy.answer.is_not(None))
    )
    return {(row.file_id, row.store_id): row.answer for row in rows}


def _place(
    ctx: Context, seat: Seat, read: Sequence[Answered]
) -> tuple[list[tuple[Answered, Cell]], list[Problem]]:
    """Each answer with the copy that its names mean, and a problem for each that means none."""
    of_demand = NamedFile.demand_id == seat.demand.id
    files = {
        name: (file_id, state)
        for name, file_id, state in ctx.session.execute(
            select(NamedFile.name, NamedFile.id, NamedFile.state).where(of_demand)
        )
    }
    stores: dict[str, Store] = {}
    for store in ctx.session.scalars(
        # Standing ones last: of two with one name, the one that stands is meant.
        select(Store).where(Store.demand_id == seat.demand.id).order_by(Store.standing)
    ):
        stores[store.label.casefold()] = store
    placed: list[tuple[Answered, Cell]] = []
    problems: list[Problem] = []
    for answered in read:
        file_id, state = files.get(answered.file, ("", ""))
        named = stores.get(answered.store.casefold())
        wrong = []
        if not file_id:
            wrong.append(f"No file of this demand is called “{answered.file[:200]}”.")
        elif state not in TO_ANSWER:
            wrong.append(
                f"“{answered.file[:200]}” has been signed for: take its lines out, or reopen the "
                "file first, on its own page."
            )
        if named is None:
            wrong.append(f"No store of this demand is called “{answered.store[:200]}”.")
        elif not named.standing:
            wrong.append(f"The store “{answered.store[:200]}” was withdrawn: take its lines out.")
        wrong += _refused(seat, answered.entry)
        if wrong or named is None:
            problems += [Problem(answered.line, sentence) for sentence in wrong]
        else:
            placed.append((answered, (file_id, named.id)))
    return placed, problems


def _refused(seat: Seat, entry: Mapping[str, Any]) -> list[str]:
    """What the form would refuse of an answer whose fields are well."""
    try:
        check_recipient(seat.demand, entry)
    except Refused as refused:
        return [f"{refused.field}: {refused.sentence}"]
    return []
