"""The stage at each of its points, played once for each kind of database and then copied."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import structlog

from attest.demo.acting import Stage
from tests import stage as play
from tests.postgres import Server

SetStage = Callable[..., Stage]


class SqliteSnapshots:
    """Points as copies of one file."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        self.template = template
        self.kept: dict[str, Stage] = {}

    def at(self, point: str) -> Stage:
        """The stage at a point; its database is not to be opened, only copied."""
        if point not in self.kept:
            folder = self.folder / point
            database = self.folder / f"{point}.db"
            number = play.NAMES.index(point)
            if number == 0:
                shutil.copyfile(self.template, database)
                stage = play.open_stage(folder, f"sqlite:///{database}")
            else:
                before = self.at(play.NAMES[number - 1])
                shutil.copyfile(before.settings.instance_path.with_suffix(".db"), database)
                stage = play.copy_of(before, folder, f"sqlite:///{database}")
            play.POINTS[number](stage)
            stage.engine.dispose()
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.kept[point] = stage
        return self.kept[point]

    @contextmanager
    def copy(self, point: str, folder: Path) -> Iterator[Stage]:
        """A stage of a test's own."""
        original = self.at(point)
        database = folder.with_suffix(".db")
        shutil.copyfile(original.settings.instance_path.with_suffix(".db"), database)
        stage = play.copy_of(original, folder, f"sqlite:///{database}")
        yield stage
        stage.engine.dispose()


class PostgresSnapshots:
    """Points as template databases."""

    def __init__(self, folder: Path, server: Server, template: str) -> None:
        self.folder = folder
        self.server = server
        self.template = template
        self.kept: dict[str, Stage] = {}

    def at(self, point: str) -> Stage:
        """As in SqliteSnapshots."""
        if point not in self.kept:
            folder = self.folder / point
            number = play.NAMES.index(point)
            if number == 0:
                url = self.server.create_database(f"stage_{point}", self.template)
                stage = play.open_stage(folder, url)
            else:
                before = self.at(play.NAMES[number - 1])
                url = self.server.create_database(
                    f"stage_{point}", f"stage_{play.NAMES[number - 1]}"
                )
                stage = play.copy_of(before, folder, url)
            play.POINTS[number](stage)
            stage.engine.dispose()
            self.server.seal_template(f"stage_{point}")
            self.kept[point] = stage
        return self.kept[point]

    @contextmanager
    def copy(self, point: str, folder: Path) -> Iterator[Stage]:
        """A stage of a test's own."""
        original = self.at(point)
        name = f"test_{uuid.uuid4().hex}"
        stage = play.copy_of(original, folder, self.server.create_database(name, f"stage_{point}"))
        yield stage
        stage.engine.dispose()
        self.server.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_snapshots(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> SqliteSnapshots:
    return SqliteSnapshots(tmp_path_factory.mktemp("stages"), sqlite_template)


@pytest.fixture(scope="session")
def postgres_snapshots(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Server, postgres_template: str
) -> PostgresSnapshots:
    return PostgresSnapshots(tmp_path_factory.mktemp("stages"), postgres_server, postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def stage_at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SetStage]:
    """Sets the stage at a point, on each kind of database: `stage_at("issued")`."""
    snapshots = request.getfixturevalue(
        "sqlite_snapshots" if request.param == "sqlite" else "postgres_snapshots"
    )
    with ExitStack() as opened:
        yield lambda point: opened.enter_context(
            snapshots.copy(point, tmp_path / f"stage-{uuid.uuid4().hex[:6]}")
        )


@pytest.fixture
def quick_stage_at(sqlite_snapshots: SqliteSnapshots, tmp_path: Path) -> Iterator[SetStage]:
    """The same on SQLite alone, for what the kind of database cannot change."""
    with ExitStack() as opened:
        yield lambda point: opened.enter_context(
            sqlite_snapshots.copy(point, tmp_path / f"stage-{uuid.uuid4().hex[:6]}")
        )


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Each letter that goes out would be a line of its own."""
    with structlog.testing.capture_logs():
        yield
