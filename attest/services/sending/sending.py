"""Sends what is in the outbox over one connection, and keeps what became of each letter.

Letters are claimed a few at a time, in one transaction. Each is handed over in a second one, once
the mail server wants it, and marked in a third (database/outbox.py says what a crash leaves). No
transaction is open while the mail server is talked to. A letter carries the checkpoint that is the
newest when it is handed over, which bundles repeat from then on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from attest.database import log_rows, outbox
from attest.database.engine import write_session
from attest.database.tables import Demand, Letter
from attest.mail import digest_letters
from attest.mail.delivery import Build, Delivery, Result
from attest.services.chasing import together
from attest.services.context import Context
from attest.services.letters.letter_events import drop
from attest.services.notices import delivery_problems
from attest.services.sending import delivered, digests, rewording, still_asked
from attest.services.sending.outgoing import prepare
from attest.settings import Settings
from attest.signing import PrivateKey

# How many letters are claimed together: few enough for a new letter of an act to get its turn
# soon, and for little to lie still where a worker dies.
_BATCH = 10
# For how long a batch is worked on. What is left then is given back, and asked once more whether
# it still goes: files are settled while a slow mail server takes its time.
_FRESH = timedelta(seconds=20)

# A letter that cannot be written as it should leave is tried again after this.
_AGAIN = timedelta(hours=1)

# How often marking is tried again where somebody else holds the log's head for long.
_ATTEMPTS = 5

# How long the line rests after the first, second, … time in a row that it could not be used: a
# wrong password that is tried every few seconds locks an account.
_RESTS = tuple(timedelta(seconds=s) for s in (0, 5, 15, 60, 300))

_log = structlog.get_logger(__name__)


class Sender:
    """Sends letters for one worker. What it remembers is only when the line may be tried again."""

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
        self._delivery = Delivery(settings)
        self._failures = 0
        self._rests_until: datetime | None = None
        # What the mail server said, and when, of letters that could not be marked at once.
        self._owed: list[tuple[Letter, Result, datetime]] = []

    def round(
        self, limit: int | None = None, stopping: Callable[[], bool] = lambda: False
    ) -> Counter[str]:
        """Sends up to `limit` letters that are due (all of them without one), until told to stop.

        Gives how many were `sent`, `deferred`, `bounced`, `dropped` and left `unknown`.
        """
        done: Counter[str] = Counter()
        self._settle(done)
        self._look_behind(done)
        if self._rests():
            return done
        try:
            while not stopping() and (limit is None or done.total() < limit):
                most = _BATCH if limit is None else min(_BATCH, limit - done.total())
                claimed, batch = self._claim(most, done)
                if not claimed or not self._send(batch, done, stopping):
                    break
        finally:
            self._delivery.close()
        return done

    def _rests(self) -> bool:
        """Whether the line may not be tried yet; a clock that was put back ends that."""
        until, now = self._rests_until, self._now()
        return until is not None and now < until <= now + _RESTS[-1]

    def _context(self, session: Session) -> Context:
        return Context(session, self._now(), self._settings, self._log_key)

    def _settle(self, done: Counter[str]) -> None:
        """Marks what the database could not take before: their fate is known as long as this
        process lives and the claim stands."""
        owed, self._owed = self._owed, []
        for letter, result, at in owed:
            try:
                self._note_letter(letter, self._keep(letter, result, at), done)
            except (log_rows.HeadMoved, SQLAlchemyError) as error:
                _log.error("not marked", id=letter.id, error=type(error).__name__)

    def _look_behind(self, done: Counter[str]) -> None:
        """Takes up what workers that died have left."""
        with write_session(self._engine) as session:
            ctx = self._context(session)
            # Before the letters' rows, as every act does: two who wait for each other never meet.
            about = select(Letter.demand_id).where(*outbox.is_lost(ctx.now))
            log_rows.hold(session, Demand.id.in_(about))
            back, lost = outbox.left_behind(session, ctx.now)
            delivered.unknown(ctx, lost)
            done[outbox.UNKNOWN] += len(lost)
        for letter in back:
            _log.warning("taken back", id=letter.id)

    def _claim(self, most: int, done: Counter[str]) -> tuple[bool, list[Letter]]:
        """Claims letters; gives whether there were any, and those that are to be sent now."""
        with write_session(self._engine) as session:
            ctx = self._context(session)
            claimed = outbox.claim(session, ctx.now, most)
            along = outbox.carried(session, claimed)
            batch = [each for each in claimed if self._goes(ctx, each, along[each.id], done)]
        return bool(claimed), batch

    def _goes(
        self, ctx: Context, letter: Letter, along: Sequence[Letter], done: Counter[str]
    ) -> bool:
        """As `_still_goes`; one letter that cannot be looked at must not keep all others back."""
        found: Counter[str] = Counter()
        try:
            with ctx.session.begin_nested():
                goes = self._still_goes(ctx, letter, along, found)
        except SQLAlchemyError:
            raise
        except Exception as error:
            _log.error("not sent", id=letter.id, error=type(error).__name__)
            outbox.postpone(outbox.held(ctx.session, letter), ctx.now + _AGAIN)
            ctx.session.flush()
            return False
        done.update(found)
        return goes

    def _still_goes(
        self, ctx: Context, first: Letter, along: Sequence[Letter], done: Counter[str]
    ) -> bool:
        message = [first, *along]
        free = rewording.when_the_day_is_over(ctx, message, ctx.now)
        turn = still_asked.next_turn(ctx, message, free)
        if turn > ctx.now:
            outbox.postpone([first, *along], turn)
            return False
        asked = []
        for each in [first, *along]:
            why = still_asked.needless(ctx, each)
            if why is None:
                asked.append(each)
                rewording.reword(ctx, each)
                continue
            drop(ctx.session, each, ctx.now, why.why, frees_key=why.comes_again)
            done[outbox.DROPPED] += 1
        if first.kind == together.KIND:
            if len(asked) == 1:
                drop(ctx.session, first, ctx.now, "nothing is left of what it brought together")
                return False
            together.rewrite(ctx, first, asked[1:])
        elif first.kind == digest_letters.KIND and first in asked:
            if not digests.rewrite(ctx, first, asked[1:]):
                drop(ctx.session, first, ctx.now, "there is nothing to say any more")
                return False
        elif first.kind == delivery_problems.KIND:
            delivery_problems.rewrite(ctx, first)
        ctx.session.flush()
        return first in asked

    def _send(self, batch: list[Letter], done: Counter[str], stopping: Callable[[], bool]) -> bool:
        """Sends what was claimed; False where the mail server cannot be used for now."""
        waiting = list(batch)
        began = self._now()
        usable = True
        try:
            # The first one in any case, or a slow machine would never come to it.
            while usable and waiting and not stopping():
                usable = self._send_one(waiting.pop(0), done)
                if self._now() - began > _FRESH:
                    break
        finally:
            if waiting:
                with write_session(self._engine) as session:
                    outbox.release(session, waiting)
        return usable

    def _send_one(self, letter: Letter, done: Counter[str]) -> bool:
        result = self._delivery.send(
            letter.id,
            letter.to_name,
            letter.to_email,
            lambda build: self._hand_over(letter, build),
            self._now(),
        )
        if result is None:
            _log.warning("not handed over", id=letter.id)
            return True
        self._note_letter(letter, self._keep(letter, result, self._now()), done)
        return self._note_line(result)

    def _note_letter(self, letter: Letter, state: str | None, done: Counter[str]) -> None:
        # Neither the address nor the text: the link in it opens an account.
        _log.info("letter", id=letter.id, kind=letter.kind, state=state)
        if state is not None:
            done[state] += 1

    def _hand_over(self, letter: Letter, build: Build) -> bytes | None:
        """What is sent, down to its bytes; committed before the server gets it.

        None where the claim was lost, or the letter cannot be put together: then it waits.
        """
        with write_session(self._engine) as session:
            message = outbox.held(session, letter)
            if not message:
                return None
            now = self._now()
            try:
                with session.begin_nested():
                    outbox.hand_over(message, now)
                    return build(prepare(session, self._settings, now, message[0], message[1:]))
            except SQLAlchemyError:
                raise
            except Exception as error:
                _log.error("not sent", id=letter.id, error=type(error).__name__)
                outbox.postpone(outbox.held(session, letter), now + _AGAIN)
            return None

    def _keep(self, letter: Letter, result: Result, at: datetime) -> str | None:
        """Marks and logs in one transaction; again where another writer was in the way.

        A letter that can't be marked stays in `sending`: the next rounds try again, until it is
        `unknown`. `at` is when the mail server said so.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with write_session(self._engine) as session:
                    ctx = Context(session, at, self._settings, self._log_key)
                    return delivered.keep(ctx, letter, result)
            except (log_rows.HeadMoved, IntegrityError, OperationalError):
                if attempt == _ATTEMPTS:
                    self._owed.append((letter, result, at))
                    raise
        raise AssertionError("unreachable")

    def _note_line(self, result: Result) -> bool:
        """Whether the line can be used; where it could not be, it rests, for longer each time."""
        if not result.ours:
            self._failures, self._rests_until = 0, None
            return True
        rest = _RESTS[min(self._failures, len(_RESTS) - 1)]
        self._failures += 1
        self._rests_until = self._now() + rest
        _log.warning(
            "the mail server cannot be used", answer=result.answer, failures=self._failures
        )
        return False


def send_due(
    engine: Engine,
    settings: Settings,
    log_key: PrivateKey,
    now: datetime,
    limit: int | None = None,
) -> Counter[str]:
    """One round at `now`, by a sender that remembers nothing."""
    return +Sender(engine, settings, log_key, lambda: now).round(limit)
