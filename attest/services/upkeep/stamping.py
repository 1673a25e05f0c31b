"""Fetches timestamps over checkpoints: time from outside, for whoever has no letters.

A demand is claimed in one transaction, the authority is asked outside of any, and the timestamp
is kept in another. Acts wait for none of it. Only a checkpoint that the log key signed is sent
in, and only an answer that a verifier would take is kept: a bad one would spoil every later
bundle (docs/formats.md §6 step 13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from attest.database import stamps
from attest.database.engine import write_session
from attest.database.tables import Timestamp
from attest.domain.scalars import FormatError
from attest.log import checkpoint as notes
from attest.settings import Settings, SettingsError
from attest.signing import PrivateKey
from attest.timestamps.answers import Roots, Token, fetch, read_roots
from attest.timestamps.failure import BadRoots, StampingFailed

KEPT, PUT_OFF = "kept", "put off"

# After so many failures in a row the authority is left alone until the next round.
_IN_A_ROW = 3
# How often keeping is tried again where an act holds the log's head for long.
_ATTEMPTS = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Authority:
    """The time-stamping authority of the settings, with the roots that its answers lead to."""

    url: str
    host: str
    roots: Roots
    timeout: int  # seconds
    pace: timedelta


def authority(settings: Settings) -> Authority | None:
    """The authority that the settings name; None without one. Raises SettingsError."""
    roots = trusted_roots(settings)
    if settings.tsa_url is None or settings.tsa_host is None or roots is None:
        return None
    return Authority(
        settings.tsa_url,
        settings.tsa_host,
        roots,
        settings.tsa_timeout_seconds,
        timedelta(minutes=settings.tsa_minutes),
    )


def trusted_roots(settings: Settings) -> Roots | None:
    """The root certificates of the settings; None where none are set. Raises SettingsError."""
    if settings.tsa_roots is None:
        return None
    try:
        return read_roots(settings.tsa_roots)
    except BadRoots as error:
        raise SettingsError(f"tsa_roots is wrong: {error}") from None
    except OSError as error:
        raise SettingsError(f"{settings.tsa_roots} cannot be read: {error.strerror}.") from None


def stamp_due(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    asked: Authority,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Gets a timestamp for each demand that is due, until none is, or the authority fails.

    Gives how many were `kept` and `put off`.
    """
    done: Counter[str] = Counter()
    failed = 0
    while failed < _IN_A_ROW and not stopping():
        claimed = _claim(engine, settings, log_key, asked, clock())
        if claimed is None:
            break
        try:
            token = claimed.fetch(asked)
        except StampingFailed as error:
            failed += claimed.text is not None
            done[PUT_OFF] += 1
            why = f"{claimed.subject} {error}"
            _put_off(engine, claimed, clock(), why)
            _log.warning(
                "not timestamped", demand=claimed.demand_id, attempt=claimed.attempt, why=why
            )
        else:
            failed = 0
            done[KEPT] += _keep(engine, claimed, token, clock())
            _log.info("timestamped", demand=claimed.demand_id, size=claimed.size)
    return done


@dataclass(frozen=True)
class _Claimed:
    """One demand's newest checkpoint as it was when it was claimed."""

    demand_id: str
    size: int
    attempt: int
    text: bytes | None  # the three lines; None where nobody signed them
    subject: str

    def fetch(self, asked: Authority) -> Token:
        if self.text is None:
            raise StampingFailed("is not signed by the log key; see `attest check`")
        return fetch(asked.url, self.text, asked.roots, asked.timeout)


def _claim(
    engine: Engine, settings: Settings, log_key: PrivateKey, asked: Authority, now: datetime
) -> _Claimed | None:
    with write_session(engine) as session:
        head = stamps.claim(session, now, asked.pace)
        if head is None:
            return None
        origin = notes.origin(settings.instance_name, head.demand_id)
        subject, text = f"The time-stamping service {asked.host}", None
        try:
            opened = notes.open_checkpoint(head.checkpoint, origin, log_key.public_key)
            if (opened.size, opened.root) != (head.size, head.root):
                raise FormatError("the head is not the checkpoint's")
            text = opened.signed_text.encode("utf-8")
        except FormatError:
            subject = "The newest checkpoint"
        return _Claimed(head.demand_id, head.size, head.stamp_attempts, text, subject)


def _keep(engine: Engine, claimed: _Claimed, token: Token, now: datetime) -> int:
    def write() -> int:
        with write_session(engine) as session:
            return stamps.keep(
                session,
                Timestamp(
                    demand_id=claimed.demand_id,
                    size=claimed.size,
                    token=token.response,
                    gen_time=token.gen_time,
                    tsa=token.tsa,
                    certificate_ends_on=token.certificate_ends_on,
                ),
                now,
            )

    return _again(write)


def _put_off(engine: Engine, claimed: _Claimed, now: datetime, why: str) -> None:
    def write() -> int:
        with write_session(engine) as session:
            stamps.put_off(
                session,
                claimed.demand_id,
                claimed.attempt,
                now,
                why,
                service=claimed.text is not None,
            )
        return 0

    _again(write)


def _again(write: Callable[[], int]) -> int:
    """Writes, and again where another writer was in the way for long.

    What cannot be written at all is fetched again once the claim has run out.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return write()
        except (IntegrityError, OperationalError):
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")
