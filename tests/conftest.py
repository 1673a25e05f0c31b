"""Fixtures that every test may use."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest

from tests import scratch
from tests.postgres import Server, running_server, server_folder

scratch.use()

# Two busy cores make a deadline for one example a matter of luck, and so the second that the
# first ten may take to be made up.
hypothesis.settings.register_profile(
    "attest",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    print_blob=True,
)
hypothesis.settings.load_profile("attest")

TEMPLATE = "attest_template"
# These begin first: who begins one of them last is at it alone while the other cores idle.
LONGEST = {
    "test_whole_path.py",
    "test_second_case.py",
    "test_keys_over_years.py",
    "test_ladder_years_ticks.py",
    "test_processes.py",
    "test_outbox_processes.py",
    "test_crash.py",
    "test_worker.py",
    "test_random_acts.py",
    "test_memory.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Otherwise the order stays what chance has made it."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def migrate(url: str) -> None:
    """Bring an empty database to the newest version, the way a real instance does."""
    # Imported here so that tests without a database need no database code.
    from attest.database.migrate import upgrade

    upgrade(url)


@pytest.fixture(scope="session")
def shared_statements() -> Iterator[None]:
    """What one database's statements compile to serves all that are like it."""
    # Imported here for the same reason.
    from tests.compiled import statements

    with statements():
        yield


@pytest.fixture(scope="session")
def shared_pages() -> Iterator[None]:
    """What one application's templates and addresses compile to serves all others."""
    from tests.compiled import pages

    with pages():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for each test process; starting it takes about half a second."""
    with server_folder() as folder, running_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server, shared_statements: None) -> str:
    """The name of a migrated database; a copy is far faster than migrating again."""
    migrate(postgres_server.create_database(TEMPLATE))
    postgres_server.seal_template(TEMPLATE)
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, shared_statements: None) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    # What still lies in the write-ahead log would be missing from a copy of the file.
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _new_postgres_database(server: Server, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    yield server.create_database(name, template)
    server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database without rows; each test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "attest.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        yield from _new_postgres_database(server, request.getfixturevalue("postgres_template"))


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, for the tests of the migrations themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'attest.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        yield from _new_postgres_database(server, "template0")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers who are in each other's way wait for as long as a busy machine needs."""
    # Imported here for the same reason.
    from attest.database import engine

    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 60_000)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database, for tests that the kind of database cannot change."""
    path = tmp_path / "attest.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"
