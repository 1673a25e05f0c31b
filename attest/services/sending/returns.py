"""What follows from a message that came back: to which letter, what it says, and what is done.

| it says | a letter that was | becomes | and |
|---|---|---|---|
| not delivered | `sent`, `unknown` | `bounced` | delivered.py: log, people, ladder |
| not delivered yet | any | as it was | |
| delivered | `unknown` | `sent` | the log says so |
| something else | any | as it was | people see that something came back |

Each is a row of what became of the letter, and the same message a second time changes nothing.
Whoever has a letter has its return address: a report is the word of whoever sent it, and the
`letter.sent` before it stays. It is no more than a row where the letter left long ago, or its
reader has confirmed that it came; and where a case handler has vouched for the address since, the
address does not fail (failing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.exc import IntegrityError, OperationalError

from attest.database import log_rows, outbox
from attest.database.engine import write_session
from attest.database.tables import Letter, LetterEvent
from attest.mail.reports import Kind, Report, read_report, recipients_of
from attest.mail.return_address import letter_of
from attest.services.context import Context
from attest.services.letters import letter_events
from attest.services.letters.letter_events import What
from attest.services.sending import delivered, quoted_answers
from attest.settings import Settings
from attest.signing import PrivateKey

# `taken`: something is different now; `known`: it said nothing new; `nobody`: it belongs to no
# letter of ours; `not yet`: the letter is being sent this moment, so it has to come again.
Outcome = Literal["taken", "known", "nobody", "not yet"]

# Rows of one kind that come from outside, a letter: whoever has its return address could send any
# number. Of one kind, so that holiday notices don't fill the room of what says that it failed.
MOST_RETURNED = 50
# A mail server gives up after 4 to 5 days (RFC 5321 §4.5.4.1), and a few may take it in turn.
BELIEVED_FOR = timedelta(days=10)
_ATTEMPTS = 5

_EVENTS: dict[Kind, What] = {
    "failed": "report_failed",
    "delayed": "report_delayed",
    "delivered": "report_delivered",
    "returned": "returned",
    "auto_replied": "auto_replied",
}

# The states that a report makes another one of. It counts there, however many came before it.
_CHANGED_BY: dict[Kind, tuple[str, ...]] = {
    "failed": (outbox.SENT, outbox.UNKNOWN),
    "delivered": (outbox.UNKNOWN,),
}

_log = structlog.get_logger(__name__)


def letter_in(settings: Settings, addresses: Iterable[str]) -> str | None:
    """The id of the letter whose return address stands among these; the first that is right."""
    found = (letter_of(settings, address) for address in addresses)
    return next((letter_id for letter_id in found if letter_id is not None), None)


def take_message(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    now: datetime,
    raw: bytes,
    recipient: str | None = None,
) -> Outcome:
    """Takes a message that came back, in a transaction of its own.

    `recipient` is the address on its envelope, where the mail server tells; else its headers say.
    Raises `OperationalError` where the database cannot be written to.
    """
    addresses = [recipient] if recipient is not None else recipients_of(raw)
    letter_id = letter_in(settings, addresses)
    if letter_id is None:
        return "nobody"
    report = read_report(raw)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with write_session(engine) as session:
                outcome = take(Context(session, now, settings, log_key), letter_id, report)
            break
        except (log_rows.HeadMoved, IntegrityError, OperationalError):
            if attempt == _ATTEMPTS:
                raise
    # Not what it says: that may name people.
    _log.info("came back", id=letter_id, kind=report.kind, outcome=outcome)
    return outcome


def take(ctx: Context, letter_id: str, report: Report) -> Outcome:
    """Does what the report about this letter asks for; its message may carry several."""
    # Before the letters' rows, as every act does: two who wait for each other never meet.
    delivered.hold_demands(ctx, letter_id)
    rows = (
        select(Letter)
        .where(or_(Letter.id == letter_id, Letter.carried_by_id == letter_id))
        # What carries the others first, as everybody locks them (database/outbox.py).
        .order_by(Letter.id != letter_id, Letter.id)
        .with_for_update()
    )
    letters = [letter for letter in ctx.session.scalars(rows) if letter.erased_at is None]
    if not letters:
        return "nobody"
    if any(letter.state == outbox.SENDING for letter in letters):
        return "not yet"
    if report.apart is not None and len({each.demand_id for each in letters} - {None}) > 1:
        # Whoever sees one demand's letters may know nothing of the others.
        report = replace(report, answer=report.apart)
    said = quoted_answers.apart(ctx, letters, report.answer)
    new = [letter for letter in letters if _is_new(ctx, letter, report, said[letter.id])]
    for letter in new:
        letter_events.note(ctx.session, letter.id, ctx.now, _EVENTS[report.kind], said[letter.id])
    _follow(ctx, new, report, said)
    return "taken" if new else "known"


def _is_new(ctx: Context, letter: Letter, report: Report, said: str) -> bool:
    what = _EVENTS[report.kind]
    alike = select(func.count()).where(LetterEvent.letter_id == letter.id, LetterEvent.what == what)
    if ctx.session.scalar(alike.where(LetterEvent.answer == said)):
        return False
    return _changes(ctx, letter, report) or (ctx.session.scalar(alike) or 0) < MOST_RETURNED


def _changes(ctx: Context, letter: Letter, report: Report) -> bool:
    """Whether this report makes something else of this letter, and can still be so."""
    if letter.state not in _CHANGED_BY.get(report.kind, ()):
        return False
    left = letter.sent_at or letter.handed_at or letter.queued_at
    return letter.received_at is None and ctx.now - left <= BELIEVED_FOR


def _follow(
    ctx: Context, letters: Sequence[Letter], report: Report, said: Mapping[str, str]
) -> None:
    letters = [each for each in letters if _changes(ctx, each, report)]
    if report.kind == "failed":
        for letter in letters:
            letter.state = outbox.BOUNCED
            letter.answer = said[letter.id]
        ctx.session.flush()
        delivered.failed(ctx, letters)
    elif report.kind == "delivered":
        for letter in letters:
            letter.state = outbox.SENT
            letter.sent_at = letter.handed_at or ctx.now
            letter.answer = said[letter.id]
        ctx.session.flush()
        delivered.log(ctx, letters, "letter.sent")
