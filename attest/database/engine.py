"""The engine, and the two kinds of session: one that reads and one that writes.

SQLite is opened in autocommit mode (`isolation_level=None`), so that every BEGIN is ours:
writers say BEGIN IMMEDIATE and wait their turn; with deferred ones, a transaction that read
before it wrote would fail as soon as somebody else wrote in between.

`synchronous` is FULL, not NORMAL. In WAL mode NORMAL may lose the last commits on a power cut.
The log signs checkpoints and mails them: a checkpoint in somebody's mailbox that the disk has
forgotten would make the log go on from an older state, and that is a fork, which the verifier
rightly calls a failure (docs/formats.md §6 step 4). PostgreSQL's default
(`synchronous_commit = on`) gives the same promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

# How long a writer waits for another one before it gives up, in milliseconds.
BUSY_TIMEOUT = 10_000

_READS = "attest_reads"


class UnknownDatabase(ValueError):
    """The address names a kind of database that Attest does not work with."""


def database_address(url: str | URL) -> URL:
    """The URL with its driver: `postgresql://` and `postgres://` mean psycopg 3 here."""
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    return address


def make_engine(url: str | URL) -> Engine:
    """Opens a pool for `url` (SQLite or PostgreSQL); connects only when first used.

    Errors leave out the statements' parameters: names and addresses don't belong into the log.
    Raises `UnknownDatabase` for any other one.
    """
    address = database_address(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(
            address, hide_parameters=True, connect_args={"isolation_level": None}
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername == "postgresql+psycopg":
        return create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"options": f"-c lock_timeout={BUSY_TIMEOUT}"},
        )
    raise UnknownDatabase(f"{address.drivername} is not supported: use sqlite or postgresql")


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database from first to last, and can't write."""
    options: dict[str, Any] = {_READS: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or rolled back where something raised.

    On SQLite writers queue up from the first statement on; on PostgreSQL an act locks the rows
    that it depends on (log_rows.lock_head).
    """
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()


def reads_only(session: Session) -> bool:
    """Whether the session was opened to read: locks are of no use in it, and forbidden."""
    return bool(session.connection().get_execution_options().get(_READS, False))


def _set_up_sqlite(connection: SqliteConnection, _record: object) -> None:
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    # Connections are shared by readers and writers; a reader that writes is a mistake.
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
