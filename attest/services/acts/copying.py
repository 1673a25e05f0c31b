"""Copying one file's answers to others: "the same as establishment-list.csv".

Only what was typed is copied: the answer for each standing store, and whether a copy was passed
to anybody else. Evidence files stay where they are attached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from attest.database.tables import Copy, Disclosure, NamedFile, Store
from attest.domain import answers as rules
from attest.domain.refusal import NotFound, Refused
from attest.services.access import Seat
from attest.services.acts import answers
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts.calendars import today

# Files to copy from that a page offers.
MOST_SOURCES = 500
# A signature on what nobody could read through is none: more files take several presses.
MOST_COPIES = 20_000


@dataclass(frozen=True)
class Target:
    """An open file. `answered`: copies that have an answer; `replaced`: those that would get
    another one; `told`: whether what it says of disclosure would be replaced."""

    file: NamedFile
    answered: int
    replaced: int
    told: bool


@dataclass(frozen=True)
class Plan:
    """What copying from `source` would do. `stores` are those that it is answered for."""

    source: NamedFile
    stores: Sequence[Store]
    disclosed: bool | None
    targets: Sequence[Target]


def sources(ctx: Context, seat: Seat) -> list[NamedFile]:
    """The files that have an answer for a standing store, in the demand's order."""
    answered = (
        select(Copy.file_id)
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == seat.demand.id, Copy.answer.is_not(None), Store.standing)
    )
    return list(
        ctx.session.scalars(
            select(NamedFile)
            .where(NamedFile.demand_id == seat.demand.id, NamedFile.id.in_(answered))
            .order_by(NamedFile.position)
            .limit(MOST_SOURCES)
        )
    )


def plan(ctx: Context, seat: Seat, position: int) -> Plan:
    """What copying from the file at this place would do to each other open file.

    Raises NotFound, and Refused where nothing is answered for the file.
    """
    live(seat)
    source = ctx.session.scalar(
        select(NamedFile).where(
            NamedFile.demand_id == seat.demand.id, NamedFile.position == position
        )
    )
    if source is None:
        raise NotFound
    stores = list(
        ctx.session.scalars(
            select(Store)
            .where(Store.demand_id == seat.demand.id, Store.standing)
            .order_by(Store.medium, Store.position)
        )
    )
    given = _entries(ctx, seat, source)
    answered = [store for store in stores if store.id in given]
    if not answered:
        raise Refused(f"Nothing is answered for “{source.name}” yet.", field="source")
    theirs: dict[str, dict[str, dict[str, Any]]] = {}
    for file_id, store_id, entry in ctx.session.execute(
        select(Copy.file_id, Copy.store_id, Copy.answer).where(
            Copy.demand_id == seat.demand.id,
            Copy.answer.is_not(None),
            Copy.store_id.in_([store.id for store in answered]),
        )
    ):
        theirs.setdefault(file_id, {})[store_id] = entry
    said = _onward(ctx, seat)
    onward = said.get(source.id)
    targets = []
    for file in answers.open_files(ctx, seat):
        if file.id == source.id:
            continue
        mine = theirs.get(file.id, {})
        replaced = sum(mine[store.id] != given[store.id] for store in answered if store.id in mine)
        told = onward is not None and said.get(file.id, onward) != onward
        targets.append(Target(file, len(mine), replaced, told))
    disclosed = None if onward is None else bool(onward["disclosed"])
    return Plan(source, answered, disclosed, targets)


def copy_answers(
    ctx: Context, seat: Seat, position: int, positions: Sequence[int] | None
) -> tuple[int, int]:
    """Copies the answers of the file at `position` to others; None means every other open file.

    Gives how many files and how many copies. Raises Refused, NotFound and Stale.
    """
    found = plan(ctx, seat, position)
    if positions is None:
        files = [target.file for target in found.targets]
    else:
        files = _files(ctx, seat, set(positions) - {position})
    if not files:
        raise Refused("Choose at least one file.", field="files")
    if len(files) * len(found.stores) > MOST_COPIES:
        raise Refused(f"Choose at most {MOST_COPIES:,} copies at once.", field="files")
    cells = [(file.id, store.id) for file in files for store in found.stores]
    answers.check_cells(ctx, seat, cells)
    given = _entries(ctx, seat, found.source)
    _check_still_well(ctx, found.stores, given)
    onward = _onward(ctx, seat)
    source_id = found.source.id
    if source_id in onward:
        _tell(ctx, seat, [file.id for file in files], onward[source_id])
    answers.keep(ctx, seat, [(cell, given[cell[1]]) for cell in cells])
    return len(files), len(cells)


def _entries(ctx: Context, seat: Seat, file: NamedFile) -> dict[str, dict[str, Any]]:
    rows = ctx.session.scalars(
        select(Copy).where(
            Copy.demand_id == seat.demand.id,
            Copy.file_id == file.id,
            Copy.answer.is_not(None),
        )
    )
    return {row.store_id: row.answer for row in rows if row.answer is not None}


def _check_still_well(
    ctx: Context, stores: Sequence[Store], given: Mapping[str, Mapping[str, Any]]
) -> None:
    """An answer ages: an exception that ended is no answer for another file. Raises Refused."""
    day = today(ctx.settings, ctx.now)
    for store in stores:
        try:
            rules.entry_of(rules.typed_of(given[store.id]), day)
        except Refused as refused:
            raise Refused(
                f"The answer for “{store.label}” cannot be copied. {refused.sentence}",
                field="source",
            ) from None


def _onward(ctx: Context, seat: Seat) -> dict[str, dict[str, Any]]:
    rows = ctx.session.scalars(select(Disclosure).where(Disclosure.demand_id == seat.demand.id))
    return {row.file_id: row.onward for row in rows}


def _files(ctx: Context, seat: Seat, positions: set[int]) -> list[NamedFile]:
    """The files at these places, whether open or not: `check_cells` judges that."""
    ordered = sorted(positions)
    found: list[NamedFile] = []
    for start in range(0, len(ordered), 500):
        found += ctx.session.scalars(
            select(NamedFile)
            .where(
                NamedFile.demand_id == seat.demand.id,
                NamedFile.position.in_(ordered[start : start + 500]),
            )
            .order_by(NamedFile.position)
        )
    if len(found) != len(ordered):
        raise NotFound
    return found


def _tell(ctx: Context, seat: Seat, file_ids: Sequence[str], onward: dict[str, Any]) -> None:
    there = {
        row.file_id: row
        for row in ctx.session.scalars(
            select(Disclosure).where(Disclosure.demand_id == seat.demand.id)
        )
    }
    for file_id in file_ids:
        if file_id in there:
            there[file_id].onward = dict(onward)
        else:
            row = Disclosure(file_id=file_id, demand_id=seat.demand.id, onward=dict(onward))
            ctx.session.add(row)
