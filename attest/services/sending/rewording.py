"""The words of a letter that chases, made anew where another day has begun by the time it goes.

"In 5 working days", "today" and "was due" are said on its reader's own day. A letter that a mail
server put off overnight, or that nobody could send, would say what was true the day before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from attest.database.tables import Demand, Invitation, Letter
from attest.domain.ladder import DUE, Turn, anchor_of
from attest.domain.working_hours import local_day, midnight, told_day
from attest.mail.letter import LINK
from attest.services.chasing import contractor_ladder
from attest.services.chasing.all_ladders import all_courses
from attest.services.chasing.courses import Course, Reached, key_of
from attest.services.context import Context
from attest.services.letters import post
from attest.services.views import letter_view

# Of a rung that comes again: more often than any ladder does within a demand's life.
_MOST_TURNS = 1000

_log = structlog.get_logger(__name__)


def when_the_day_is_over(ctx: Context, message: Sequence[Letter], moment: datetime) -> datetime:
    """`moment`; but the end of a due day where its reader has another day, and pages still have it.

    Neither "today" nor "was due" would be true for both of them until then.
    """
    pages = ctx.settings.time_zone
    for row in message:
        if row.due_on is None or row.rung is None or anchor_of(row.rung) != DUE:
            continue
        zone = row.time_zone or pages
        if told_day(moment, zone, pages, row.due_on) != local_day(moment, zone):
            moment = max(moment, midnight(row.due_on + timedelta(days=1), pages))
    return moment


def reword(ctx: Context, row: Letter) -> bool:
    """Gives a queued letter of a rung the words of this day; whether they were made anew.

    One that no ladder would write any more keeps its words: whether it goes is still_asked.py's.
    """
    if row.rung is None or row.demand_id is None or not _other_day(ctx, row):
        return False
    demand = ctx.session.get_one(Demand, row.demand_id)
    each = _reached(ctx, demand, row)
    if each is None:
        return False
    invitation = row.invitation_id and ctx.session.get(Invitation, row.invitation_id)
    ends = invitation.expires_at if invitation else None
    words = post.words_for(ctx, letter_view.letter_of(ctx, each, ctx.now, ends), row.language)
    if (LINK in words.text) != bool(invitation):
        _log.error("not worded anew", id=row.id, kind=row.kind)
        return False
    row.subject = words.subject
    row.text = post.addressed(words, row.to_name)
    return True


def _other_day(ctx: Context, row: Letter) -> bool:
    """Whether another day has begun since it was written, for its reader or on the pages."""
    pages = ctx.settings.time_zone
    return any(
        local_day(row.queued_at, zone) != local_day(ctx.now, zone)
        for zone in {pages, row.time_zone or pages}
    )


def _reached(ctx: Context, demand: Demand, row: Letter) -> Reached | None:
    """The turn whose letter this is, found by its key; None where nobody's ladder has it now."""
    known = contractor_ladder.load(ctx, [demand])
    for course in all_courses(ctx, known, [demand])(demand):
        if row.rung is not None and key_of(course, row.rung) == row.key:
            for turn in _turns(course):
                each = Reached(course, turn)
                if (turn.name, each.kind) == (row.rung, row.kind):
                    return each
    return None


def _turns(course: Course) -> Sequence[Turn]:
    """Every turn of its rungs, whatever its day."""
    return [
        Turn(rung, rung.offset + time * (rung.every or 0), course.anchor_day)
        for rung in course.rungs
        for time in range(_MOST_TURNS if rung.every else 1)
    ]
