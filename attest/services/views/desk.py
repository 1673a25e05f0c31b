"""What lies on the officer's desk in one demand: what is left, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from attest.database.tables import (
    Demand,
    Disclosure,
    NamedFile,
    NotReceived,
    Review,
    ReviewSubject,
)
from attest.domain.file_states import TO_ANSWER
from attest.services.access import Seat
from attest.services.acts import attesting
from attest.services.context import Context
from attest.services.views import opened_again, overview, waiting
from attest.services.views.opened_again import OpenedAgain


@dataclass(frozen=True)
class Returned:
    """Files that one review rejected, and why. `organisation` is the controller who did."""

    organisation: str
    reason: str
    at: datetime
    files: list[NamedFile] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """The counts over all open files. `untold`: those that don't say yet whether a copy was
    passed on."""

    answered: int
    copies: int
    untold: int
    ready: int
    returned: Sequence[Returned]
    opened_again: Sequence[OpenedAgain]
    never_received: Sequence[NotReceived]

    @property
    def left(self) -> int:
        """Copies still to be answered."""
        return self.copies - self.answered


def desk(ctx: Context, seat: Seat) -> Desk:
    """What is left to do."""
    answered, copies = overview.open_copies(ctx, seat.demand)
    untold = ctx.session.scalar(
        select(func.count())
        .select_from(NamedFile)
        .where(
            NamedFile.demand_id == seat.demand.id,
            NamedFile.state.in_(TO_ANSWER),
            NamedFile.id.not_in(
                select(Disclosure.file_id).where(Disclosure.demand_id == seat.demand.id)
            ),
        )
    )
    ready = len(attesting.ready_files(ctx, seat))
    return Desk(
        answered,
        copies,
        untold or 0,
        ready,
        returned(ctx, seat.demand),
        opened_again.opened_again(ctx, seat.demand),
        opened_again.never_received(ctx, seat.demand),
    )


def returned(ctx: Context, demand: Demand, file: NamedFile | None = None) -> list[Returned]:
    """The files that came back, by the newest review that rejected them, newest first.

    They are told until they are signed for again, whatever else opens them meanwhile. `file`: of
    this one alone.
    """
    query = (
        select(Review, NamedFile)
        .join(ReviewSubject, ReviewSubject.review_hash == Review.hash)
        .join(NamedFile, NamedFile.last_attestation == ReviewSubject.attestation_hash)
        .where(
            NamedFile.demand_id == demand.id,
            NamedFile.state.in_(TO_ANSWER),
            Review.hash.in_(waiting.came_back()),
        )
        .order_by(Review.seq.desc(), NamedFile.position)
    )
    if file is not None:
        query = query.where(NamedFile.id == file.id)
    rows = ctx.session.execute(query).all()
    found: dict[str, Returned] = {}
    seen: set[str] = set()
    for review, file in rows:
        if file.id in seen:
            continue
        seen.add(file.id)
        back = Returned(review.organisation, review.reason or "", review.stated_at)
        found.setdefault(review.hash, back).files.append(file)
    return list(found.values())
