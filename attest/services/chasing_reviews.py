"""Writes to the controllers whose own review is missing, where each controller's counts.

Counted in working days from the oldest attestation that waits for them (domain/ladder.py). One
letter a reader, whatever number of files waits.
"""

from __future__ import annotations

from sqlalchemy import select

from attest.database.tables import Attestation, Demand, Letter, NamedFile, Review, ReviewSubject
from attest.domain import demand_states, ladder
from attest.domain.refusal import Refused
from attest.mail import letters
from attest.mail.about import MOST_NAMES
from attest.services import concurrence, post
from attest.services.calendars import local_day, today
from attest.services.concurrence import Waiting
from attest.services.context import Context
from attest.services.letter_facts import about

KIND = "review_waits"
_WAITING = ("attested", "attested_with_exceptions")


def chase_reviews(ctx: Context) -> int:
    """Queues the letters that are due; gives how many."""
    demands = ctx.session.scalars(
        select(Demand)
        .where(
            Demand.concurrence == "each",
            Demand.files_attested > 0,
            Demand.state.in_(sorted(demand_states.LIVE)),
        )
        .order_by(Demand.id)
    ).all()
    if not demands:
        return 0
    waiting = concurrence.waiting_in(ctx, [demand.id for demand in demands])
    keys = select(Letter.key).where(
        Letter.kind == KIND, Letter.demand_id.in_([demand.id for demand in demands])
    )
    written = {key.rpartition(":")[0] for key in ctx.session.scalars(keys)}
    return sum(
        _chase(ctx, demand, each, written)
        for demand in demands
        for each in waiting.get(demand.id, [])
    )


def _chase(ctx: Context, demand: Demand, each: Waiting, written: set[str]) -> int:
    if each.organisation_id is None:
        return 0
    try:
        facts = about(ctx, demand)
    except (Refused, ValueError):
        return 0
    since = local_day(ctx.settings, each.since)
    prefix = f"{demand.id}:review:{each.organisation_id}:{since}"
    step = ladder.rungs_due(
        since,
        today(ctx.settings, ctx.now),
        facts.holidays,
        {rung.name for rung in ladder.REVIEW_RUNGS if f"{prefix}:{rung.name}" in written},
        rungs=ladder.REVIEW_RUNGS,
    )
    if step is None:
        return 0
    letter = letters.review_waits(
        facts, each.organisation, _files(ctx, demand, each), each.files, since
    )
    people = post.people_of(ctx, [each.organisation_id], *step.rung.audience)
    return post.write_to(
        ctx, people, letter=letter, key=f"{prefix}:{step.rung.name}", demand=demand
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
                NamedFile.state.in_(_WAITING),
                NamedFile.last_attestation.not_in(reviewed),
            )
            .order_by(NamedFile.position)
            .limit(MOST_NAMES)
        )
    )
