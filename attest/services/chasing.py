"""Chases what is open: each tick looks at the database and queues the letters that are due.

Nothing is planned ahead, so a service that stood still catches up by itself: the rungs that it
missed collapse into the latest (domain/ladder.py). A rung has had its letter where the outbox
holds one for it; the letters' keys make sure of that even with two workers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from attest.database.tables import Demand, Letter, NamedFile
from attest.domain import demand_states, ladder
from attest.domain.refusal import Refused
from attest.mail import letters
from attest.mail.about import MOST_NAMES, About
from attest.services import post
from attest.services.calendars import today
from attest.services.context import Context
from attest.services.letter_facts import about

# No rung lies further before the due date than this, whatever holidays come between.
_AHEAD = timedelta(days=31)

_LETTERS: Mapping[str, Callable[[About, Sequence[str], int], letters.Letter]] = {
    "reminder": letters.reminder,
    "overdue": letters.overdue,
    "escalation": letters.escalation,
}


_log = structlog.get_logger(__name__)


def chase_overdue(ctx: Context) -> int:
    """Queues one letter a reader for each demand whose next rung is reached; gives how many.

    Chased is who has an issued demand with files still open. A contractor who said "not us" is
    not: the controller has to decide first. Three queries, however many demands there are.
    """
    day = today(ctx.settings, ctx.now)
    due = _chased(day)
    # In one order, so that two workers who write the same keys wait for each other in turn.
    demands = ctx.session.scalars(
        due.order_by(Demand.id).options(selectinload(Demand.liaison), selectinload(Demand.officer))
    ).all()
    written = _rungs_written(ctx, due)
    steps: list[tuple[Demand, ladder.Rung, About]] = []
    for demand in demands:
        try:
            facts = about(ctx, demand)
        except (Refused, ValueError) as error:
            # One demand that nobody can write about must not keep the others from being chased.
            _log.error("not chased", demand=demand.id, why=str(error))
            continue
        step = ladder.rungs_due(
            facts.due_on,
            day,
            facts.holidays,
            written[_prefix(demand)],
            since=today(ctx.settings, demand.issued_at) if demand.issued_at else None,
        )
        if step is not None:
            steps.append((demand, step.rung, facts))
    open_files = _open_files(ctx, [demand for demand, _, _ in steps])
    new = 0
    for demand, rung, facts in steps:
        write = _LETTERS[rung.letter]
        new += post.write_to(
            ctx,
            post.contractor_people(demand),
            letter=write(facts, open_files[demand.id], demand.files_open),
            key=f"{_prefix(demand)}:{rung.name}",
            demand=demand,
        )
    return new


def _prefix(demand: Demand) -> str:
    # With the due date in it: more time starts the ladder afresh.
    return f"{demand.id}:rung:{demand.due_on}"


def _chased(day: date) -> Select[Demand]:
    return select(Demand).where(
        Demand.state.in_(sorted(demand_states.WITH_CONTRACTOR)),
        Demand.due_on <= day + _AHEAD,
        Demand.files_open > 0,
        Demand.disputed_at.is_(None),
    )


def _rungs_written(ctx: Context, due: Select[Demand]) -> Mapping[str, set[str]]:
    """The names of the rungs that have had a letter, by `_prefix`."""
    keys = select(Letter.key).where(
        Letter.demand_id.in_(due.with_only_columns(Demand.id)), Letter.kind.in_(list(_LETTERS))
    )
    written: defaultdict[str, set[str]] = defaultdict(set)
    for key in ctx.session.scalars(keys):
        prefix, rung, _person = key.rsplit(":", 2)
        written[prefix].add(rung)
    return written


def _open_files(ctx: Context, demands: Sequence[Demand]) -> Mapping[str, list[str]]:
    """The names of the first few open files of each demand."""
    place = func.row_number().over(
        partition_by=NamedFile.demand_id, order_by=(NamedFile.position, NamedFile.id)
    )
    files = (
        select(NamedFile.demand_id, NamedFile.name, place.label("place"))
        .where(
            NamedFile.demand_id.in_([demand.id for demand in demands]),
            NamedFile.state.in_(("open", "rejected")),
        )
        .subquery()
    )
    first = (
        select(files.c.demand_id, files.c.name)
        .where(files.c.place <= MOST_NAMES)
        .order_by(files.c.demand_id, files.c.place)
    )
    names: defaultdict[str, list[str]] = defaultdict(list)
    if demands:
        for demand_id, name in ctx.session.execute(first):
            names[demand_id].append(name)
    return names
