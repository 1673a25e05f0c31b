from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from attest.database.engine import database_address, make_engine, read_session, write_session
from attest.database.tables import Duty, Organisation
from tests.rows import NOW, add_organisation, opened


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Organisation))


def add_and_fail(engine) -> None:
    with write_session(engine) as session:
        add_organisation(session, "Northshire")
        raise KeyError


def test_a_writer_commits_at_the_end(database_url):
    with opened(database_url) as engine:
        with write_session(engine) as session:
            add_organisation(session, "Northshire")
        with read_session(engine) as session:
            assert count(session) == 1


def test_a_writer_that_raises_leaves_nothing(database_url):
    with opened(database_url) as engine:
        with pytest.raises(KeyError):
            add_and_fail(engine)
        with read_session(engine) as session:
            assert count(session) == 0


def test_a_reader_cannot_write_and_a_writer_afterwards_can(database_url):
    with opened(database_url) as engine:
        with pytest.raises(DBAPIError), read_session(engine) as session:
            add_organisation(session, "Northshire")
        with write_session(engine) as session:
            add_organisation(session, "Northshire")


def test_a_reader_sees_one_state_from_first_to_last(database_url):
    with opened(database_url) as engine, read_session(engine) as reader:
        assert count(reader) == 0
        with write_session(engine) as writer:
            add_organisation(writer, "Northshire")
        assert count(reader) == 0


def test_foreign_keys_hold(database_url):
    with (
        opened(database_url) as engine,
        pytest.raises(IntegrityError),
        write_session(engine) as session,
    ):
        session.add(Duty(person_id="nobody", name="signatory"))


def test_sqlite_never_forgets_a_commit_that_was_mailed(sqlite_url):
    with opened(sqlite_url) as engine, engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000


def test_moments_come_back_as_they_went_in(database_url):
    summer = datetime(2013, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    with opened(database_url) as engine:
        with write_session(engine) as session:
            add_organisation(session, "Northshire").created_at = summer
        with read_session(engine) as session:
            kept = session.scalars(select(Organisation)).one().created_at
    assert kept == summer
    assert kept.tzinfo is UTC
    assert kept.hour == 8


def test_a_naive_moment_is_refused(sqlite_url):
    with (
        opened(sqlite_url) as engine,
        pytest.raises(StatementError, match="time zone"),
        write_session(engine) as session,
    ):
        add_organisation(session, "Northshire").created_at = NOW.replace(tzinfo=None)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_with_psycopg(scheme):
    assert database_address(f"{scheme}://db/attest").drivername == "postgresql+psycopg"


def test_another_database_is_refused():
    with pytest.raises(ValueError, match="sqlite or postgresql"):
        make_engine("mysql+pymysql://db/attest")
