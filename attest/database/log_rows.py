"""The log's rows: lock a demand's head, read its entries, add to them, move the head.

Appending is: `hold_demand`, `lock_head`, judge, `insert_entries`, `compare_and_swap_head`, commit.
The locks make two acts at once wait for each other; the swap and the primary key `(demand_id, seq)`
would stop the second one even where somebody forgot to lock. A log can't fork.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from attest.database.tables import Demand, LogEntry, LogHead, SentCheckpoint

# Rows fetched or written at a time: enough to keep a million quick, few enough to be small.
CHUNK = 2_000

_COLUMNS = tuple(LogEntry.__table__.columns.keys())


class HeadMoved(Exception):
    """Somebody else has appended to this log since its head was read."""


def hold_demand(session: Session, *which: ColumnElement[bool]) -> Demand | None:
    """The demand that `which` finds, held until the transaction ends, as it is by then.

    An act that waited for another one must see what that one did: its checks, and the counts
    that it compares with before it writes them. Always taken before the log's head, so that two
    acts never wait for each other in a circle. Rows that only refer to the demand (letters,
    entries) can be written meanwhile.
    """
    return session.scalar(
        select(Demand)
        .where(*which)
        .with_for_update(of=Demand, key_share=True)
        .execution_options(populate_existing=True)
    )


def hold(session: Session, *which: ColumnElement[bool]) -> None:
    """The same lock on all that `which` finds, for whoever needs nothing of their rows.

    On SQLite the whole transaction has the lock already, or takes it with whatever it does next.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.execute(
        select(Demand.id)
        .where(*which)
        .order_by(Demand.id)
        .with_for_update(of=Demand, key_share=True)
    )


def lock_head(session: Session, demand_id: str) -> LogHead | None:
    """The log's head, held until the transaction ends; None where the log is empty.

    PostgreSQL locks the row (SELECT … FOR UPDATE); on SQLite the whole transaction has waited
    for its turn already (engine.write_session). The row is read afresh in any case.
    """
    head = (
        select(LogHead)
        .where(LogHead.demand_id == demand_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(head)


def read_head(session: Session, demand_id: str) -> LogHead | None:
    """The log's head, without a lock: for pages, bundles and letters."""
    return session.get(LogHead, demand_id)


def entries(session: Session, demand_id: str, start: int = 0) -> Iterator[LogEntry]:
    """The entries from index `start` on, in order, fetched in chunks and never all at once.

    Each chunk is a query of its own: a cursor that stays open on the server would have to be
    closed by everybody who stops reading early.
    """
    while True:
        chunk = (
            select(LogEntry)
            .where(LogEntry.demand_id == demand_id, LogEntry.seq >= start)
            .order_by(LogEntry.seq)
            .limit(CHUNK)
        )
        rows = session.scalars(chunk).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        start = rows[-1].seq + 1


def insert_entries(session: Session, rows: Iterable[LogEntry]) -> int:
    """Adds entries to the database, and not to the session; gives how many.

    Raises SQLAlchemy's `IntegrityError` where an index or a body is in the log already.
    """
    waiting = iter(rows)
    added = 0
    while chunk := list(islice(waiting, CHUNK)):
        # Plain rows are written four times as fast as objects that the session looks after.
        session.execute(
            insert(LogEntry), [{name: getattr(row, name) for name in _COLUMNS} for row in chunk]
        )
        added += len(chunk)
    return added


def compare_and_swap_head(session: Session, demand_id: str, expected_size: int, **new: Any) -> None:
    """Moves the head from `expected_size` to `new` (columns of `tables.LogHead`).

    With an `expected_size` of 0 the head is made. Raises `HeadMoved` where the log has another
    size, and then the caller's transaction must be rolled back.
    """
    session.flush()
    if expected_size == 0:
        if lock_head(session, demand_id) is not None:
            raise HeadMoved(demand_id)
        session.add(LogHead(demand_id=demand_id, **new))
        session.flush()
        return
    moved = session.scalar(
        update(LogHead)
        .where(LogHead.demand_id == demand_id, LogHead.size == expected_size)
        .values(**new)
        .returning(LogHead.demand_id)
        .execution_options(synchronize_session="fetch")
    )
    if moved is None:
        raise HeadMoved(demand_id)


def keep_checkpoint(session: Session, demand_id: str, size: int, note: str) -> None:
    """Remembers a checkpoint that leaves the house, so that bundles repeat it.

    Two letters may carry the same one; it's kept once.
    """
    into = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        into(SentCheckpoint)
        .values(demand_id=demand_id, size=size, note=note)
        .on_conflict_do_nothing(index_elements=[SentCheckpoint.demand_id, SentCheckpoint.size])
    )


def sent_checkpoints(session: Session, demand_id: str) -> Sequence[SentCheckpoint]:
    """The checkpoints that left the house, oldest first."""
    sent = select(SentCheckpoint).where(SentCheckpoint.demand_id == demand_id)
    return session.scalars(sent.order_by(SentCheckpoint.size)).all()
