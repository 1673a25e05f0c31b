"""What the worker remembers of the mailbox to which letters come back: one small file.

UIDs of a mailbox only ever grow (RFC 9051 §2.3.1.1), so one number says how far it was looked at.
Whatever lies below it is never asked for again, a stranger's message as little as one that cannot
be taken; nothing is written onto messages for that, because not every server keeps keywords. What
has to be looked at once more waits by its UID. All of it counts for one mailbox with one
UIDVALIDITY; where the file is lost, what is unread is looked at again, which changes nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from attest.database.outbox import PAUSES
from attest.domain.scalars import FormatError, format_time, parse_time
from attest.settings import Settings

# Where as many messages wait, no new ones are looked at.
MOST_WAITING = 1_000


@dataclass
class MailboxMemory:
    """Times are aware and in UTC."""

    mailbox: str = ""
    validity: int = 0
    looked_to: int = 0  # this UID, and all below
    # By UID: how often it was tried, and when it comes again.
    waiting: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    read_at: datetime | None = None  # the last look that went well
    fails_since: datetime | None = None
    why: str | None = None  # why it cannot be read; no secrets

    def turn_to(self, mailbox: str, validity: int, uid_next: int | None) -> None:
        """Forgets what was known of another mailbox, or of one that was made anew."""
        made_anew = uid_next is not None and self.looked_to >= uid_next
        if (self.mailbox, self.validity) != (mailbox, validity) or made_anew:
            self.mailbox, self.validity = mailbox, validity
            self.looked_to = 0
            self.waiting.clear()

    def begin(self, uid: int, now: datetime) -> bool:
        """Notes that this message is touched now, before it is: it may break whatever touches it.

        It comes again after pauses that grow, unless `done`. False where it was the last time.
        """
        tries, _ = self.waiting.get(uid, (0, now))
        self.looked_to = max(self.looked_to, uid)
        if tries >= len(PAUSES):
            del self.waiting[uid]
            return False
        self.waiting[uid] = (tries + 1, now + PAUSES[tries])
        return True

    def done(self, uid: int) -> None:
        """It need not be looked at again."""
        self.waiting.pop(uid, None)

    def due(self, now: datetime) -> list[int]:
        """What waits and is due, the longest due first."""
        found = [(next_at, uid) for uid, (_, next_at) in self.waiting.items() if next_at <= now]
        return [uid for _, uid in sorted(found)]

    @property
    def full(self) -> bool:
        """Whether too much waits for anything new."""
        return len(self.waiting) >= MOST_WAITING

    def went_well(self, now: datetime) -> None:
        """The mailbox was read."""
        self.read_at, self.fails_since, self.why = now, None, None

    def failed(self, now: datetime, why: str) -> None:
        """The mailbox could not be read."""
        self.fails_since, self.why = self.fails_since or now, why

    def save(self, settings: Settings) -> None:
        """Writes the file anew, whole or not at all; only its owner may read it. Raises OSError."""
        path = settings.mailbox_memory_path
        part = path.with_name(f".{path.name}.part")
        told = asdict(self) | {
            "waiting": {uid: [tries, _told(at)] for uid, (tries, at) in self.waiting.items()},
            "read_at": _told(self.read_at),
            "fails_since": _told(self.fails_since),
        }
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(told, file)
        part.replace(path)


def remembered(settings: Settings) -> MailboxMemory:
    """What the file says; an empty memory where there is none, or one that cannot be read."""
    try:
        return _read(settings.mailbox_memory_path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, FormatError):
        return MailboxMemory()


def _read(path: Path) -> MailboxMemory:
    told = json.loads(path.read_text(encoding="utf-8"))
    why = told["why"]
    return MailboxMemory(
        mailbox=str(told["mailbox"]),
        validity=int(told["validity"]),
        looked_to=int(told["looked_to"]),
        waiting={
            int(uid): (int(tries), parse_time(at)) for uid, (tries, at) in told["waiting"].items()
        },
        read_at=_moment(told["read_at"]),
        fails_since=_moment(told["fails_since"]),
        why=None if why is None else str(why),
    )


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment.replace(microsecond=0))


def _moment(value: str | None) -> datetime | None:
    return None if value is None else parse_time(value)
