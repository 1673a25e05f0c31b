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
# What is acted out after a point; the same function is played once for each kind of database.
More = Callable[[Stage], object]


class Snapshots:
    """Points of the play, and what tests act out after them, each played once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: dict[tuple[str, More | None], Stage] = {}

    def at(self, point: str, more: More | None = None) -> Stage:
        """The stage at a point; its database is not to be opened, only copied."""
        if (point, more) not in self.kept:
            number = play.NAMES.index(point)
            before = None
            if more is not None:
                before = self.at(point)
            elif number:
                before = self.at(play.NAMES[number - 1])
            stage = self._set(before, f"{point}_{len(self.kept)}" if more else point)
            (more or play.POINTS[number])(stage)
            stage.engine.dispose()
            self._seal(stage)
            self.kept[point, more] = stage
        return self.kept[point, more]

    @contextmanager
    def copy(self, point: str, folder: Path, more: More | None = None) -> Iterator[Stage]:
        """A stage of a test's own."""
        original = self.at(point, more)
        stage = play.copy_of(original, folder, self._copied(original, folder))
        yield stage
        stage.engine.dispose()
        self._drop(stage)

    def _set(self, before: Stage | None, name: str) -> Stage:
        folder = self.folder / name
        if before is None:
            return play.open_stage(folder, self._new(folder))
        return play.copy_of(before, folder, self._copied(before, folder))

    def _new(self, folder: Path) -> str:
        raise NotImplementedError

    def _copied(self, original: Stage, folder: Path) -> str:
        raise NotImplementedError

    def _seal(self, stage: Stage) -> None:
        raise NotImplementedError

    def _drop(self, stage: Stage) -> None:
        raise NotImplementedError


class SqliteSnapshots(Snapshots):
    """Points as copies of one file."""

    def __init__(self, folder: Path, template: Path) -> None:
        super().__init__(folder)
        self.template = template

    def _new(self, folder: Path) -> str:
        return self._copied_file(self.template, folder)

    def _copied(self, original: Stage, folder: Path) -> str:
        return self._copied_file(original.settings.instance_path.with_suffix(".db"), folder)

    def _copied_file(self, file: Path, folder: Path) -> str:
        shutil.copyfile(file, folder.with_suffix(".db"))
        return f"sqlite:///{folder.with_suffix('.db')}"

    def _seal(self, stage: Stage) -> None:
        with closing(sqlite3.connect(str(stage.engine.url.database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _drop(self, stage: Stage) -> None:
        """The file goes with the test's folder."""


class PostgresSnapshots(Snapshots):
    """Points as template databases."""

    def __init__(self, folder: Path, server: Server, template: str) -> None:
        super().__init__(folder)
        self.server = server
        self.template = template

    def _new(self, folder: Path) -> str:
        return self._copied_database(self.template)

    def _copied(self, original: Stage, folder: Path) -> str:
        return self._copied_database(str(original.engine.url.database))

    def _copied_database(self, template: str) -> str:
        return self.server.create_database(f"test_{uuid.uuid4().hex}", template)

    def _seal(self, stage: Stage) -> None:
        self.server.seal_template(str(stage.engine.url.database))

    def _drop(self, stage: Stage) -> None:
        self.server.drop_database(str(stage.engine.url.database))


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
    """Sets the stage at a point, on each kind of database: `stage_at("issued")`.

    What many tests act out after it is played once as well: `stage_at("handed", attested)`.
    """
    snapshots = request.getfixturevalue(
        "sqlite_snapshots" if request.param == "sqlite" else "postgres_snapshots"
    )
    with ExitStack() as opened:
        yield lambda point, more=None: opened.enter_context(
            snapshots.copy(point, tmp_path / f"stage-{uuid.uuid4().hex[:6]}", more)
        )


@pytest.fixture
def quick_stage_at(sqlite_snapshots: SqliteSnapshots, tmp_path: Path) -> Iterator[SetStage]:
    """The same on SQLite alone, for what the kind of database cannot change."""
    with ExitStack() as opened:
        yield lambda point, more=None: opened.enter_context(
            sqlite_snapshots.copy(point, tmp_path / f"stage-{uuid.uuid4().hex[:6]}", more)
        )


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Each letter that goes out would be a line of its own."""
    with structlog.testing.capture_logs():
        yield
