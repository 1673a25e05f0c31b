import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from attest.database import log_rows
from attest.database.engine import read_session, write_session
from attest.database.tables import LogEntry
from tests.rows import NOW, add_case, opened


def entry(demand_id: str, seq: int) -> LogEntry:
    return LogEntry(
        demand_id=demand_id,
        seq=seq,
        at=NOW,
        type="letter.sent",
        leaf=b"leaf %d" % seq,
        body_hash=f"{seq:064x}",
        body=b"body %d" % seq,
    )


def head(size: int) -> dict[str, object]:
    return {
        "size": size,
        "root": bytes(32),
        "frontier": b"",
        "checkpoint": f"checkpoint of {size}",
        "updated_at": NOW,
    }


def test_entries_come_back_in_order_from_anywhere(database_url):
    size = log_rows.CHUNK * 2 + 3
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            rows = (entry(demand, seq) for seq in range(size))
            assert log_rows.insert_entries(session, rows) == size
        with read_session(engine) as session:
            assert [e.seq for e in log_rows.entries(session, demand)] == list(range(size))
            assert [e.seq for e in log_rows.entries(session, demand, size - 2)] == [
                size - 2,
                size - 1,
            ]
            assert next(log_rows.entries(session, demand, 7)).body == b"body 7"


def test_a_body_stands_once_in_a_log(database_url):
    with opened(database_url) as engine, write_session(engine) as session:
        demand = add_case(session).demand.id
        twin = entry(demand, 1)
        twin.body_hash = entry(demand, 0).body_hash
        with pytest.raises(IntegrityError):
            log_rows.insert_entries(session, [entry(demand, 0), twin])
        session.rollback()


def test_the_head_moves_from_the_size_that_was_seen(database_url):
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            assert log_rows.lock_head(session, demand) is None
            log_rows.compare_and_swap_head(session, demand, 0, **head(3))
        with write_session(engine) as session:
            locked = log_rows.lock_head(session, demand)
            assert locked is not None
            log_rows.compare_and_swap_head(session, demand, 3, **head(5))
            assert locked.size == 5
        with read_session(engine) as session:
            kept = log_rows.read_head(session, demand)
            assert kept is not None
            assert (kept.size, kept.checkpoint) == (5, "checkpoint of 5")


@pytest.mark.parametrize("expected", [0, 2, 4])
def test_a_head_that_has_moved_is_left_alone(database_url, expected):
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            log_rows.compare_and_swap_head(session, demand, 0, **head(3))
        with pytest.raises(log_rows.HeadMoved), write_session(engine) as session:
            log_rows.compare_and_swap_head(session, demand, expected, **head(9))
        with read_session(engine) as session:
            kept = log_rows.read_head(session, demand)
            assert kept is not None
            assert kept.size == 3


@pytest.mark.usefixtures("patient")
def test_writers_at_once_never_fork_a_log(database_url):
    """Each reads the head, adds a leaf and moves it: nothing is lost, nothing stands twice."""
    writers, rounds = 4, 10
    start = threading.Barrier(writers)
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            log_rows.compare_and_swap_head(session, demand, 0, **head(0) | {"size": 1})
            log_rows.insert_entries(session, [entry(demand, 0)])

        def write() -> None:
            start.wait()
            for _ in range(rounds):
                with write_session(engine) as session:
                    locked = log_rows.lock_head(session, demand)
                    assert locked is not None
                    size = locked.size
                    log_rows.insert_entries(session, [entry(demand, size)])
                    log_rows.compare_and_swap_head(session, demand, size, **head(size + 1))

        with ThreadPoolExecutor(writers) as pool:
            for done in [pool.submit(write) for _ in range(writers)]:
                done.result()
        with read_session(engine) as session:
            kept = log_rows.read_head(session, demand)
            assert kept is not None
            assert kept.size == writers * rounds + 1
            assert [e.seq for e in log_rows.entries(session, demand)] == list(range(kept.size))


@pytest.mark.usefixtures("patient")
def test_without_the_lock_the_second_writer_fails_and_the_log_stays_one(database_url):
    """Two sessions that both saw size 1: one of them gets through."""
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            log_rows.compare_and_swap_head(session, demand, 0, **head(1))
        both_have_read = threading.Barrier(2)

        def write(leaf: str) -> bool:
            with read_session(engine) as session:
                seen = log_rows.read_head(session, demand)
                assert seen is not None
                size = seen.size
            both_have_read.wait()
            try:
                with write_session(engine) as session:
                    log_rows.compare_and_swap_head(session, demand, size, **head(size + 1))
                    row = entry(demand, size)
                    row.body_hash = leaf * 64
                    log_rows.insert_entries(session, [row])
            except log_rows.HeadMoved:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(write, ["a", "b"])) == [False, True]
        with read_session(engine) as session:
            assert [e.seq for e in log_rows.entries(session, demand)] == [1]


def test_a_checkpoint_that_two_letters_carry_is_kept_once(database_url):
    with opened(database_url) as engine:
        with write_session(engine) as session:
            demand = add_case(session).demand.id
            for size in (9, 4, 9):
                log_rows.keep_checkpoint(session, demand, size, f"note {size}")
        with read_session(engine) as session:
            kept = log_rows.sent_checkpoints(session, demand)
            assert [(c.size, c.note) for c in kept] == [(4, "note 4"), (9, "note 9")]
