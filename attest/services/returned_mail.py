"""Looks into the mailbox to which letters come back, and takes what belongs to our letters.

A message is marked as handled after what it says is committed: whoever stops in between finds it
again, and it changes nothing the second time. What belongs to no letter of ours stays untouched.
One message that cannot be taken keeps none of the others back, and is tried again next time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine

from attest.mail.imap import MailboxFailed, ReturnMailbox
from attest.mail.reports import recipients_of
from attest.services import returns
from attest.settings import Settings
from attest.signing import PrivateKey

# Messages that are taken in one go, so that the worker can be told to stop in between.
MOST_AT_ONCE = 500

_log = structlog.get_logger(__name__)


class ReturnedMail:
    """The mailbox of one instance, looked into again and again by one process.

    It remembers which messages are none of ours, so that their headers are not read each time.
    """

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
        self._strangers: set[tuple[int, int]] = set()

    def look(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Takes what has come; gives how many messages were handled.

        Raises `MailboxFailed` where the mailbox cannot be read.
        """
        handled = 0
        with ReturnMailbox(self._settings) as mailbox:
            for uid in self._ours(mailbox):
                if stopping() or handled == MOST_AT_ONCE:
                    break
                handled += self._take(mailbox, uid)
        return handled

    def _ours(self, mailbox: ReturnMailbox) -> list[int]:
        unread = mailbox.unread()
        known = {uid for validity, uid in self._strangers if validity == mailbox.validity}
        new = [uid for uid in unread if uid not in known]
        ours = {
            uid
            for uid, headers in mailbox.headers(new)
            if returns.letter_in(self._settings, recipients_of(headers)) is not None
        }
        # Only what is still there: this set must not grow for ever.
        strangers = known.intersection(unread).union(new) - ours
        self._strangers = {(mailbox.validity, uid) for uid in strangers}
        return sorted(ours)

    def _take(self, mailbox: ReturnMailbox, uid: int) -> bool:
        try:
            raw = mailbox.message(uid)
            if raw is None:
                return False
            outcome = returns.take_message(
                self._engine, self._settings, self._log_key, self._now(), raw
            )
            if outcome not in ("taken", "known"):
                return False
            mailbox.handled(uid)
        except MailboxFailed:
            raise
        except Exception as error:
            # A damaged log, a busy database: the others do not wait for it.
            _log.error("not taken", message=uid, error=type(error).__name__)
            return False
        return True
