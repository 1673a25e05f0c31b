"""Sends what is in the outbox, one letter at a time, and logs what became of it.

A letter is claimed in one transaction, sent outside of any, and marked and logged in another. It
carries the checkpoint that is the newest when it's claimed, which bundles repeat from then on.
Only a letter that carried a checkpoint gets a leaf: the others (a password, a draft) are about no
log. `letter.sent` and `letter.failed` are the operator's word (docs/formats.md §4).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from attest.database import log_rows, outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, Letter
from attest.domain import text
from attest.mail import letters
from attest.mail.delivery import Result, deliver
from attest.mail.message import one_line
from attest.services import ledger, post
from attest.services.context import Context
from attest.services.letter_facts import about
from attest.services.outgoing import prepare
from attest.settings import Settings
from attest.signing import PrivateKey
from attest.statements import build

# How often marking is tried again where somebody else holds the log's head for long.
_ATTEMPTS = 5

_log = structlog.get_logger(__name__)


def send_due(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    now: datetime,
    limit: int | None = None,
) -> Counter[str]:
    """Sends up to `limit` letters that are due at `now` (all of them without one).

    Gives how many were `sent`, `deferred`, `bounced` and left `unknown`.
    """
    done: Counter[str] = Counter()
    with write_session(engine) as session:
        ctx = Context(session, now, settings, log_key)
        for lost in outbox.left_behind(session, now):
            _unknown(ctx, lost)
            done[outbox.UNKNOWN] += 1
    while limit is None or done.total() < limit:
        with write_session(engine) as session:
            claimed = outbox.claim(session, now, 1)
            if not claimed:
                break
            letter = claimed[0]
            outgoing = prepare(session, settings, letter)
        result = deliver(outgoing, settings, now)
        state = _keep(engine, settings, log_key, now, letter.id, result)
        # Neither the address nor the text: the link in it opens an account.
        _log.info("letter", id=letter.id, kind=letter.kind, state=state, attempt=letter.attempts)
        done[state] += 1
    return done


def _keep(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    now: datetime,
    letter_id: str,
    result: Result,
) -> str:
    """Marks and logs in one transaction; again where another writer was in the way.

    A letter that can't be marked stays in `sending` and becomes `unknown` later.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with write_session(engine) as session:
                letter = session.get_one(Letter, letter_id)
                return _mark(Context(session, now, settings, log_key), letter, result)
        except (log_rows.HeadMoved, IntegrityError, OperationalError):
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _mark(ctx: Context, letter: Letter, result: Result) -> str:
    if result.state == "deferred":
        again = outbox.mark_deferred(ctx.session, letter, ctx.now, result.answer)
        if again:
            return outbox.DEFERRED
        _bounced(ctx, letter, result.answer)
        return outbox.BOUNCED
    if result.state == "sent" and outbox.mark_sent(ctx.session, letter.id, ctx.now, result.answer):
        _witnessed(ctx, letter)
        _append(ctx, letter, "letter.sent")
    if result.state == "bounced" and outbox.mark_bounced(ctx.session, letter.id, result.answer):
        _bounced(ctx, letter, result.answer)
    if result.state == "unknown" and outbox.mark_unknown(ctx.session, letter.id, result.answer):
        letter.answer = result.answer
        _unknown(ctx, letter)
    return result.state


def _bounced(ctx: Context, letter: Letter, answer: str) -> None:
    _append(ctx, letter, "letter.failed")
    _tell(ctx, letter, bounced=True, answer=answer)


def _unknown(ctx: Context, letter: Letter) -> None:
    """It may have arrived, so bundles repeat its checkpoint; no leaf says more than we know."""
    _witnessed(ctx, letter)
    _tell(ctx, letter, bounced=False, answer=letter.answer or "")


def _witnessed(ctx: Context, letter: Letter) -> None:
    if letter.demand_id and letter.checkpoint and letter.checkpoint_size is not None:
        log_rows.keep_checkpoint(
            ctx.session, letter.demand_id, letter.checkpoint_size, letter.checkpoint
        )


def _append(ctx: Context, letter: Letter, event: str) -> None:
    if letter.demand_id is None or letter.checkpoint_size is None:
        return
    body = build.plain(
        event,
        letter.demand_id,
        build.new_nonce(),
        letter=letter.kind,
        to=_as_line(letter.to_email),
        messageId=_as_line(letter.message_id),
        checkpointSize=letter.checkpoint_size,
    )
    ledger.append(ctx, letter.demand_id, [(event, body)])


def _as_line(value: str) -> str:
    """`value` as the log takes it: an address that is none must not stop its own report."""
    tidy = text.typed(one_line(value))
    return tidy if tidy and text.problem(tidy) is None else "unreadable"


def _tell(ctx: Context, letter: Letter, *, bounced: bool, answer: str) -> None:
    """Tells the lead controller's case handlers, unless it's such a letter that failed."""
    demand = None if letter.demand_id is None else ctx.session.get(Demand, letter.demand_id)
    if demand is None or demand.issued_at is None or letter.kind == "delivery_problem":
        return
    problem = letters.delivery_problem(
        about(ctx, demand),
        to_name=letter.to_name,
        to_email=letter.to_email,
        subject=letter.subject,
        bounced=bounced,
        answer=answer,
    )
    post.write_to(
        ctx,
        post.case_handlers(ctx, demand),
        letter=problem,
        key=f"delivery:{letter.id}",
        demand=demand,
    )
