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


@pytest.mark.parametrize("many", [False, True])
def test_what_a_letter_refers_to_is_written_first(database_url, many):
    with opened(database_url) as engine, write_session(engine) as session:
        carrier = Letter(**letter_columns("carrier"), state=outbox.QUEUED, attempts=0)
        session.add(carrier)
        columns = letter_columns("along", carried_by_id=carrier.id)
        if many:
            assert outbox.queue_all(session, [columns]) == {"along"}
        else:
            assert outbox.queue(session, **columns)


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
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0
        new += int(out)
    with opened(database_url) as engine, read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 40
    assert new == 40


def test_a_claim_takes_what_is_due_oldest_first(database_url):
    with opened(database_url) as engine:
        put(engine, "later", next_attempt_at=NOW + minutes(1))
        # When its turn came counts, not when it was written.
        put(engine, "second", queued_at=NOW - minutes(9))
        put(engine, "first", next_attempt_at=NOW - minutes(1))
        assert [letter.key for letter in claimed(engine)] == ["first", "second"]
        assert [letter.key for letter in claimed(engine)] == []
        assert [letter.key for letter in claimed(engine, NOW + minutes(1))] == ["later"]


def test_a_claim_is_dated_and_counts_for_nothing_yet(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert (letter.state, letter.attempts, letter.claimed_at) == ("sending", 0, NOW)
        assert letter.claim is not None
        assert letter.handed_at is None


def test_what_an_act_wrote_comes_before_what_chases(database_url):
    with opened(database_url) as engine:
        put(engine, "chases", time_zone="Europe/London", next_attempt_at=NOW - minutes(9))
        put(engine, "of an act")
        assert [letter.key for letter in claimed(engine)] == ["of an act", "chases"]


def test_what_is_carried_is_claimed_and_marked_with_what_carries_it(database_url):
    with opened(database_url) as engine:
        put(engine, "carrier")
        carrier = stored(engine)
        put(engine, "b", "c", carried_by_id=carrier.id)
        (letter,) = claimed(engine)
        assert letter.key == "carrier"
        with write_session(engine) as session:
            message = outbox.held(session, letter)
            assert message[0].key == "carrier"
            assert sorted(row.key for row in message) == ["b", "c", "carrier"]
            outbox.mark(message, "sent", "250 OK", NOW)
        with read_session(engine) as session:
            assert set(session.scalars(select(Letter.state))) == {"sent"}


def test_what_is_carried_and_was_dropped_stays_behind(database_url):
    with opened(database_url) as engine:
        put(engine, "carrier")
        put(engine, "b", carried_by_id=stored(engine).id, state="dropped")
        (letter,) = claimed(engine)
        with write_session(engine) as session:
            assert [row.key for row in outbox.held(session, letter)] == ["carrier"]


def test_a_claim_takes_no_more_than_its_limit(database_url):
    with opened(database_url) as engine:
        put(engine, *(f"key:{n}" for n in range(5)))
        assert len(claimed(engine, limit=2)) == 2
        assert len(claimed(engine, limit=9)) == 3


@pytest.mark.usefixtures("patient")
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


def marked(engine, letter: Letter, state: str, answer: str, now=NOW) -> bool:
    """Marks it as a worker does, if that still holds its claim."""
    with write_session(engine) as session:
        message = outbox.held(session, letter)
        outbox.mark(message, state, answer, now)
        return bool(message)


def handed_over(engine, letter: Letter, now=NOW) -> bool:
    with write_session(engine) as session:
        message = outbox.held(session, letter)
        outbox.hand_over(message, now)
        return bool(message)


def test_sent(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert marked(engine, letter, "sent", "250 OK", NOW + minutes(1))
        kept = stored(engine)
        assert (kept.state, kept.sent_at, kept.answer) == ("sent", NOW + minutes(1), "250 OK")
        assert (kept.attempts, kept.claim) == (1, None)
        assert claimed(engine, NOW + timedelta(days=9)) == []
        # Whatever that worker hears now, it has marked the letter.
        assert not marked(engine, letter, "bounced", "550 No")
        assert stored(engine).state == "sent"


def test_pauses_grow_until_the_letter_is_given_up(database_url):
    now = NOW
    pauses = []
    with opened(database_url) as engine:
        put(engine, "one")
        while True:
            (letter,) = claimed(engine, now)
            with write_session(engine) as session:
                (held,) = outbox.held(session, letter)
                pause = outbox.pause(held)
                if pause is None:
                    break
                outbox.put_off([held], "451 Later", now + pause, counts=True)
            kept = stored(engine)
            assert (kept.state, kept.answer, kept.claim) == ("deferred", "451 Later", None)
            pauses.append(pause)
            assert claimed(engine, kept.next_attempt_at - timedelta(seconds=1)) == []
            now = kept.next_attempt_at
    assert pauses == sorted(pauses)
    assert now - NOW > timedelta(days=4)


def test_what_was_not_about_the_letter_is_tried_for_ever(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        for number in range(40):
            (letter,) = claimed(engine, NOW + minutes(number))
            with write_session(engine) as session:
                (held,) = outbox.held(session, letter)
                assert outbox.pause(held) == outbox.PAUSES[0]
                outbox.put_off([held], "no answer", NOW + minutes(number + 1), counts=False)
        assert stored(engine).attempts == 0


@pytest.mark.parametrize("state", ["bounced", "unknown"])
def test_a_bounced_or_unknown_letter_is_never_sent_again(database_url, state):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert marked(engine, letter, state, "550 No such user")
        kept = stored(engine)
        assert (kept.answer, kept.sent_at) == ("550 No such user", None)
        assert claimed(engine, NOW + timedelta(days=9)) == []


def test_a_key_is_free_again_only_where_a_dropped_letter_frees_it(database_url):
    with opened(database_url) as engine:
        put(engine, "stays", "goes")
        with write_session(engine) as session:
            for letter in session.scalars(select(Letter)):
                outbox.drop(letter, "not needed", frees_key=letter.key == "goes")
        put(engine, "goes")
        with write_session(engine) as session:
            assert not outbox.queue(session, **letter_columns("stays"))


def left_behind(engine, now) -> tuple[list[str], list[str]]:
    with write_session(engine) as session:
        back, unknown = outbox.left_behind(session, now)
        return [row.key for row in back], [row.key for row in unknown]


def test_what_a_dead_worker_had_handed_over_becomes_unknown_and_is_not_sent_again(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert handed_over(engine, letter)
        assert left_behind(engine, NOW + outbox.CLAIM_LASTS) == ([], [])
        after = NOW + outbox.CLAIM_LASTS + timedelta(seconds=1)
        assert left_behind(engine, after) == ([], ["one"])
        assert stored(engine).state == "unknown"
        assert claimed(engine, NOW + timedelta(days=9)) == []


def test_what_was_handed_over_once_and_put_off_is_not_lost_at_its_next_turn(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        with write_session(engine) as session:
            message = outbox.held(session, letter)
            outbox.hand_over(message, NOW)
            outbox.put_off(message, "451 Later", NOW + minutes(1), counts=True)
        later = NOW + outbox.CLAIM_LASTS + minutes(1)
        assert len(claimed(engine, later)) == 1
        assert left_behind(engine, later) == ([], [])


def test_what_a_dead_worker_never_handed_over_was_not_sent_and_goes_back(database_url):
    with opened(database_url) as engine:
        put(engine, "one")
        (letter,) = claimed(engine)
        assert left_behind(engine, NOW + outbox.UNHANDED_LASTS) == ([], [])
        after = NOW + outbox.UNHANDED_LASTS + timedelta(seconds=1)
        assert left_behind(engine, after) == (["one"], [])
        kept = stored(engine)
        assert (kept.state, kept.attempts, kept.claim) == ("queued", 0, None)
        (again,) = claimed(engine, after)
        # The worker was only slow: its claim is gone, so it sends and marks nothing.
        assert not handed_over(engine, letter)
        assert not marked(engine, letter, "sent", "250 OK")
        assert handed_over(engine, again)


def test_what_is_given_back_is_as_it_was_before(database_url):
    with opened(database_url) as engine:
        put(engine, "new")
        put(engine, "tried", state="deferred", attempts=2, answer="451 Later")
        letters = claimed(engine)
        with write_session(engine) as session:
            outbox.release(session, letters)
        with read_session(engine) as session:
            rows = session.execute(select(Letter.key, Letter.state, Letter.attempts)).all()
        assert sorted(tuple(row) for row in rows) == [
            ("new", "queued", 0),
            ("tried", "deferred", 2),
        ]
        assert len(claimed(engine)) == 2
