"""Chases what is open: each tick looks at the demands whose time has come, and queues letters.

Nothing is planned ahead but when to look again (`Demand.chase_at`, through its index), so a service
that stood still catches up by itself: the rungs that it missed collapse into the latest
(domain/ladder.py). A rung has had its letter where the outbox holds one under its key; the keys
make sure of that even with several workers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, groupby

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from attest.database.tables import Demand, Letter
from attest.domain import demand_states
from attest.mail.about import About
from attest.services.chasing import contractor_ladder
from attest.services.chasing.all_ladders import all_courses
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.courses import (
    Course,
    Reached,
    all_reached,
    is_at_work,
    next_moment,
    without_letter,
)
from attest.services.chasing.last_heard import heard_of
from attest.services.chasing.writing import write
from attest.services.context import Context
from attest.services.facts import chase_times
from attest.services.letters.letter_facts import about

# How many demands a transaction handles at most, so that nobody waits for it for long.
CHUNK = 250
# How many keys are asked for at once: a statement takes only so many bound values.
_KEYS = 500
# A demand that cannot be written about is tried again after this.
AGAIN = timedelta(hours=1)
# Held by whoever chases, on PostgreSQL, until the end of its transaction; a number of its own.
_CHASES = 0x61747465_73746368

_log = structlog.get_logger(__name__)


@dataclass
class _Look:
    """One demand in a tick."""

    demand: Demand
    facts: About
    courses: list[Course]
    due: list[Reached] = field(default_factory=list)
    waiting: list[Reached] = field(default_factory=list)


def due_chunks(ctx: Context) -> Iterator[list[str]]:
    """The ids of the demands to look at now, as many at a time as one transaction takes.

    Those of one controller against one contractor stay together where they can: what goes to one
    reader goes in one letter.
    """
    found = ctx.session.execute(
        select(Demand.organisation_id, Demand.liaison_id, Demand.id).where(
            Demand.chase_at <= ctx.now
        )
    )
    # Sorted here: SQLite would go through all demands in that order rather than sort a few.
    rows = sorted((of, liaison or "", id_) for of, liaison, id_ in found)
    chunk: list[str] = []
    for _pair, group in groupby(rows, key=lambda row: (row[0], row[1])):
        ids = [row[2] for row in group]
        if chunk and len(chunk) + len(ids) > CHUNK:
            yield chunk
            chunk = []
        for start in range(0, len(ids), CHUNK):
            if chunk and len(chunk) + len(ids[start : start + CHUNK]) > CHUNK:
                yield chunk
                chunk = []
            chunk.extend(ids[start : start + CHUNK])
    if chunk:
        yield chunk


def chase_chunk(ctx: Context, ids: Collection[str]) -> int:
    """Queues what is due in these demands; gives how many letters are new.

    A few queries, however many demands there are. Those that somebody else is looking at or acts
    on are left for the next tick.
    """
    demands = _take(ctx, ids)
    if not demands:
        return 0
    known = contractor_ladder.load(ctx, demands)
    looks = list(_looks(ctx, known, demands))
    reached = {look.demand.id: all_reached(look.courses, ctx.now) for look in looks}
    written = written_of(ctx, [each.key for each in chain.from_iterable(reached.values())])
    hours = ctx.settings.working_hours
    due = {look.demand.id: without_letter(reached[look.demand.id], written) for look in looks}
    heard = heard_of(ctx, [demand_id for demand_id, theirs in due.items() if theirs])
    for look in looks:
        for each in heard.still(due[look.demand.id]):
            at_work = is_at_work(each.course.reader, look.demand.calendar, ctx.now, hours)
            (look.due if at_work else look.waiting).append(each)
    written_now = write(ctx, known, [(look.facts, each) for look in looks for each in look.due])
    for look in looks:
        moment = next_moment(look.courses, look.waiting, ctx.now, hours)
        latest = chase_times.longest(ctx, look.demand)
        if look.demand.id in written_now.failed:
            latest = ctx.now + AGAIN
        look.demand.chase_at = latest if moment is None else min(moment, latest)
    ctx.session.flush()
    return written_now.new


def put_off(ctx: Context, demand_id: str) -> None:
    """Nobody could even look at this demand: later again, so that it holds up no other."""
    demand = ctx.session.get(Demand, demand_id)
    if demand is not None and demand.chase_at is not None:
        demand.chase_at = ctx.now + AGAIN


def _take(ctx: Context, ids: Collection[str]) -> Sequence[Demand]:
    """Those of the demands that are still to be looked at, for this transaction alone."""
    if ctx.session.get_bind().dialect.name == "postgresql":
        alone = ctx.session.scalar(select(func.pg_try_advisory_xact_lock(_CHASES)))
        if not alone:
            return []
    # Locked as an update of theirs would be: answers and letters, which only refer to them, go on.
    ours = ctx.session.scalars(
        select(Demand.id)
        .where(Demand.id.in_(list(ids)), Demand.chase_at <= ctx.now)
        .order_by(Demand.id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    demands = ctx.session.scalars(
        select(Demand)
        .where(Demand.id.in_(ours))
        .order_by(Demand.id)
        .options(selectinload(Demand.liaison), selectinload(Demand.officer))
        .execution_options(populate_existing=True)
    ).all()
    for demand in demands:
        if demand.state not in demand_states.LIVE:
            demand.chase_at = None
    return [demand for demand in demands if demand.chase_at is not None]


def _looks(ctx: Context, known: Known, demands: Sequence[Demand]) -> Iterator[_Look]:
    courses_in = all_courses(ctx, known, demands)
    for demand in demands:
        try:
            courses = list(courses_in(demand))
            look = _Look(demand, about(ctx, demand), courses)
            # A calendar that is none shows itself here.
            all_reached(courses, ctx.now)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # One demand that nobody can write about must not keep the others from being chased.
            _log.error("not chased", demand=demand.id, why=str(error))
            demand.chase_at = ctx.now + AGAIN
        else:
            yield look


def written_of(ctx: Context, keys: Sequence[str]) -> set[str]:
    """Which of these letters exist. Asked by their keys, never by loading a demand's letters."""
    found: set[str] = set()
    for start in range(0, len(keys), _KEYS):
        found.update(
            ctx.session.scalars(
                select(Letter.key).where(Letter.key.in_(keys[start : start + _KEYS]))
            )
        )
    return found
