"""What became of a letter, a row each time: an attempt, a report that came back, a receipt.

The kinds are those of `tables.LetterEvent`. A row is written in the transaction that marks the
letter, so that a letter's state and its story never say different things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from attest.database import outbox
from attest.database.tables import Letter, LetterEvent

What = Literal[
    "sent",
    "deferred",
    "bounced",
    "unknown",
    "dropped",
    "report_failed",
    "report_delayed",
    "report_delivered",
    "returned",
    "auto_replied",
    "received",
]

# The longest that is kept of what a mail server or a report said, in characters.
LONGEST_ANSWER = 2_000


def note(
    session: Session, letter_id: str, at: datetime, what: What, answer: str | None = None
) -> None:
    """Writes down what became of a letter at `at`, after all that was written before.

    The letter's row is held until the transaction ends: two who write at once would number alike.
    (On SQLite there is one writer at a time.)
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Letter.id).where(Letter.id == letter_id).with_for_update())
    number = (
        select(func.coalesce(func.max(LetterEvent.number), 0) + 1)
        .where(LetterEvent.letter_id == letter_id)
        .scalar_subquery()
    )
    kept = None if answer is None else answer[:LONGEST_ANSWER]
    at_value = literal(at, LetterEvent.at.type)
    session.execute(
        insert(LetterEvent).values(
            letter_id=letter_id, number=number, at=at_value, what=what, answer=kept
        )
    )


def drop(
    session: Session, letter: Letter, at: datetime, why: str, *, frees_key: bool = False
) -> None:
    """It is not needed any more and is never sent. `frees_key`: the same may be written again."""
    outbox.drop(letter, why, frees_key=frees_key)
    note(session, letter.id, at, "dropped", why)


def events_of(session: Session, letter_ids: Collection[str]) -> Mapping[str, Sequence[LetterEvent]]:
    """What became of each of these letters, oldest first; nothing for one that has no rows."""
    found: defaultdict[str, list[LetterEvent]] = defaultdict(list)
    if letter_ids:
        rows = (
            select(LetterEvent)
            .where(LetterEvent.letter_id.in_(list(letter_ids)))
            .order_by(LetterEvent.letter_id, LetterEvent.number)
        )
        for row in session.scalars(rows):
            found[row.letter_id].append(row)
    return found
