"""The first few open files of many demands at once, for letters that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select, tuple_

from attest.database.tables import Demand, NamedFile
from attest.domain.file_states import TO_ANSWER
from attest.services.context import Context
from attest.services.facts import deadlines


def first_open(
    ctx: Context, keys: Collection[tuple[str, date]], most: int
) -> Mapping[tuple[str, date], list[str]]:
    """The names of up to `most` open files, by demand and the day on which they are due."""
    names: defaultdict[tuple[str, date], list[str]] = defaultdict(list)
    if not keys:
        return names
    due = deadlines.file_due
    place = func.row_number().over(
        partition_by=(NamedFile.demand_id, due), order_by=(NamedFile.position, NamedFile.id)
    )
    files = (
        select(NamedFile.demand_id, NamedFile.name, due.label("due"), place.label("place"))
        .join(Demand, Demand.id == NamedFile.demand_id)
        .where(
            # By itself too: SQLite finds no index by one half of a pair, and would read all files.
            NamedFile.demand_id.in_(sorted({demand_id for demand_id, _ in keys})),
            NamedFile.state.in_(TO_ANSWER),
            tuple_(NamedFile.demand_id, due).in_(list(keys)),
        )
        .subquery()
    )
    first = (
        select(files.c.demand_id, files.c.due, files.c.name)
        .where(files.c.place <= most)
        .order_by(files.c.demand_id, files.c.place)
    )
    for demand_id, due_on, name in ctx.session.execute(first):
        names[demand_id, due_on].append(name)
    return names
