"""Which letters will go out, and when, if nothing happens: the ladder played ahead.

Made of the same steps as the tick itself (chasing.py), so it cannot say anything else than what
the worker will do. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from attest.database.tables import Demand
from attest.domain.ladder import Rung
from attest.services import chasing_ladder
from attest.services.chase_courses import (
    Reached,
    all_reached,
    is_at_work,
    next_moment,
    without_letter,
)
from attest.services.chasing import written_of
from attest.services.context import Context
from attest.services.readers import Reader

# More steps than anybody reads; a ladder whose last rung comes again never ends by itself.
_MOST = 400


@dataclass(frozen=True)
class Coming:
    """A letter that will go out at a moment (UTC), to these readers. `due_on` is the day that it
    speaks of, `rung` the name of its rung."""

    at: datetime
    rung: str
    readers: tuple[Reader, ...]
    letter: str
    due_on: date


def upcoming(
    ctx: Context, demand: Demand, until: date, rungs: Sequence[Rung] | None = None
) -> list[Coming]:
    """The letters to the contractor and about its lateness, up to and including a day.

    `rungs` is another ladder than the demand's, to be looked at before it is kept. Raises
    `Refused` where the demand's calendar is none.
    """
    known = chasing_ladder.load(ctx, [demand])
    if rungs is not None:
        known = replace(known, ladders={demand.id: tuple(rungs)})
    courses = list(chasing_ladder.courses_of(ctx, known, demand))
    hours = ctx.settings.working_hours
    written = written_of(ctx, [each.key for each in all_reached(courses, ctx.now)])
    found: defaultdict[tuple[datetime, str, str, date], list[Reader]] = defaultdict(list)
    now = ctx.now
    for _ in range(_MOST):
        waiting: list[Reached] = []
        for each in without_letter(all_reached(courses, now), written):
            if not is_at_work(each.course.reader, demand.calendar, now, hours):
                waiting.append(each)
                continue
            written.add(each.key)
            day = each.course.due_on or until
            found[now, each.turn.name, each.kind, day].append(each.course.reader)
        moment = next_moment(courses, waiting, now, hours)
        if moment is None or moment.date() > until:
            break
        now = moment
    return [
        Coming(at, rung, tuple(readers), letter, due_on)
        for (at, rung, letter, due_on), readers in found.items()
    ]
