"""Writes to the controllers whose own review is missing, where each controller's counts.

Counted in working days from the oldest attestation that waits for them (domain/ladder.py). One
letter a reader, whatever number of files waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import select

from attest.database.tables import Attestation, Demand, NamedFile, Review, ReviewSubject
from attest.domain import demand_states, ladder
from attest.domain.file_states import TO_REVIEW
from attest.mail import letters
from attest.mail.about import MOST_NAMES, About
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.controller_ladders import courses_for
from attest.services.chasing.courses import Course
from attest.services.chasing.ladder_letters import to_ring
from attest.services.context import Context
from attest.services.facts import concurrence
from attest.services.facts.calendars import local_day
from attest.services.facts.concurrence import Waiting
from attest.services.letters.letter_facts import telephone_of, writer

KIND = "review_waits"


def reviews_of(
    ctx: Context, demands: Sequence[Demand]
) -> Callable[[Known, Demand], Iterator[Course]]:
    """What waits in these demands, asked once; gives the courses of each."""
    each = [
        demand.id
        for demand in demands
        if demand.concurrence == "each"
        and demand.files_attested > 0
        and demand.state in demand_states.LIVE
    ]
    waiting = concurrence.waiting_in(ctx, each) if each else {}

    def courses(known: Known, demand: Demand) -> Iterator[Course]:
        for one in waiting.get(demand.id, []):
            if one.organisation_id is None:
                continue
            since = local_day(ctx.settings, one.since)
            yield from courses_for(
                known,
                demand,
                one.organisation_id,
                ladder.REVIEW_RUNGS,
                since,
                f"{demand.id}:review:{one.organisation_id}:{since}",
                partial(_letter, ctx, demand, one),
            )

    return courses


def _letter(ctx: Context, demand: Demand, each: Waiting, facts: About) -> letters.Letter:
    since = local_day(ctx.settings, each.since)
    files = _files(ctx, demand, each)
    ring = to_ring(ctx, demand)
    return letters.review_waits(
        facts,
        each.organisation,
        files,
        each.files,
        since,
        ring=writer(ring, facts.controller),
        telephone=telephone_of(ring),
    )


def _files(ctx: Context, demand: Demand, each: Waiting) -> list[str]:
    """The names of the first few files that wait for this controller."""
    reviewed = (
        select(ReviewSubject.attestation_hash)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(Review.demand_id == demand.id, Review.organisation == each.organisation)
    )
    return list(
        ctx.session.scalars(
            select(NamedFile.name)
            .join(Attestation, Attestation.hash == NamedFile.last_attestation)
            .where(
                NamedFile.demand_id == demand.id,
                NamedFile.state.in_(TO_REVIEW),
                NamedFile.last_attestation.not_in(reviewed),
            )
            .order_by(NamedFile.position)
            .limit(MOST_NAMES)
        )
    )
