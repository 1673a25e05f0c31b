"""Timestamps' rows: which head needs one, who fetches it, and what came of it.

A head that has grown since its last timestamp is claimed by pushing its next attempt into the
future, so a worker that dies leaves nothing to be tidied: the claim runs out, and somebody
fetches again. Whatever is fetched twice is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from attest.database.log_rows import lock_head
from attest.database.tables import LogHead, Timestamp
from attest.database.tables.log import UNSTAMPED

# Longer than any answer may take (settings: tsa_timeout_seconds, at most 60).
CLAIM_LASTS = timedelta(minutes=5)

# How long to wait after the first, second, … failure in a row; after those, an hour each time.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60))

# Tokens have up to 64 kB each; so many at a time.
_CHUNK = 50


def claim(session: Session, now: datetime, pace: timedelta) -> LogHead | None:
    """The head that has waited longest of those that are due, now the caller's; None without one.

    Due is a head that has grown since its last timestamp, whose last one is `pace` old, and that
    nobody is at. One that an act holds is left for the next time: nobody waits for anybody.
    """
    due = (
        select(LogHead)
        .where(
            UNSTAMPED,
            or_(LogHead.stamp_next_at.is_(None), LogHead.stamp_next_at <= now),
            or_(LogHead.stamped_at.is_(None), LogHead.stamped_at <= now - pace),
        )
        .order_by(LogHead.updated_at, LogHead.demand_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    head = session.scalar(due)
    if head is not None:
        head.stamp_next_at = now + CLAIM_LASTS
        head.stamp_attempts += 1
        session.flush()
    return head


def keep(session: Session, timestamp: Timestamp, now: datetime) -> bool:
    """Keeps a timestamp that was checked; False where that size has one already."""
    head = lock_head(session, timestamp.demand_id)
    if head is None or session.get(Timestamp, (timestamp.demand_id, timestamp.size)) is not None:
        return False
    session.add(timestamp)
    if timestamp.size > head.stamped_size:
        head.stamped_size = timestamp.size
        head.stamped_at = now
        head.stamp_attempts = 0
        head.stamp_next_at = head.stamp_answer = head.stamp_fails_since = None
    session.flush()
    return True


def put_off(
    session: Session,
    demand_id: str,
    attempt: int,
    now: datetime,
    answer: str,
    *,
    service: bool = True,
) -> None:
    """The attempt of that number failed: sets the next one, unless it was overtaken.

    `service`: the time-stamping service failed, and not the checkpoint.
    """
    head = lock_head(session, demand_id)
    if head is not None and head.stamp_attempts == attempt:
        head.stamp_next_at = now + PAUSES[min(attempt, len(PAUSES)) - 1]
        head.stamp_answer = answer
        head.stamp_fails_since = (head.stamp_fails_since or now) if service else None
        session.flush()


def newest(session: Session, demand_id: str) -> Timestamp | None:
    """The timestamp of the largest size."""
    found = select(Timestamp).where(Timestamp.demand_id == demand_id)
    return session.scalar(found.order_by(Timestamp.size.desc()).limit(1))


def timestamps(session: Session, demand_id: str, most: int) -> Iterator[Timestamp]:
    """The timestamps of sizes up to `most`, smallest first, fetched in chunks."""
    after = 0
    while True:
        chunk = (
            select(Timestamp)
            .where(Timestamp.demand_id == demand_id, Timestamp.size > after, Timestamp.size <= most)
            .order_by(Timestamp.size)
            .limit(_CHUNK)
        )
        rows = session.scalars(chunk).all()
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1].size
