"""What every act gets: the session, the time, the settings and the log key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from attest.settings import Settings
from attest.signing import PrivateKey


@dataclass(frozen=True)
class Context:
    """The first argument of every act.

    `session` is committed by whoever opened it. `now` is aware, UTC, in whole seconds: an act
    never reads the clock. `log_key` signs checkpoints and nothing else.
    """

    session: Session
    now: datetime
    settings: Settings
    log_key: PrivateKey
