"""Makes the database's files forget what its rows forgot.

An UPDATE leaves the old bytes in free space until something is written over them. SQLite
overwrites them at once under `secure_delete`; VACUUM rewrites what was freed before, and the
write-ahead log is cut off. PostgreSQL keeps dead rows until VACUUM FULL rewrites the table.
Backups, archived write-ahead logs, replicas and snapshots are out of reach (docs/operating.md).
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

# The tables from which bodies and rows are erased.
_TABLES = ("log_entry", "letter", "copy", "demand", "disclosure", "unsent_form")


def overwrite_what_is_erased(session: Session) -> None:
    """From here on, this session's erased bytes are overwritten; SQLite only."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def tidy(engine: Engine) -> bool:
    """Rewrites the files without what was erased. False where somebody is at work: try later."""
    if engine.dialect.name == "sqlite":
        return _tidy_sqlite(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(_TABLES)}")
        except OperationalError:
            return False
        return True


def _tidy_sqlite(engine: Engine) -> bool:
    # Below SQLAlchemy, which would begin a transaction first: VACUUM runs in none.
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        # The connection may have served somebody who only read.
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        pooled.close()
