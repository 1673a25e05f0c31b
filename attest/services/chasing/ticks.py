"""All chasing of one tick, a bounded number of demands in each transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Engine

from attest.database.engine import read_session, write_session
from attest.services.chasing.chunks import chase_chunk, due_chunks, put_off
from attest.services.context import Context
from attest.settings import Settings
from attest.signing import PrivateKey

_log = structlog.get_logger(__name__)


def chase_everybody(ctx: Context) -> int:
    """Queues every letter that is due, in one transaction; gives how many.

    A second call writes none again.
    """
    ctx.session.flush()
    return sum(chase_chunk(ctx, ids) for ids in list(due_chunks(ctx)))


def chase_due(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """The worker's tick: the same in transactions of its own, until all is done or it is told to
    stop; gives how many letters are new.
    """
    with read_session(engine) as session:
        chunks = list(due_chunks(Context(session, now, settings, log_key)))
    new = 0
    for ids in chunks:
        if stopping():
            break
        try:
            new += _chase(engine, settings, log_key, now, ids)
        except Exception as error:
            _log.error("chased one by one", demands=len(ids), error=type(error).__name__)
            new += _one_by_one(engine, settings, log_key, now, ids)
    return new


def _one_by_one(
    engine: Engine, settings: Settings, log_key: PrivateKey, now: datetime, ids: Sequence[str]
) -> int:
    """After a chunk that failed: the one demand at fault must not keep the others back."""
    new = 0
    for demand_id in ids:
        try:
            new += _chase(engine, settings, log_key, now, [demand_id])
        except Exception as error:
            _log.error("not chased", demand=demand_id, error=type(error).__name__)
            with write_session(engine) as session:
                put_off(Context(session, now, settings, log_key), demand_id)
    return new


def _chase(
    engine: Engine, settings: Settings, log_key: PrivateKey, now: datetime, ids: Sequence[str]
) -> int:
    with write_session(engine) as session:
        return chase_chunk(Context(session, now, settings, log_key), ids)
