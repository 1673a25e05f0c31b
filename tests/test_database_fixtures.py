"""The fixtures hand out databases that are fresh each time, with and without tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from sqlalchemy import Connection, inspect, text


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_is_migrated_and_nobody_has_written_to_it(database_url: str, turn: str) -> None:
    with connect(database_url) as connection:
        tables = inspect(connection).get_table_names()
        assert "alembic_version" in tables
        assert "left_behind" not in tables
        connection.execute(text("CREATE TABLE left_behind (turn text)"))


def test_a_blank_database_has_no_tables(blank_database_url: str) -> None:
    with connect(blank_database_url) as connection:
        assert inspect(connection).get_table_names() == []


def test_a_sqlite_database_is_migrated_too(sqlite_url: str) -> None:
    with connect(sqlite_url) as connection:
        assert "alembic_version" in inspect(connection).get_table_names()
