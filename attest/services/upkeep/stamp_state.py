"""What pages say about timestamps: whether there are any, by whom, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from attest.database.tables import LogHead, Timestamp
from attest.database.tables.log import UNSTAMPED
from attest.services.context import Context


@dataclass(frozen=True)
class Newest:
    """The newest timestamp, without the token itself."""

    size: int
    gen_time: datetime
    tsa: str
    certificate_ends_on: datetime


@dataclass(frozen=True)
class DemandStamps:
    """Of one demand. `covered`: its newest checkpoint has a timestamp.

    `answer` is what went wrong last, a clause without its full stop; the next attempt is then
    at `next_at`.
    """

    host: str | None  # the authority that is asked; None where none is set
    newest: Newest | None
    covered: bool
    answer: str | None
    next_at: datetime | None


@dataclass(frozen=True)
class InstanceStamps:
    """Of the whole installation; tells nothing of any one demand."""

    host: str | None
    newest: Newest | None
    kept: int
    waiting: int  # demands whose newest checkpoint has none
    answer: str | None
    next_at: datetime | None


_NEWEST = select(
    Timestamp.size, Timestamp.gen_time, Timestamp.tsa, Timestamp.certificate_ends_on
).limit(1)


def of_demand(ctx: Context, head: LogHead) -> DemandStamps:
    """How a demand's checkpoints stand."""
    own = _NEWEST.where(Timestamp.demand_id == head.demand_id)
    return DemandStamps(
        ctx.settings.tsa_host,
        _newest(ctx, own.order_by(Timestamp.size.desc())),
        head.stamped_size == head.size,
        head.stamp_answer,
        head.stamp_next_at,
    )


def of_instance(ctx: Context) -> InstanceStamps:
    """How all of them stand."""
    failed = ctx.session.execute(
        select(LogHead.stamp_answer, LogHead.stamp_next_at)
        .where(UNSTAMPED, LogHead.stamp_answer.is_not(None))
        .order_by(LogHead.stamp_next_at)
        .limit(1)
    ).first()
    return InstanceStamps(
        ctx.settings.tsa_host,
        _newest(ctx, _NEWEST.order_by(Timestamp.gen_time.desc())),
        ctx.session.scalar(select(func.count()).select_from(Timestamp)) or 0,
        ctx.session.scalar(select(func.count()).select_from(LogHead).where(UNSTAMPED)) or 0,
        None if failed is None else failed[0],
        None if failed is None else failed[1],
    )


def _newest(ctx: Context, found: Select[int, datetime, str, datetime]) -> Newest | None:
    row = ctx.session.execute(found).first()
    if row is None:
        return None
    return Newest(row.size, row.gen_time, row.tsa, row.certificate_ends_on)
