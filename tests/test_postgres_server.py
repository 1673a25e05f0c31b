"""The tests' own database server does what the fixtures promise."""

import shutil
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import Server, running_server, server_folder


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def test_a_copy_of_a_sealed_template_has_its_tables(postgres_server: Server) -> None:
    url = postgres_server.create_database("mould")
    # Left open on purpose: sealing must end it.
    visitor = connect(url)
    visitor.execute("CREATE TABLE shelf (label text)")
    postgres_server.seal_template("mould")
    visitor.close()

    with connect(postgres_server.create_database("cast", "mould")) as connection:
        assert connection.execute("SELECT count(*) FROM shelf").fetchone() == (0,)
        postgres_server.drop_database("cast")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_the_server_is_unicode_and_in_utc(postgres_server: Server) -> None:
    with connect(postgres_server.url("postgres")) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_durable_server_keeps_what_was_committed_before_it_was_killed() -> None:
    with server_folder() as folder:
        with running_server(folder, durable=True) as server:
            with connect(server.url("postgres")) as connection:
                connection.execute("CREATE TABLE kept (n int)")
                connection.execute("INSERT INTO kept VALUES (7)")
            server.kill()
        with (
            running_server(folder, durable=True) as again,
            connect(again.url("postgres")) as connection,
        ):
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_without_the_programs_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RuntimeError, match="install Debian's package `postgresql`"):
        postgres.find_programs()
