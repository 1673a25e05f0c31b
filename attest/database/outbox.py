"""The outbox: letters wait here, are claimed, sent, and marked with what became of them.

A letter is claimed and committed before it is sent, and marked afterwards. A worker that dies in
between leaves it in `sending`; nobody knows then whether the mail server took it, so it becomes
`unknown` and is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from attest.database.tables import Letter

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
DEFERRED = "deferred"
BOUNCED = "bounced"
UNKNOWN = "unknown"

# Longer than any one delivery takes (mail/delivery.py: at most a dozen steps of 60 s each).
CLAIM_LASTS = timedelta(minutes=15)

# How long to wait after the first, second, … time that a mail server put a letter off. After
# the last one the letter counts as bounced: RFC 5321 §4.5.4.1 asks for at least 4 to 5 days.
PAUSES = (
    *(timedelta(minutes=m) for m in (1, 5, 15, 30)),
    *(timedelta(hours=h) for h in (1, 2, 4, 8, 12, 24, 24, 24, 24)),
)


def queue(session: Session, **columns: Any) -> bool:
    """Writes a letter's row unless its `key` is there already. True where it is new.

    Takes the columns of `tables.Letter`. Two processes with the same key write one letter.
    """
    statement = _insert(session, {"state": QUEUED, "attempts": 0, **columns})
    return session.scalar(statement) is not None


def claim(session: Session, now: datetime, limit: int) -> list[Letter]:
    """Takes up to `limit` letters that are due, oldest first, and marks them as being sent.

    No other worker gets them: SKIP LOCKED on PostgreSQL, one writer at a time on SQLite.
    """
    due = (
        select(Letter)
        .where(Letter.state.in_((QUEUED, DEFERRED)), Letter.next_attempt_at <= now)
        .order_by(Letter.next_attempt_at, Letter.queued_at, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    letters = list(session.scalars(due))
    for letter in letters:
        letter.state = SENDING
        letter.claimed_at = now
        letter.attempts += 1
    session.flush()
    return letters


def mark_sent(session: Session, letter_id: str, now: datetime, answer: str) -> bool:
    """The mail server took it. False where somebody else has marked it in the meantime."""
    return _mark(session, letter_id, state=SENT, sent_at=now, answer=answer)


def mark_deferred(session: Session, letter: Letter, now: datetime, answer: str) -> bool:
    """The mail server put it off: the next attempt is set, or it's given up.

    True where it will be tried again; False where it has bounced now.
    """
    if letter.attempts > len(PAUSES):
        mark_bounced(session, letter.id, f"given up after {letter.attempts} attempts: {answer}")
        return False
    pause = PAUSES[letter.attempts - 1]
    _mark(session, letter.id, state=DEFERRED, next_attempt_at=now + pause, answer=answer)
    return True


def mark_bounced(session: Session, letter_id: str, answer: str) -> bool:
    """The mail server refused it for good. False where somebody else has marked it."""
    return _mark(session, letter_id, state=BOUNCED, answer=answer)


def mark_unknown(session: Session, letter_id: str, answer: str) -> bool:
    """Nobody knows whether it arrived. False where somebody else has marked it."""
    return _mark(session, letter_id, state=UNKNOWN, answer=answer)


def left_behind(session: Session, now: datetime) -> list[Letter]:
    """Marks as `unknown` what a worker claimed and never marked, and gives those letters."""
    lost = select(Letter).where(Letter.state == SENDING, Letter.claimed_at < now - CLAIM_LASTS)
    letters = list(session.scalars(lost.with_for_update(skip_locked=True)))
    for letter in letters:
        letter.state = UNKNOWN
        letter.answer = "Attest stopped while it was being sent"
    session.flush()
    return letters


def _mark(session: Session, letter_id: str, **columns: Any) -> bool:
    statement = (
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == SENDING)
        .values(**columns)
        .returning(Letter.id)
    )
    return session.scalar(statement) is not None


def _insert(session: Session, columns: Mapping[str, Any]) -> Insert:
    if session.get_bind().dialect.name == "postgresql":
        return (
            postgresql.insert(Letter)
            .values(**columns)
            .on_conflict_do_nothing(index_elements=[Letter.key])
            .returning(Letter.id)
        )
    return (
        sqlite.insert(Letter)
        .values(**columns)
        .on_conflict_do_nothing(index_elements=[Letter.key])
        .returning(Letter.id)
    )
