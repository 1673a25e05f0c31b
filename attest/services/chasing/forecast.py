"""Which letters that chase will go out, to whom and when, if nothing happens meanwhile.

It plays the ticks that would come, by the same courses as chunks.py: what collapses
there collapses here. Nothing is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import not_, select

from attest.database.tables import Demand, Letter
from attest.domain.working_hours import Hours
from attest.services.chasing.all_ladders import all_courses
from attest.services.chasing.contractor_ladder import load, without_failing
from attest.services.chasing.courses import (
    Course,
    Reached,
    all_reached,
    is_at_work,
    next_moment,
    prefix_of,
    without_letter,
)
from attest.services.chasing.last_heard import Heard, heard_of
from attest.services.context import Context
from attest.services.facts.calendars import holidays_of
from attest.services.letters.failing import lost_at

# Of a letter that comes again, the first few are told.
FEW = 3
# Ticks for one reader: more than the longest ladder has turns.
_MOST = 200


@dataclass(frozen=True)
class Coming:
    """One letter to one reader, as it would go out at `at` (UTC)."""

    at: datetime
    reached: Reached
    # In working days: it comes again and again after so many, and stands for all later ones.
    again: int | None = None


def coming(
    ctx: Context, demand: Demand, *, vouched: str | None = None, told: bool = False
) -> list[Coming]:
    """An issued demand's letters to the contractor and to controllers, as they will go out.

    `vouched`: as if somebody said now that letters arrive at this failing address again; `told`:
    and as if the letter that brought its reader the demand went there now.
    """
    known = load(ctx, [demand])
    heard = heard_of(ctx, [demand.id], vouched=vouched)
    if vouched is not None:
        known = without_failing(known, demand, vouched)
        if told:
            heard.note(demand.id, vouched, True, None, ctx.now)
    courses = list(all_courses(ctx, known, [demand])(demand))
    return played(ctx, courses, _written(ctx, courses, vouched), heard)


def played(
    ctx: Context,
    courses: Iterable[Course],
    written: Iterable[str] = (),
    heard: Heard | None = None,
) -> list[Coming]:
    """What these courses come to; `written` are the keys of letters that exist."""
    heard = heard or Heard()
    by_reader: defaultdict[str, list[Course]] = defaultdict(list)
    for course in courses:
        by_reader[course.reader.key].append(course)
    found = [
        each
        for theirs in by_reader.values()
        for each in _of_reader(theirs, set(written), heard, ctx.now, ctx.settings.working_hours)
    ]
    return sorted(found, key=lambda each: (each.at, each.reached.turn.offset))


def _of_reader(
    courses: list[Course], written: set[str], heard: Heard, now: datetime, hours: Hours
) -> Iterator[Coming]:
    """The ticks at which this reader gets something, played one after the other."""
    turns: Counter[tuple[str, int]] = Counter()
    at: datetime | None = now
    for _ in range(_MOST):
        if at is None:
            return
        reached = all_reached(courses, at)
        due = heard.still(without_letter(reached, written))
        calendar = courses[0].demand.calendar
        if due and not is_at_work(courses[0].reader, calendar, at, hours):
            # It waits, and by then something later may have been reached.
            at = next_moment([], due, at, hours)
            continue
        for each in due:
            written.add(each.key)
            heard.note_reached(each, at)
            rung = each.turn.rung
            series = (each.course.prefix, rung.offset)
            turns[series] += 1
            if rung.every is None:
                yield Coming(at, each)
            elif turns[series] <= FEW:
                yield Coming(at, each, rung.every if turns[series] == FEW else None)
        if not any(course.paused(at) for course in courses) and _is_told(courses, turns, at):
            return
        at = next_moment(courses, [], at, hours)


def _is_told(courses: list[Course], turns: Counter[tuple[str, int]], at: datetime) -> bool:
    """Whether all that is ahead has been told already."""
    for course in courses:
        if course.following(at) is None:
            continue
        holidays = holidays_of(course.demand.calendar)
        for rung in course.rungs:
            if rung.every is not None and turns[course.prefix, rung.offset] < FEW:
                return False
            if rung.every is None and rung.day(course.anchor_day, holidays) > course.today(at):
                return False
    return True


def _written(ctx: Context, courses: list[Course], vouched: str | None) -> set[str]:
    """The keys of the letters that these courses have had."""
    prefixes = {course.prefix for course in courses}
    if not prefixes:
        return set()
    rows = select(Letter.key).where(
        Letter.demand_id == courses[0].demand.id, Letter.rung.is_not(None)
    )
    keys = ctx.session.scalars(rows if vouched is None else rows.where(not_(lost_at(vouched))))
    return {key for key in keys if prefix_of(key) in prefixes}
