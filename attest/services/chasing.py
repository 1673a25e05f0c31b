"""Chases what is open: each tick looks at the database and queues the letters that are due.

Files of one demand that are due on different days (deadlines.py) have a ladder each, and letters
of their own. Nothing is planned ahead, so a service that stood still catches up by itself: the
rungs that it missed collapse into the latest (domain/ladder.py). A rung has had its letter where
the outbox holds one for it; the letters' keys make sure of that even with two workers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import structlog
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import selectinload

from attest.database.tables import Demand, Extension, Letter, NamedFile
from attest.domain import demand_states, ladder
from attest.domain.refusal import Refused
from attest.mail import letters
from attest.mail.about import MOST_NAMES, About
from attest.services import deadlines, post
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


@dataclass(frozen=True)
class _Step:
    """A rung that is reached, for the files of a demand that are due on one day."""

    demand: Demand
    rung: ladder.Rung
    about: About
    files: int

    @property
    def key(self) -> tuple[str, date]:
        return self.demand.id, self.about.due_on


def chase_overdue(ctx: Context) -> int:
    """Queues one letter a reader for each demand whose next rung is reached; gives how many.

    Chased is who has an issued demand with files still open. A contractor who said "not us" is
    not: the controller has to decide first. A few queries, however many demands there are.
    """
    day = today(ctx.settings, ctx.now)
    due = chased(day)
    # In one order, so that two workers who write the same keys wait for each other in turn.
    demands = ctx.session.scalars(
        due.order_by(Demand.id).options(selectinload(Demand.liaison), selectinload(Demand.officer))
    ).all()
    written = _rungs_written(ctx, due)
    by_day = deadlines.open_by_day(ctx, demands)
    told = extended_on(ctx, due)
    steps: list[_Step] = []
    for demand in demands:
        try:
            facts = about(ctx, demand)
        except (Refused, ValueError) as error:
            # One demand that nobody can write about must not keep the others from being chased.
            _log.error("not chased", demand=demand.id, why=str(error))
            continue
        for due_on, files in sorted(by_day[demand.id].items()):
            step = ladder.rungs_due(
                due_on,
                day,
                facts.holidays,
                written[rung_prefix(demand.id, due_on)],
                since=heard_on(ctx, demand, due_on, told),
            )
            if step is not None:
                steps.append(_Step(demand, step.rung, replace(facts, due_on=due_on), files))
    open_files = open_files_of(ctx, [step.key for step in steps])
    new = 0
    for each in steps:
        write = _LETTERS[each.rung.letter]
        new += post.write_to(
            ctx,
            post.contractor_people(each.demand),
            letter=write(each.about, open_files[each.key], each.files),
            key=f"{rung_prefix(*each.key)}:{each.rung.name}",
            demand=each.demand,
        )
    return new


def rung_prefix(demand_id: str, due_on: date) -> str:
    """What the keys of one ladder's letters begin with."""
    # With the due date in it: more time starts the ladder afresh.
    return f"{demand_id}:rung:{due_on}"


def heard_on(
    ctx: Context, demand: Demand, due_on: date, extended: Mapping[tuple[str, date], date]
) -> date | None:
    """When the contractor last heard that this is the day: issued, amended, or granted.

    Never after the day itself: an amendment that comes later repeats it, and passes over no letter
    that says how late something is.
    """
    told = demand.amended_at or demand.issued_at
    heard = extended.get((demand.id, due_on)) or (today(ctx.settings, told) if told else None)
    return None if heard is None else min(heard, due_on)


def extended_on(ctx: Context, due: Select[Demand]) -> Mapping[tuple[str, date], date]:
    """On which day the contractor heard of a day that was granted, by demand and that day."""
    granted = select(Extension.demand_id, Extension.granted_until, Extension.decided_at).where(
        Extension.demand_id.in_(due.with_only_columns(Demand.id)),
        Extension.granted_until.is_not(None),
    )
    return {
        (demand_id, until): today(ctx.settings, decided_at)
        for demand_id, until, decided_at in ctx.session.execute(granted)
        if until is not None and decided_at is not None
    }


def chased(day: date) -> Select[Demand]:
    """The demands whose contractor is written to."""
    return select(Demand).where(
        Demand.state.in_(sorted(demand_states.WITH_CONTRACTOR)),
        Demand.due_on <= day + _AHEAD,
        Demand.files_open > 0,
        Demand.disputed_at.is_(None),
    )


def _rungs_written(ctx: Context, due: Select[Demand]) -> Mapping[str, set[str]]:
    """The names of the rungs that have had a letter, by `rung_prefix`."""
    keys = select(Letter.key).where(
        Letter.demand_id.in_(due.with_only_columns(Demand.id)), Letter.kind.in_(list(_LETTERS))
    )
    written: defaultdict[str, set[str]] = defaultdict(set)
    for key in ctx.session.scalars(keys):
        prefix, rung, _person = key.rsplit(":", 2)
        written[prefix].add(rung)
    return written


def open_files_of(
    ctx: Context, keys: Collection[tuple[str, date]]
) -> Mapping[tuple[str, date], list[str]]:
    """The names of the first few open files, by demand and the day on which they are due."""
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
            NamedFile.state.in_(("open", "rejected")),
            tuple_(NamedFile.demand_id, due).in_(list(keys)),
        )
        .subquery()
    )
    first = (
        select(files.c.demand_id, files.c.due, files.c.name)
        .where(files.c.place <= MOST_NAMES)
        .order_by(files.c.demand_id, files.c.place)
    )
    for demand_id, due_on, name in ctx.session.execute(first):
        names[demand_id, due_on].append(name)
    return names
