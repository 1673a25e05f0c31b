"""The officer's receipt: what one press of the button signed, when, and what is left.

What a page asks to be signed carries the time at which it was made (`statedAt`). Its files belong
together by that, however many requests brought them: in parts, after a broken connection, or in an
uploaded file. The receipt's address names it, so that the page says the same whenever it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from attest.database.tables import Attestation, LogEntry, NamedFile, SigningKey
from attest.domain.file_states import TO_REVIEW
from attest.services.access import Seat
from attest.services.acts import attesting
from attest.services.context import Context

SHOWN = 50


@dataclass(frozen=True)
class SignedFile:
    """A file of the receipt, and what became of its attestation since (`Attestation.state`)."""

    file: NamedFile
    state: str


@dataclass(frozen=True)
class Receipt:
    """What this officer signed together. The times are those at which the log took it."""

    files: Sequence[SignedFile]  # the first fifty
    total: int
    first_at: datetime | None
    last_at: datetime | None
    waiting: int  # those of them that nobody has reviewed yet
    others_waiting: int  # what this officer signed at other times and nobody has reviewed yet
    left: int  # files still open
    ready: int


def receipt(ctx: Context, seat: Seat, stated: Sequence[datetime] = ()) -> Receipt:
    """The receipt for what was `stated` then, without it or without any such for the newest."""
    mine = (
        select(Attestation.hash)
        .join(SigningKey)
        .where(Attestation.demand_id == seat.demand.id, SigningKey.person_id == seat.person.id)
    )
    together = mine.where(Attestation.stated_at.in_(stated))
    if ctx.session.scalar(together.limit(1)) is None:
        newest = mine.with_only_columns(Attestation.stated_at).order_by(Attestation.seq.desc())
        together = mine.where(Attestation.stated_at == newest.limit(1).scalar_subquery())
    total, first, last = ctx.session.execute(
        select(func.count(), func.min(LogEntry.at), func.max(LogEntry.at))
        .select_from(Attestation)
        .join(
            LogEntry,
            and_(LogEntry.demand_id == Attestation.demand_id, LogEntry.seq == Attestation.seq),
        )
        .where(Attestation.hash.in_(together))
    ).one()
    rows = ctx.session.execute(
        select(NamedFile, Attestation.state)
        .join(Attestation, Attestation.file_id == NamedFile.id)
        .where(Attestation.hash.in_(together))
        .order_by(NamedFile.position)
        .limit(SHOWN)
    ).all()
    return Receipt(
        files=[SignedFile(file, state) for file, state in rows],
        total=total,
        first_at=first,
        last_at=last,
        waiting=_waiting(ctx, seat, NamedFile.last_attestation.in_(together)),
        others_waiting=_waiting(
            ctx,
            seat,
            NamedFile.last_attestation.in_(mine),
            NamedFile.last_attestation.not_in(together),
        ),
        left=seat.demand.files_open,
        ready=len(attesting.ready_files(ctx, seat)),
    )


def _waiting(ctx: Context, seat: Seat, *which: ColumnElement[bool]) -> int:
    found = ctx.session.scalar(
        select(func.count())
        .select_from(NamedFile)
        .where(
            NamedFile.demand_id == seat.demand.id,
            NamedFile.state.in_(TO_REVIEW),
            *which,
        )
    )
    return found or 0
