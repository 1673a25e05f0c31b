"""Whether the worker runs: it leaves the time of its last good tick in a file of the instance."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import structlog

from attest.domain.scalars import FormatError, format_time, parse_time
from attest.settings import Settings

# How many ticks may be missed before pages say that nobody sends letters.
_TICKS = 6
_AT_LEAST = timedelta(minutes=2)

_log = structlog.get_logger(__name__)


def beat(settings: Settings, now: datetime) -> None:
    """Writes down that the worker has just done its round.

    No letter waits for it: where it cannot be written, the journal says so, and pages that nobody
    sends letters.
    """
    path = settings.heartbeat_path
    # Workers that share a folder have one each, or one would take away another's.
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(format_time(now) + "\n", encoding="ascii")
        part.replace(path)
    except OSError as error:
        _log.error("no heartbeat", file=path.name, why=error.strerror)


def last_beat(settings: Settings) -> datetime | None:
    """When the worker last did its round; None where it never did."""
    try:
        return parse_time(settings.heartbeat_path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError, FormatError):
        return None


def worker_runs(settings: Settings, now: datetime) -> bool:
    """Whether letters are being sent: the last beat is not older than a few ticks."""
    last = last_beat(settings)
    patience = max(_AT_LEAST, timedelta(seconds=settings.send_seconds * _TICKS))
    # One that lies ahead says nothing: the clock was put back since.
    return last is not None and abs(now - last) <= patience
