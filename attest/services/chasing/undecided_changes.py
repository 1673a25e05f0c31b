"""Writes to the lead controller about changed minds of the contractor's that nobody has decided.

Files that it says it never received, and stores that it would leave out: both stay open and chased
meanwhile, so the contractor waits. Counted in working days from the oldest of them; one letter a
reader, whatever number waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from attest.database.tables import Demand, NamedFile, NotReceived, Store, StoreWithdrawal
from attest.domain import demand_states, ladder
from attest.domain.file_states import TO_ANSWER
from attest.domain.phrases import Phrase, ShortDay, phrase
from attest.mail import letters
from attest.mail.about import About
from attest.services.access import CONTRACTOR
from attest.services.acts import withdrawing
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.controller_ladders import at_the_contractor, courses_for
from attest.services.chasing.courses import Course
from attest.services.context import Context
from attest.services.facts.calendars import local_day
from attest.services.letters.letter_facts import telephone_of, writer

KIND = "changes_undecided"


@dataclass(frozen=True)
class _Asked:
    """One thing that waits. `what`: in words, without the day. `by`: the id of who asks."""

    at: datetime
    what: Phrase
    by: str


def changes_of(
    ctx: Context, demands: Sequence[Demand]
) -> Callable[[Known, Demand], Iterator[Course]]:
    """What waits in these demands, asked once; gives the courses of each."""
    asked = _asked(ctx, [demand.id for demand in demands if demand.state in demand_states.LIVE])

    def courses(known: Known, demand: Demand) -> Iterator[Course]:
        waits = asked.get(demand.id)
        if not waits:
            return
        # What is decided drops out, and what waits next is counted from its own day.
        since = local_day(ctx.settings, waits[0].at)
        yield from courses_for(
            known,
            demand,
            demand.organisation_id,
            ladder.CHANGE_RUNGS,
            since,
            f"{demand.id}:changes:{since}",
            partial(_letter, ctx, demand, waits),
        )

    return courses


def _letter(ctx: Context, demand: Demand, asked: Sequence[_Asked], facts: About) -> letters.Letter:
    lines = [
        phrase("%(what)s (%(day)s)", what=each.what, day=ShortDay(local_day(ctx.settings, each.at)))
        for each in asked
    ]
    ring = at_the_contractor(ctx, demand, asked[0].by)
    return letters.changes_undecided(
        facts,
        lines,
        ring=None if ring is None else writer(ring, facts.contractor),
        telephone=None if ring is None else telephone_of(ring),
    )


def waits_since(ctx: Context, demand_id: str) -> datetime | None:
    """Since when the oldest of them waits in a live demand; None where nothing does."""
    asked = _asked(ctx, [demand_id]).get(demand_id)
    return asked[0].at if asked else None


def _asked(ctx: Context, live: Sequence[str]) -> dict[str, list[_Asked]]:
    """What waits in each demand, oldest first."""
    found: defaultdict[str, list[_Asked]] = defaultdict(list)
    claims = (
        select(
            NotReceived.demand_id,
            NotReceived.claimed_at,
            NamedFile.name,
            NotReceived.claimed_by_id,
        )
        .join(NamedFile, NamedFile.id == NotReceived.file_id)
        .where(
            NotReceived.demand_id.in_(live),
            NotReceived.ruling.is_(None),
            NamedFile.state.in_(TO_ANSWER),
        )
    )
    for demand_id, at, name, by in ctx.session.execute(claims):
        found[demand_id].append(_Asked(at, phrase("“%(file)s” never came", file=name), by))
    stores = (
        select(
            StoreWithdrawal.demand_id,
            StoreWithdrawal.asked_at,
            Store.label,
            StoreWithdrawal.asked_by_id,
        )
        .join(Store, Store.id == StoreWithdrawal.store_id)
        .where(
            StoreWithdrawal.demand_id.in_(live),
            StoreWithdrawal.state == withdrawing.ASKED,
            StoreWithdrawal.side == CONTRACTOR,
        )
    )
    for demand_id, at, label, by in ctx.session.execute(stores):
        what = phrase("“%(store)s” need not be searched", store=label)
        found[demand_id].append(_Asked(at, what, by))
    for many in found.values():
        many.sort(key=lambda each: (each.at, each.what))
    return dict(found)
