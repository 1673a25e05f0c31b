"""The real worker, in a process of its own, on both databases."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from attest import worker
from attest.database import log_rows, outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter, LogHead, Timestamp
from attest.services.heartbeat import last_beat
from attest.services.instance import load_log_key
from attest.services.stamping import authority
from attest.settings import Settings, SettingsError
from tests import tsa_server
from tests.mail_server import HOST, Behaviour, mail_server, settings_for
from tests.rows import add_issued_case, letter_columns, opened

# The worker with its clock moved by so many seconds.
WORKER = """
import sys
from datetime import timedelta
from attest.settings import Settings
from attest.worker import clock, run
run(Settings.load(), now=lambda: clock() + timedelta(seconds=float(sys.argv[1])))
"""
PATIENCE = 60
# A Tuesday morning and no holiday. Letters that chase would wait until people work, and these
# tests run at any hour of any day.
BEGUN = datetime(2013, 3, 19, 11, 0, tzinfo=UTC)
DUE = date(2013, 3, 14)  # three working days before: the liaison and the officer get a letter


@dataclass
class House:
    """An instance whose one demand has been overdue for three working days."""

    settings: Settings
    demand_id: str
    moved: timedelta

    def now(self) -> datetime:
        """The time that it is in the house: from BEGUN on."""
        return worker.clock() + self.moved

    def once(self, settings: Settings | None = None) -> None:
        """One round of everything, in this process."""
        worker.run(settings or self.settings, once=True, now=self.now)

    def letters(self) -> list[Letter]:
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            return list(session.scalars(select(Letter)))

    def log_size(self) -> int:
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            head = log_rows.read_head(session, self.demand_id)
            assert head is not None
            return head.size

    def timestamps(self) -> list[int]:
        """The sizes that have one."""
        with opened(self.settings.database_url) as engine, read_session(engine) as session:
            return list(session.scalars(select(Timestamp.size).order_by(Timestamp.size)))

    def files(self) -> list[Path]:
        return sorted(self.settings.mail_path.glob("*.eml"))

    @contextmanager
    def process(self, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """The worker as a process. It's ended, and must have ended well unless it was killed."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(self.moved.total_seconds())],
            env={
                **os.environ,
                "ATTEST_INSTANCE_PATH": str(self.settings.instance_path),
                "ATTEST_SEND_SECONDS": "1",
                "ATTEST_CHASE_SECONDS": "1",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            output, _ = process.communicate(timeout=PATIENCE)
            print(output)
        assert process.returncode in (0, -signal.SIGKILL)

    def rounds(self, process: subprocess.Popen[str], count: int) -> None:
        """Waits until the worker has done that many more rounds."""
        for _ in range(count):
            until(self._beat_since(last_beat(self.settings)), process)

    def _beat_since(self, before: datetime | None) -> Callable[[], bool]:
        return lambda: last_beat(self.settings) != before


def until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Looks again and again until something is so; fails when the worker ends or time is up."""
    pause = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert process.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, "it took too long"
        pause.wait(0.05)


@pytest.fixture
def house(database_url, tmp_path):
    settings = settings_for(tmp_path, database_url=database_url)
    with opened(database_url) as engine, write_session(engine) as session:
        case = add_issued_case(session, load_log_key(settings))
        demand = session.get_one(Demand, case.demand.id)
        demand.issued_at = BEGUN - timedelta(days=40)
        demand.due_on = DUE
        demand_id = demand.id
    return House(settings, demand_id, BEGUN - worker.clock())


def test_the_worker_writes_one_letter_a_rung_and_a_restart_changes_nothing(house):
    with house.process() as process:
        until(lambda: len(house.files()) == 2, process)
        house.rounds(process, 2)
    with house.process() as process:
        house.rounds(process, 3)
    letters = house.letters()
    assert Counter(letter.kind for letter in letters) == {"escalation": 2}
    assert len({letter.to_email for letter in letters}) == 2
    assert {letter.state for letter in letters} == {"sent"}
    assert len(house.files()) == 2
    assert house.log_size() == 4 + 2


def test_two_workers_at_once_write_one_letter_a_rung(house):
    with house.process() as first, house.process() as second:
        until(lambda: len(house.files()) == 2, first)
        house.rounds(first, 1)
        house.rounds(second, 1)
    assert len(house.letters()) == 2
    assert len(house.files()) == 2
    assert house.log_size() == 4 + 2


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_it_is_told_to(house, told):
    with house.process() as process:
        house.rounds(process, 1)
        process.send_signal(told)
        assert process.wait(timeout=PATIENCE) == 0


def test_a_letter_that_is_being_sent_is_finished_first(house):
    """SIGTERM comes while the mail server thinks; the letter is still marked and logged."""
    asked, answer = threading.Event(), threading.Event()
    with slow_server(asked, answer) as port, house.process(**smtp(port)) as process:
        assert asked.wait(PATIENCE)
        process.send_signal(signal.SIGTERM)
        answer.set()
        assert process.wait(timeout=PATIENCE) == 0
    assert sorted(letter.state for letter in house.letters()) == ["queued", "sent"]
    assert house.log_size() == 4 + 1


def test_a_worker_that_is_killed_while_sending_sends_nothing_twice(house):
    asked, answer = threading.Event(), threading.Event()
    with slow_server(asked, answer) as port, house.process(**smtp(port)) as process:
        assert asked.wait(PATIENCE)
        process.kill()
        process.wait(timeout=PATIENCE)
        answer.set()
    # Both were claimed, and one of them was handed over.
    assert {letter.state for letter in house.letters()} == {"sending"}
    assert sorted(letter.handed_at is None for letter in house.letters()) == [False, True]
    with opened(house.settings.database_url) as engine, write_session(engine) as session:
        # As if the time had passed that a claim of what was not handed over lasts.
        session.execute(update(Letter).values(claimed_at=house.now() - 2 * outbox.UNHANDED_LASTS))
    behaviour = Behaviour()
    with mail_server(behaviour) as port, house.process(**smtp(port)) as process:
        until(lambda: len(behaviour.received) == 1, process)
        house.rounds(process, 2)
    assert len(behaviour.received) == 1
    assert sorted(letter.state for letter in house.letters()) == ["sending", "sent"]


def smtp(port: int) -> dict[str, str]:
    return {"ATTEST_SMTP_HOST": HOST, "ATTEST_SMTP_PORT": str(port), "ATTEST_SMTP_TLS": "none"}


@contextmanager
def slow_server(asked: threading.Event, answer: threading.Event) -> Iterator[int]:
    """Takes one letter, sets `asked`, and says 250 once `answer` is set."""
    with socket.create_server((HOST, 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 hi\r\n")
                try:
                    for line in lines:
                        if line.upper().startswith(b"DATA"):
                            connection.sendall(b"354 go on\r\n")
                            while lines.readline() != b".\r\n":
                                pass
                            asked.set()
                            answer.wait(PATIENCE)
                        connection.sendall(b"250 OK\r\n")
                except OSError:
                    pass  # it was killed

        thread = threading.Thread(target=talk)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(PATIENCE)


def test_once_chases_and_sends_and_comes_back(house):
    house.once()
    assert {letter.state for letter in house.letters()} == {"sent"}
    assert len(house.files()) == 2
    house.once()
    assert len(house.files()) == 2


def test_once_gets_a_timestamp_over_what_the_log_has_become(house, tmp_path):
    with tsa_server.authority() as running:
        settings = running.settings(house.settings, tmp_path)
        house.once(settings)
        house.once(settings)
    assert house.timestamps() == [house.log_size()] == [4 + 2]
    assert len(running.asked) == 1


def test_letters_go_out_while_the_authority_thinks(house, tmp_path):
    with (
        tsa_server.authority(tsa_server.hangs) as running,
        house.process(**running.environment(tmp_path)) as process,
    ):
        assert running.waiting.wait(PATIENCE)
        until(lambda: len(house.files()) == 2, process)
        house.rounds(process, 2)
        assert house.timestamps() == []
        running.go_on.set()
        until(lambda: len(house.timestamps()) == 1, process)


def test_a_worker_that_is_killed_while_it_asks_leaves_nothing_half(house, tmp_path):
    with tsa_server.authority(tsa_server.hangs) as running:
        with house.process(**running.environment(tmp_path)) as process:
            assert running.waiting.wait(PATIENCE)
            process.kill()
            process.wait(timeout=PATIENCE)
        assert house.timestamps() == []
        with opened(house.settings.database_url) as engine, write_session(engine) as session:
            # As if the time that a claim lasts had passed.
            session.execute(update(LogHead).values(stamp_next_at=house.now()))
        running.go_on.set()
        house.once(running.settings(house.settings, tmp_path))
    assert house.timestamps() == [house.log_size()]


def test_roots_that_are_none_say_so_at_the_start(house, tmp_path):
    (tmp_path / "roots.pem").write_text("nothing")
    settings = replace(
        house.settings, tsa_url="http://127.0.0.1:9/", tsa_roots=tmp_path / "roots.pem"
    )
    with pytest.raises(SettingsError, match="tsa_roots is wrong"):
        worker.run(settings, once=True)


def test_the_clock_of_the_worker_counts_whole_seconds_in_utc():
    now = worker.clock()
    assert (now.tzinfo, now.microsecond) == (UTC, 0)


def test_the_worker_can_be_given_another_time(house):
    early = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
    worker.run(house.settings, once=True, now=lambda: early)
    assert house.letters() == []
    assert last_beat(house.settings) == early


def test_a_database_without_a_schema_says_what_to_do(tmp_path):
    settings = settings_for(tmp_path)
    with pytest.raises(SettingsError, match="attest db upgrade"):
        worker.run(settings, once=True)


def test_a_missing_log_key_says_what_to_do(house):
    house.settings.log_key_path.unlink()
    with pytest.raises(SettingsError, match="attest init"):
        worker.run(house.settings, once=True)


def test_a_tick_that_fails_does_not_end_the_worker(house):
    """Chasing can't work without its table; sending goes on, and nothing secret is told."""
    with opened(house.settings.database_url) as engine, write_session(engine) as session:
        session.add(Letter(**letter_columns("a letter", state="queued", attempts=0)))
        session.execute(text("ALTER TABLE store RENAME TO store_that_was"))
        session.execute(text("ALTER TABLE named_file RENAME TO file_that_was"))
    with house.process() as process:
        until(lambda: len(house.files()) == 1, process)
        house.rounds(process, 2)
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert "tick failed" in output
    assert house.settings.secret_key not in output
    assert "tom.beck@halden.example" not in output


def test_jobs_never_pile_up(tmp_path):
    settings = settings_for(tmp_path)
    with opened(settings.database_url) as engine:
        made = worker.Worker(settings, engine, load_log_key(settings))
        scheduler = worker._schedule(made)
        scheduler.start(paused=True)
        try:
            jobs = {job.id: job for job in scheduler.get_jobs()}
        finally:
            scheduler.shutdown()
    assert set(jobs) == {"chase", "send"}
    for job in jobs.values():
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
    assert jobs["send"].trigger.interval == timedelta(seconds=settings.send_seconds)
    assert jobs["chase"].trigger.interval == timedelta(seconds=settings.chase_seconds)


def test_timestamps_are_a_job_of_their_own_where_an_authority_is_set(tmp_path):
    with tsa_server.authority() as running:
        settings = running.settings(settings_for(tmp_path), tmp_path)
    with opened(settings.database_url) as engine:
        made = worker.Worker(settings, engine, load_log_key(settings), asked=authority(settings))
        scheduler = worker._schedule(made)
        scheduler.start(paused=True)
        try:
            jobs = {job.id: job for job in scheduler.get_jobs()}
        finally:
            scheduler.shutdown()
    assert set(jobs) == {"chase", "send", "stamp"}
    assert (jobs["stamp"].max_instances, jobs["stamp"].coalesce) == (1, True)
