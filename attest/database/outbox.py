"""The outbox: letters wait here, are claimed, handed over, and marked with what became of them.

| when | committed | a worker that dies afterwards leaves |
|---|---|---|
| it takes letters | `sending`, a `claim` of its own | letters that were certainly not sent |
| the server wants this reader's | `handed_at` | a letter of which nobody knows |
| the server has answered | `sent`, `deferred`, `bounced` | nothing |

So what was claimed and never handed over goes back, and what was handed over becomes `unknown`
and is never sent again by itself. Whoever hands over or marks must still hold the claim: a worker
that slept for too long finds that it does not.

A letter with `carried_by_id` has no message of its own. It is claimed, handed over, marked and
taken back with the letter that carries it: whoever locks a message's rows locks that one first, so
that nobody ever gets a part of a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Insert, Select, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from attest.database.tables import Letter

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
DEFERRED = "deferred"
BOUNCED = "bounced"
UNKNOWN = "unknown"
DROPPED = "dropped"

WAITING = (QUEUED, DEFERRED)
# May still leave. What carries others is worded anew before, without what was erased.
NOT_GONE = (*WAITING, SENDING)
# Somebody has to look after it: it did not arrive, or nobody knows.
TROUBLED = (BOUNCED, UNKNOWN)
# Was handed over, or refused, and is never tried again by itself.
TRIED = (SENT, *TROUBLED)

# Longer than a delivery takes from DATA on (mail/line.py: three steps of at most 60 s).
CLAIM_LASTS = timedelta(minutes=15)
# Of letters that were not handed over yet. Their worker may live and be slow: it finds that it
# has lost its claim before it sends anything.
UNHANDED_LASTS = timedelta(minutes=5)

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
    # What it refers to comes first. Past the ORM, which asks each value anew what it is: a tick
    # queues hundreds of letters.
    session.flush()
    statement = _insert(session.get_bind().dialect.name, Letter.id)
    values = {"state": QUEUED, "attempts": 0, **columns}
    return session.connection().execute(statement, values).scalar() is not None


def queue_all(session: Session, letters: Sequence[dict[str, Any]]) -> set[str]:
    """Writes many letters' rows, each as `queue` does, in the order given; the keys that are new.

    All of them name the same columns. A few statements, however many letters there are.
    """
    if not letters:
        return set()
    session.flush()
    statement = _insert(session.get_bind().dialect.name, Letter.key)
    rows = [{"state": QUEUED, "attempts": 0, **columns} for columns in letters]
    return set(session.connection().execute(statement, rows).scalars())


def claim(session: Session, now: datetime, limit: int) -> list[Letter]:
    """Takes up to `limit` letters that are due, each with those that it carries.

    Gives the letters that have a message, what acts wrote before what chases, the oldest first.
    No other worker gets them: SKIP LOCKED on PostgreSQL, one writer at a time on SQLite.
    """
    due = (
        # The ids alone: sorting whole rows would move every text.
        select(Letter.id)
        .where(
            Letter.state.in_(WAITING), Letter.next_attempt_at <= now, Letter.carried_by_id.is_(None)
        )
        .order_by(
            Letter.time_zone.is_not(None), Letter.next_attempt_at, Letter.queued_at, Letter.id
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(due).all()
    if not ids:
        return []
    rows = session.scalars(
        _fresh(or_(Letter.id.in_(ids), Letter.carried_by_id.in_(ids)), Letter.state.in_(WAITING))
    ).all()
    # Each has a claim of its own: one that carries others shares it with them.
    claims = {letter_id: uuid4().hex for letter_id in ids}
    for letter in rows:
        letter.state = SENDING
        letter.claim = claims[letter.carried_by_id or letter.id]
        letter.claimed_at = now
    session.flush()
    found = {letter.id: letter for letter in rows}
    return [found[letter_id] for letter_id in ids]


def carried(session: Session, letters: Sequence[Letter]) -> dict[str, list[Letter]]:
    """By the id of each of these that were just claimed: what goes along in its message."""
    claims = {letter.claim: letter.id for letter in letters}
    found: dict[str, list[Letter]] = {letter.id: [] for letter in letters}
    rows = select(Letter).where(Letter.carried_by_id.in_(list(found)))
    for row in session.scalars(rows.order_by(Letter.id)):
        if row.claim in claims:
            found[claims[row.claim]].append(row)
    return found


def held(session: Session, letter: Letter) -> list[Letter]:
    """The letters of this one's message that are still under its claim, itself first; locked.

    Empty where the claim was lost: then nobody may send or mark them.
    """
    rows = session.scalars(
        _fresh(
            or_(Letter.id == letter.id, Letter.carried_by_id == letter.id),
            Letter.claim == letter.claim,
            Letter.state == SENDING,
        ).order_by(Letter.id != letter.id, Letter.id)
    ).all()
    return list(rows) if rows and rows[0].id == letter.id else []


def hand_over(letters: Sequence[Letter], now: datetime) -> None:
    """From here on the mail server may have them."""
    for letter in letters:
        letter.handed_at = now


def mark(letters: Sequence[Letter], state: str, answer: str, now: datetime) -> None:
    """An attempt came to `sent`, `bounced` or `unknown`; `answer` is what the server said."""
    for letter in letters:
        letter.state = state
        letter.answer = answer
        letter.attempts += 1
        letter.claim = None
        if state == SENT:
            letter.sent_at = now


def pause(letter: Letter) -> timedelta | None:
    """How long to wait after one more attempt of it was put off; None: it is given up."""
    return PAUSES[letter.attempts] if letter.attempts < len(PAUSES) else None


def put_off(letters: Sequence[Letter], answer: str, until: datetime, *, counts: bool) -> None:
    """They are tried again at `until`. `counts`: the answer was about these letters."""
    for letter in letters:
        letter.answer = answer
        letter.attempts += counts
        letter.next_attempt_at = until
        _put_back(letter)


def postpone(letters: Sequence[Letter], until: datetime) -> None:
    """It is not their time yet: nothing was tried."""
    for letter in letters:
        letter.next_attempt_at = until
        _put_back(letter)


def drop(letter: Letter, why: str, *, frees_key: bool = False) -> None:
    """It is never sent: it is not needed any more. `frees_key`: the same may be written again."""
    letter.state = DROPPED
    letter.answer = why
    letter.claim = None
    if frees_key:
        letter.key = f"dropped:{letter.id}"


def release(session: Session, letters: Iterable[Letter]) -> None:
    """Gives back what was claimed and not handed over, as it was before."""
    for letter in letters:
        for row in held(session, letter):
            _put_back(row)


def left_behind(session: Session, now: datetime) -> tuple[list[Letter], list[Letter]]:
    """What dead workers left: what goes back to be sent, and what is `unknown` now."""
    back = _messages(
        session,
        Letter.state == SENDING,
        Letter.handed_at.is_(None),
        Letter.claimed_at < now - UNHANDED_LASTS,
    )
    for letter in back:
        _put_back(letter)
    unknown = _messages(session, *is_lost(now))
    mark(unknown, UNKNOWN, "Attest stopped while it was being sent", now)
    session.flush()
    return back, unknown


def is_lost(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Finds what dead workers had handed over: nobody knows what became of it."""
    return (Letter.state == SENDING, Letter.handed_at < now - CLAIM_LASTS)


def _messages(session: Session, *which: ColumnElement[bool]) -> list[Letter]:
    """These letters, each with all that it carries; not those that somebody else holds."""
    first = session.scalars(_fresh(Letter.carried_by_id.is_(None), *which, skip=True)).all()
    if not first:
        return []
    ids = [letter.id for letter in first]
    along = session.scalars(_fresh(Letter.carried_by_id.in_(ids), Letter.state == SENDING))
    return [*first, *along]


def _put_back(letter: Letter) -> None:
    letter.state = QUEUED if letter.answer is None else DEFERRED
    letter.claim = None
    letter.handed_at = None


def _fresh(*which: ColumnElement[bool], skip: bool = False) -> Select[Letter]:
    """These rows as they are by now, locked; `skip` leaves out those that somebody else holds."""
    return (
        select(Letter)
        .where(*which)
        .with_for_update(skip_locked=skip)
        .execution_options(populate_existing=True)
    )


@lru_cache(maxsize=4)
def _insert(dialect: str, tells: InstrumentedAttribute[str]) -> Insert:
    """`tells`: what it gives of each row that is new."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(Letter).on_conflict_do_nothing(index_elements=[Letter.key]).returning(tells)
