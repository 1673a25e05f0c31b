"""Writes to the lead controller about a request for more time that nobody has decided.

Meanwhile the day stands and the contractor is chased as before (contractor_ladder.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import select

from attest.database.tables import Demand, Extension
from attest.domain import demand_states, extensions, ladder
from attest.mail import letters
from attest.mail.about import About
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.controller_ladders import at_the_contractor, courses_for
from attest.services.chasing.courses import Course
from attest.services.context import Context
from attest.services.facts.calendars import local_day
from attest.services.letters.letter_facts import telephone_of, writer
from attest.services.notices.extension_notices import asked_words, stands

KIND = "extension_undecided"


def decisions_of(
    ctx: Context, demands: Sequence[Demand]
) -> Callable[[Known, Demand], Iterator[Course]]:
    """The requests that wait in these demands, asked once; gives the courses of each."""
    asked: defaultdict[str, list[Extension]] = defaultdict(list)
    rows = ctx.session.scalars(
        select(Extension)
        .where(
            Extension.demand_id.in_([demand.id for demand in demands]),
            Extension.state == extensions.REQUESTED,
        )
        .order_by(Extension.asked_at, Extension.id)
    ).unique()
    for row in rows:
        asked[row.demand_id].append(row)

    def courses(known: Known, demand: Demand) -> Iterator[Course]:
        if demand.state not in demand_states.WITH_CONTRACTOR:
            return
        for row in asked[demand.id]:
            asked_on = local_day(ctx.settings, row.asked_at)
            yield from courses_for(
                known,
                demand,
                demand.organisation_id,
                ladder.DECISION_RUNGS,
                max(stands(ctx, demand, row), asked_on),
                f"{demand.id}:decide:{row.id}",
                partial(_letter, ctx, demand, row),
                since=asked_on,
            )

    return courses


def _letter(ctx: Context, demand: Demand, row: Extension, facts: About) -> letters.Letter:
    asked_on = local_day(ctx.settings, row.asked_at)
    ring = at_the_contractor(ctx, demand, row.asked_by_id)
    return letters.extension_undecided(
        facts,
        asked_words(demand, row),
        asked_on,
        stands(ctx, demand, row),
        ring=None if ring is None else writer(ring, facts.contractor),
        telephone=None if ring is None else telephone_of(ring),
    )
