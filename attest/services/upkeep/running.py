"""How this installation runs: outbox, worker, log key, timestamps. It tells nothing of demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from attest.database.tables import Account, Letter
from attest.domain.refusal import NotAllowed
from attest.domain.wording import LETTER_STATES
from attest.services.context import Context
from attest.services.upkeep.heartbeat import last_beat, worker_runs
from attest.services.upkeep.mailbox_memory import remembered
from attest.services.upkeep.stamp_state import InstanceStamps, of_instance
from attest.settings import Settings
from attest.signing import fingerprint, keyid


@dataclass(frozen=True)
class ReturnsBox:
    """The mailbox to which letters come back. `why` is a clause without its full stop."""

    host: str | None  # None where none is set
    read_at: datetime | None  # the last look that went well
    fails_since: datetime | None
    why: str | None
    waiting: int  # messages that are tried again


@dataclass(frozen=True)
class Running:
    """What the administrator's page shows."""

    log_fingerprint: str
    letters: Mapping[str, int]  # by state, in the order of wording.LETTER_STATES
    oldest_waiting: datetime | None
    last_beat: datetime | None
    worker_runs: bool
    sends_by: str
    returns: ReturnsBox
    stamps: InstanceStamps


def running(ctx: Context, account: Account) -> Running:
    """How the installation runs. Raises NotAllowed for anybody but an administrator."""
    if not any("administrator" in person.duties for person in account.people if person.active):
        raise NotAllowed("Only an administrator sees how this installation runs.")
    rows = ctx.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    counted = {key: value for key, value in rows}  # noqa: C416 (a row is no pair to mypy)
    settings = ctx.settings
    return Running(
        fingerprint(keyid(ctx.log_key.public_key)),
        {state: counted.get(state, 0) for state in LETTER_STATES},
        ctx.session.scalar(
            select(func.min(Letter.queued_at)).where(Letter.state.in_(("queued", "deferred")))
        ),
        last_beat(settings),
        worker_runs(settings, ctx.now),
        f"{settings.smtp_host}, port {settings.smtp_port}" if settings.smtp_host else "files only",
        _returns(settings),
        of_instance(ctx),
    )


def _returns(settings: Settings) -> ReturnsBox:
    if settings.imap_host is None:
        return ReturnsBox(None, None, None, None, 0)
    memory = remembered(settings)
    why = None if memory.why is None else memory.why.rstrip(". ")
    return ReturnsBox(
        settings.imap_host, memory.read_at, memory.fails_since, why, len(memory.waiting)
    )
