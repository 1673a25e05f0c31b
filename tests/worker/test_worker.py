"""The real worker, in a process of its own, on both databases."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from attest import worker
from attest.database import outbox
from attest.database.engine import write_session
from attest.database.tables import Letter, LogHead
from attest.services.instance import load_log_key
from attest.services.upkeep.heartbeat import last_beat
from attest.services.upkeep.stamping import authority
from attest.settings import SettingsError
from tests import tsa_server
from tests.mail_server import HOST, Behaviour, mail_server, settings_for
from tests.rows import letter_columns, opened
from tests.worker.house import PATIENCE, until
from tests.worker.house import house as house


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
        # Not before it has heard: the next letter would be a matter of who is quicker.
        hears_of_its_end(process)
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


def hears_of_its_end(process: subprocess.Popen[str]) -> None:
    """Waits until the worker says that it was told to stop."""
    assert process.stdout is not None
    assert any("worker stops" in line for line in process.stdout)


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


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=365)])
def test_a_clock_that_was_put_back_ends_no_tick(tmp_path, back):
    settings = settings_for(tmp_path)
    with opened(settings.database_url) as engine:
        made = worker.Worker(settings, engine, load_log_key(settings))
        scheduler = worker._schedule(made)
        scheduler.start(paused=True)
        try:
            now = datetime.now(UTC)
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now + job.trigger.interval)
            worker.catch_up(scheduler, now)
            assert all(job.next_run_time > now for job in scheduler.get_jobs())
            worker.catch_up(scheduler, now - back)
            assert all(job.next_run_time == now - back for job in scheduler.get_jobs())
        finally:
            scheduler.shutdown()
