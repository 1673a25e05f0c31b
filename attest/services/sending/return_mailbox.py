"""Looks into the mailbox to which letters come back, and takes what belongs to our letters.

A message is marked as handled after what it says is committed: whoever stops in between finds it
again, and it changes nothing the second time. What belongs to no letter of ours stays untouched,
and is looked at once (mailbox_memory.py), a few at a time. One message that cannot be taken, or
that breaks the connection, keeps none of the others back: it comes again alone, after pauses that
grow, and is left for people to read after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Engine

from attest.mail.imap import AT_ONCE, MailboxFailed, ReturnMailbox
from attest.mail.reports import recipients_of
from attest.services.sending import returns
from attest.services.upkeep.mailbox_memory import remembered
from attest.settings import Settings
from attest.signing import PrivateKey

# In one look: whose headers are read, and how many of ours are read whole.
MOST_LOOKED_AT = 2_000
MOST_AT_ONCE = 500

_log = structlog.get_logger(__name__)


class ReturnedMail:
    """The mailbox of one instance, looked into again and again by one process."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        log_key: PrivateKey,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._log_key = log_key
        self._now = now
        self._memory = remembered(settings)
        self._left = 0

    def look(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Takes what has come; gives how many messages were handled.

        Raises `MailboxFailed` where the mailbox cannot be read.
        """
        self._left = MOST_AT_ONCE
        try:
            with ReturnMailbox(self._settings) as mailbox:
                self._memory.turn_to(mailbox.name, mailbox.validity, mailbox.uid_next)
                handled = self._new(mailbox, stopping) + self._again(mailbox, stopping)
            self._memory.went_well(self._now())
        except MailboxFailed as error:
            self._memory.failed(self._now(), str(error))
            raise
        finally:
            self._save()
        return handled

    def _new(self, mailbox: ReturnMailbox, stopping: Callable[[], bool]) -> int:
        """What has come since; the mark moves over each message that was looked at."""
        memory, handled = self._memory, 0
        uids, to = mailbox.unread(memory.looked_to, MOST_LOOKED_AT)
        for start in range(0, len(uids), AT_ONCE):
            chunk = uids[start : start + AT_ONCE]
            if stopping() or memory.full:
                return handled
            try:
                ours = self._ours(mailbox, chunk)
            except MailboxFailed:
                # One of them may be what breaks it: each comes again alone.
                for uid in chunk:
                    memory.begin(uid, self._now())
                raise
            for uid in chunk:
                if uid in ours:
                    if stopping() or not self._left:
                        return handled
                    handled += self._take(mailbox, uid, ours=True)
                memory.looked_to = uid
        memory.looked_to = max(to, memory.looked_to)
        return handled

    def _again(self, mailbox: ReturnMailbox, stopping: Callable[[], bool]) -> int:
        """What could not be taken before."""
        handled = 0
        for uid in self._memory.due(self._now()):
            if stopping() or not self._left:
                break
            handled += self._take(mailbox, uid, ours=False)
        return handled

    def _ours(self, mailbox: ReturnMailbox, uids: Sequence[int]) -> set[int]:
        return {
            uid
            for uid, headers in mailbox.headers(uids)
            if returns.letter_in(self._settings, recipients_of(headers)) is not None
        }

    def _take(self, mailbox: ReturnMailbox, uid: int, *, ours: bool) -> bool:
        """Takes one message; `ours`: its headers were looked at."""
        self._left -= 1
        if not self._memory.begin(uid, self._now()):
            _log.error("given up", message=uid)
            return False
        # Before it is touched: a message that ends the process must not do so at each start.
        self._save()
        try:
            outcome = self._outcome(mailbox, uid, ours=ours)
            if outcome in ("taken", "known"):
                mailbox.handled(uid)
        except MailboxFailed:
            raise
        except Exception as error:
            # A damaged log, a busy database: the others do not wait for it.
            _log.error("not taken", message=uid, error=type(error).__name__)
            return False
        if outcome != "not yet":
            self._memory.done(uid)
        return outcome in ("taken", "known")

    def _outcome(self, mailbox: ReturnMailbox, uid: int, *, ours: bool) -> returns.Outcome:
        """`nobody` where it has gone, or belongs to none of our letters."""
        ours = ours or uid in self._ours(mailbox, [uid])
        raw = mailbox.message(uid) if ours else None
        if raw is None:
            return "nobody"
        return returns.take_message(self._engine, self._settings, self._log_key, self._now(), raw)

    def _save(self) -> None:
        try:
            self._memory.save(self._settings)
        except OSError as error:
            # It is remembered until the process ends.
            _log.error("how far the mailbox was read cannot be kept", why=error.strerror)
