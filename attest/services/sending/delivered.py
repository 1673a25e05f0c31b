"""Marks what became of a message: rows, events, log leaves and a word to the case handlers at once.

`letter.sent` and `letter.failed` are the operator's word (docs/formats.md §4). Only a letter about
a demand with a log gets a leaf; of one whose fate is unknown, no leaf says more than we know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import or_, select

from attest.database import log_rows, outbox
from attest.database.tables import Demand, Letter
from attest.domain import text
from attest.mail.line import Result
from attest.mail.message import one_line
from attest.services.context import Context
from attest.services.letters.failing import mark_failing
from attest.services.letters.letter_events import What, note
from attest.services.log.ledger import LogDamaged
from attest.services.notices import bringing, delivery_problems
from attest.services.sending import letter_leaves, still_asked
from attest.services.sending.quoted_answers import apart
from attest.statements import build

# After an answer that was not about the letter. The line itself waits longer (sending.py).
_SOON = timedelta(minutes=1)
# The longest wait after one that may be about its reader: the sender may be put right meanwhile.
_LATER = timedelta(hours=1)

_log = structlog.get_logger(__name__)


def keep(ctx: Context, letter: Letter, result: Result) -> str | None:
    """Writes down what came of the message of a letter that was claimed; gives its new state.

    None where the claim was lost: somebody else has marked it.
    """
    pause = None
    if result.state == outbox.DEFERRED:
        pause = _pause(letter, result)
    # Before the letters' rows, as every act does: two who wait for each other never meet.
    if pause is None:
        hold_demands(ctx, letter.id)
    message = outbox.held(ctx.session, letter)
    if not message:
        return None
    state: str = result.state
    answer = result.answer
    if pause is not None:
        until = still_asked.next_turn(ctx, message, ctx.now + pause)
        outbox.put_off(message, answer, until, counts=not result.ours or result.of_reader)
        _note(ctx, message, "deferred", answer)
        return state
    if state == outbox.DEFERRED:
        state = outbox.BOUNCED
        answer = f"given up after {letter.attempts + 1} attempts: {answer}"
    outbox.mark(message, state, answer, ctx.now)
    if state == outbox.SENT:
        _note(ctx, message, "sent", answer)
        _witnessed(ctx, message)
        log(ctx, message, "letter.sent")
    elif state == outbox.BOUNCED:
        _note(ctx, message, "bounced", answer)
        failed(ctx, message)
    else:
        _told(ctx, message, answer)
        unknown(ctx, message)
    return state


def _pause(letter: Letter, result: Result) -> timedelta | None:
    """How long it is put off; None: it is given up."""
    if not result.ours:
        return outbox.pause(letter)
    if not result.of_reader:
        return _SOON
    # Ever longer: each attempt makes the line rest, for all letters.
    return min(outbox.pause(letter) or _LATER, _LATER)


def failed(ctx: Context, letters: Sequence[Letter]) -> None:
    """These have bounced, now or later, and their rows and events say so: the log, the ladder, a
    word."""
    log(ctx, letters, "letter.failed")
    for each in letters:
        mark_failing(ctx, each, each.answer or "")
        if each.vouched_at is not None and each.demand_id is not None:
            demand = ctx.session.get_one(Demand, each.demand_id)
            bringing.bring_again(ctx, demand, each.to_email)
    delivery_problems.tell(ctx, letters)


def unknown(ctx: Context, letters: Sequence[Letter]) -> None:
    """These were marked as `unknown`. They may have arrived: bundles repeat what they carried."""
    for each in letters:
        note(ctx.session, each.id, ctx.now, "unknown", each.answer)
    _witnessed(ctx, letters)
    delivery_problems.tell(ctx, letters)


def hold_demands(ctx: Context, letter_id: str) -> None:
    """Holds the demands that this letter's message is about until the transaction ends."""
    about = select(Letter.demand_id).where(
        or_(Letter.id == letter_id, Letter.carried_by_id == letter_id)
    )
    log_rows.hold(ctx.session, Demand.id.in_(about))


def _note(ctx: Context, message: Sequence[Letter], what: What, answer: str) -> None:
    _told(ctx, message, answer)
    for each in message:
        note(ctx.session, each.id, ctx.now, what, each.answer)


def _told(ctx: Context, message: Sequence[Letter], answer: str) -> None:
    """Keeps the answer in the rows: none of them speaks of another demand."""
    said = apart(ctx, message, answer)
    for each in message:
        each.answer = said[each.id]
    ctx.session.flush()


def _witnessed(ctx: Context, message: Sequence[Letter]) -> None:
    for each in message:
        if each.demand_id and each.checkpoint and each.checkpoint_size is not None:
            log_rows.keep_checkpoint(
                ctx.session, each.demand_id, each.checkpoint_size, each.checkpoint
            )


def log(ctx: Context, message: Sequence[Letter], kind: str) -> None:
    """A leaf for each letter that is about a demand with a log; those of one demand in one go."""
    events: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
    for each in message:
        if each.demand_id is None:
            continue
        if each.checkpoint_size is None:
            # Refused before anything was handed over: what it would have carried.
            head = log_rows.read_head(ctx.session, each.demand_id)
            if head is None:
                continue
            each.checkpoint, each.checkpoint_size = head.checkpoint, head.size
        body = build.plain(
            kind,
            each.demand_id,
            build.new_nonce(),
            letter=each.kind,
            to=_as_line(each.to_email),
            messageId=_as_line(each.message_id),
            checkpointSize=each.checkpoint_size,
        )
        events[each.demand_id].append((kind, body))
    for demand_id in sorted(events):
        try:
            letter_leaves.append(ctx, demand_id, events[demand_id])
        except LogDamaged:
            # The letter has gone, and its row says so. The log key signs over nothing damaged;
            # `attest check` says what differs.
            _log.error("not logged", demand=demand_id, kind=kind)


def _as_line(value: str) -> str:
    """`value` as the log takes it: an address that is none must not stop its own report."""
    tidy = text.typed(one_line(value))
    return tidy if tidy and text.problem(tidy) is None else "unreadable"
