"""The worker: one process that sends the outbox, chases what is open, and gets timestamps.

| what | how often |
|---|---|
| chase: reopen what exceptions held open, queue due letters and digests | `chase_seconds` |
| send: deliver what is queued, log what became of it | `send_seconds` |
| bounces, where a mailbox is set: take what came back | `imap_seconds` |
| stamp, where an authority is set: get timestamps over checkpoints | `chase_seconds` |

Everything due is derived from the database at each tick, so the scheduler remembers nothing
(memory job store): a worker that was down catches up. Never start it inside a web server's
workers: each would run its own.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from attest.database.engine import make_engine, read_session, write_session
from attest.database.migrate import is_current
from attest.mail import own_templates
from attest.mail.imap import MailboxFailed
from attest.services.acts.reopening import demands_with_ended, reopen_ended
from attest.services.chasing.ticks import chase_due
from attest.services.context import Context
from attest.services.instance import load_log_key
from attest.services.notices.stamps_away import write_when_away
from attest.services.sending.digests import digests_due
from attest.services.sending.return_mailbox import ReturnedMail
from attest.services.sending.sending import Sender
from attest.services.upkeep.heartbeat import beat
from attest.services.upkeep.journal import set_up_journal
from attest.services.upkeep.stamping import Authority, authority, stamp_due
from attest.settings import Settings, SettingsError
from attest.signing import PrivateKey

# How often it is looked whether the clock was put back, by a clock that nobody puts back.
_LOOKS_SECONDS = 5
_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})

_log = structlog.get_logger(__name__)


def clock() -> datetime:
    """The time, in UTC and whole seconds: the only place where the worker reads it."""
    return datetime.now(UTC).replace(microsecond=0)


class Worker:
    """What the ticks share. A tick that fails is logged, and the next one tries again."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        log_key: PrivateKey,
        now: Callable[[], datetime] = clock,
        asked: Authority | None = None,
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.log_key = log_key
        self.now = now
        self.asked = asked
        self.stopping = threading.Event()
        self.sender = Sender(engine, settings, log_key, now)
        self.returned = ReturnedMail(engine, settings, log_key, now) if settings.imap_host else None

    def chase(self) -> int:
        """Reopens what an exception held open, queues the letters whose rung is reached, and the
        daily digests."""
        self._reopen()
        queued = chase_due(
            self.engine, self.settings, self.log_key, self.now(), self.stopping.is_set
        )
        if queued:
            _log.info("chased", letters=queued)
        return queued + digests_due(self.engine, self.settings, self.log_key, self.now())

    def _reopen(self) -> None:
        """Each demand in a transaction of its own: a damaged log must not stop the others."""
        with read_session(self.engine) as session:
            found = demands_with_ended(Context(session, self.now(), self.settings, self.log_key))
        for demand_id in found:
            try:
                with write_session(self.engine) as session:
                    reopen_ended(
                        Context(session, self.now(), self.settings, self.log_key), demand_id
                    )
            except Exception as error:
                _log.error("not reopened", demand=demand_id, error=type(error).__name__)

    def send(self) -> int:
        """Sends what is due, until nothing is or the worker is told to stop; gives how many."""
        done = self.sender.round(stopping=self._told_to_stop)
        beat(self.settings, self.now())
        return done.total()

    def _told_to_stop(self) -> bool:
        """Asked before each letter: a round that is long is no worker that stands still."""
        beat(self.settings, self.now())
        return self.stopping.is_set()

    def bounces(self) -> int:
        """Takes what came back to the mailbox; gives how many messages were handled."""
        if self.returned is None:
            return 0
        try:
            return self.returned.look(self.stopping.is_set)
        except MailboxFailed as error:
            _log.error("the mailbox cannot be read", why=str(error))
            return 0

    def stamp(self) -> int:
        """Gets the timestamps that are due; gives how many were kept.

        Where the authority stays away for long, the administrators are written to.
        """
        if self.asked is None:
            return 0
        done = stamp_due(
            self.engine, self.settings, self.log_key, self.asked, self.now, self.stopping.is_set
        )
        write_when_away(self.engine, self.settings, self.log_key, self.now())
        return done["kept"]


def run(settings: Settings, once: bool = False, now: Callable[[], datetime] = clock) -> None:
    """Runs until SIGTERM or SIGINT; with `once`, does each tick one time and comes back.

    A letter that is being delivered when the signal comes is finished first. Raises
    `SettingsError` where the log key or the schema is missing, or the authority's roots are wrong.
    """
    set_up_journal()
    log_key = load_log_key(settings)
    own_templates.report(settings.letters_path)
    asked = authority(settings)
    engine = make_engine(settings.database_url)
    try:
        if not is_current(engine):
            raise SettingsError(
                "The database is not up to date with this Attest. Run `attest db upgrade`."
            )
        worker = Worker(settings, engine, log_key, now, asked)
        if once:
            worker.chase()
            worker.send()
            worker.bounces()
            worker.stamp()
        else:
            _run_until_told(worker)
    finally:
        engine.dispose()


def _run_until_told(worker: Worker) -> None:
    # Blocked before the scheduler's threads start, so that they inherit it: the signal then
    # waits for `sigwait` in place of interrupting somebody who holds a lock.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    scheduler = _schedule(worker)
    watch = threading.Thread(target=_watch_the_clock, args=(scheduler, worker.stopping))
    try:
        scheduler.start()
        watch.start()
        _log.info("worker started", send_seconds=worker.settings.send_seconds)
        told = signal.sigwait(_SIGNALS)
        _log.info("worker stops", signal=signal.Signals(told).name)
    finally:
        worker.stopping.set()
        scheduler.shutdown(wait=True)
        if watch.ident is not None:
            watch.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _schedule(worker: Worker) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        # One each: an authority that is slow to answer keeps no letter waiting.
        executors={"default": ThreadPoolExecutor(4)},
        # A tick that was missed is made up for once, however late, and never runs twice at once.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        daemon=False,
    )
    ticks = [
        (worker.chase, worker.settings.chase_seconds),
        (worker.send, worker.settings.send_seconds),
    ]
    if worker.returned is not None:
        ticks.append((worker.bounces, worker.settings.imap_seconds))
    if worker.asked is not None:
        ticks.append((worker.stamp, worker.settings.chase_seconds))
    for tick, seconds in ticks:
        scheduler.add_job(
            _guarded(tick),
            IntervalTrigger(seconds=seconds, timezone=UTC),
            id=tick.__name__,
            next_run_time=datetime.now(UTC),
        )
    return scheduler


def _watch_the_clock(scheduler: BackgroundScheduler, stopping: threading.Event) -> None:
    while not stopping.wait(_LOOKS_SECONDS):
        catch_up(scheduler, datetime.now(UTC))


def catch_up(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Where the clock was put back, lets each tick run now.

    The scheduler would wait until the clock has come again to where it was: an hour, or a year.
    """
    for job in scheduler.get_jobs():
        due = job.next_run_time
        if due is not None and due - now > 2 * job.trigger.interval:
            _log.warning("the clock was put back", tick=job.id, was_due=due.isoformat())
            job.modify(next_run_time=now)


def _guarded(tick: Callable[[], int]) -> Callable[[], None]:
    def run_tick() -> None:
        try:
            tick()
        except Exception:
            _log.exception("tick failed", tick=tick.__name__)

    return run_tick
