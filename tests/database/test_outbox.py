import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Letter
from tests.rows import NOW, letter_columns, minutes, opened

# Run by two processes at once: each queues the same keys and says how many were new.
QUEUER = """
import sys
from attest.database import outbox
from attest.database.engine import make_engine, write_session
from tests.rows import letter_columns

engine = make_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
new = 0
for number in range(40):
    with write_session(engine) as session:
        new += outbox.queue(session, **letter_columns(f"rung:{number}"))
engine.dispose()
print(new)
"""


def put(engine, *keys: str, **more: Any) -> None:
    with write_session(engine) as session:
        for key in keys:
            assert outbox.queue(session, **letter_columns(key, **more))


def claimed(engine, now=NOW, limit=10) -> list[Letter]:
    with write_session(engine) as session:
        return outbox.claim(session, now, limit)


def stored(engine) -> Letter:
    with read_session(engine) as session:
        return session.scalars(select(Letter)).one()


def test_a_key_is_queued_once(database_url):
    with opened(database_url) as engine:
        put(engine, "rung:1")
        with write_session(engine) as session:
            assert not outbox.queue(session, **letter_columns("rung:1", subject="Another"))
        assert stored(engine).subject == "ND-2013-004: 5 files are due"


def test_a_key_that_is_known_spoils_nothing_else_in_the_transaction(database_url):
    with opened(database_url) as engine:
        put(engine, "rung:1")
        with write_session(engine) as session:
            assert outbox.queue(session, **letter_columns("rung:2"))
            assert not outbox.queue(session, **letter_columns("rung:1"))
            assert outbox.queue(session, **letter_columns("rung:3"))
        with read_session(engine) as session:
            keys = session.scalars(select(Letter.key).order_by(Letter.key)).all()
            assert keys == ["rung:1", "rung:2", "rung:3"]


def test_two_processes_write_one_letter_a_key(database_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", QUEUER, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    new = 0
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        new += int(out)
    with opened(database_url) as engine, read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 40
    assert new == 40


def test_a_claim_takes_what_is_due_oldest_first(database_url):
    with opened(database_url) as engine:
        put(engine, "later", next_attempt_at=NOW + minutes(1))
        put(engine, "second")
        put(engine, "first", next_attempt_at=NOW - minutes(1))
        assert [letter.key for letter in claimed(engine)] == ["first", "second"]
        assert [letter.key for letter in claimed(engine)] == []
        assert [letter.key for letter in claimed(engine, NOW + minutes(1))] == ["later"]


def test_a_claim_is_counted_and_dated(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert (letter.state, letter.attempts, letter.claimed_at) == ("sending", 1, NOW)


def test_a_claim_takes_no_more_than_its_limit(database_url):
    with opened(database_url) as engine:
        put(engine, *(f"key:{n}" for n in range(5)))
        assert len(claimed(engine, limit=2)) == 2
        assert len(claimed(engine, limit=9)) == 3


def test_workers_at_once_share_the_letters(database_url):
    workers = 4
    start = threading.Barrier(workers)
    with opened(database_url) as engine:
        put(engine, *(f"key:{n:02d}" for n in range(40)))

        def work() -> list[str]:
            start.wait()
            keys: list[str] = []
            while letters := claimed(engine, limit=3):
                keys += [letter.key for letter in letters]
            return keys

        with ThreadPoolExecutor(workers) as pool:
            taken = [
                key for run in [pool.submit(work) for _ in range(workers)] for key in run.result()
            ]
        assert sorted(taken) == [f"key:{n:02d}" for n in range(40)]


def test_sent(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        with write_session(engine) as session:
            assert outbox.mark_sent(session, letter.id, NOW + minutes(1), "250 OK")
        kept = stored(engine)
        assert (kept.state, kept.sent_at, kept.answer) == ("sent", NOW + minutes(1), "250 OK")
        assert claimed(engine, NOW + timedelta(days=9)) == []


def test_only_a_letter_that_is_being_sent_can_be_marked(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        letter = stored(engine)
        with write_session(engine) as session:
            assert not outbox.mark_sent(session, letter.id, NOW, "250 OK")
            assert not outbox.mark_bounced(session, letter.id, "550 No")
            assert not outbox.mark_unknown(session, letter.id, "gone")
        assert stored(engine).state == "queued"


def test_pauses_grow_until_the_letter_is_given_up(database_url):
    now = NOW
    pauses = []
    with opened(database_url) as engine:
        put(engine, "one")
        while True:
            (letter,) = claimed(engine, now)
            with write_session(engine) as session:
                again = outbox.mark_deferred(session, letter, now, "451 Later")
            kept = stored(engine)
            if not again:
                break
            assert kept.state == "deferred"
            pauses.append(kept.next_attempt_at - now)
            assert claimed(engine, kept.next_attempt_at - timedelta(seconds=1)) == []
            now = kept.next_attempt_at
    assert pauses == sorted(pauses)
    assert now - NOW > timedelta(days=4)
    assert kept.state == "bounced"
    assert kept.answer == f"given up after {len(pauses) + 1} attempts: 451 Later"


@pytest.mark.parametrize("mark", [outbox.mark_bounced, outbox.mark_unknown])
def test_a_bounced_or_unknown_letter_is_never_sent_again(database_url, mark):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        with write_session(engine) as session:
            assert mark(session, letter.id, "550 No such user")
        assert stored(engine).answer == "550 No such user"
        assert claimed(engine, NOW + timedelta(days=9)) == []


def test_what_a_dead_worker_left_becomes_unknown_and_is_not_sent_again(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        claimed(engine)
        with write_session(engine) as session:
            assert outbox.left_behind(session, NOW + outbox.CLAIM_LASTS) == []
        after = NOW + outbox.CLAIM_LASTS + timedelta(seconds=1)
        with write_session(engine) as session:
            assert [letter.key for letter in outbox.left_behind(session, after)] == ["one"]
        assert stored(engine).state == "unknown"
        assert claimed(engine, NOW + timedelta(days=9)) == []
