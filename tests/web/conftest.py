"""The application for the tests of its pages."""

import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.rows import opened
from tests.services.conftest import SqliteSnapshots
from tests.web.house import House, build_house, move_in
from tests.web.staged import Staged, staged


@pytest.fixture(scope="session", autouse=True)
def _quick(shared_pages: None) -> None:
    """Each test here makes an application."""


@pytest.fixture(scope="session")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> tuple[Path, bytes]:
    """A database that everybody has moved into, to be copied, and they themselves, pickled."""
    path = tmp_path_factory.mktemp("furnished") / "house.db"
    shutil.copyfile(sqlite_template, path)
    with opened(f"sqlite:///{path}") as engine:
        everybody = pickle.dumps(move_in(engine))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, everybody


@pytest.fixture
def house_with(furnished: tuple[Path, bytes], tmp_path: Path) -> Iterator[Callable[..., House]]:
    """An application with somebody in every role; arguments are settings."""
    rows, everybody = furnished
    path = tmp_path / "attest.db"
    shutil.copyfile(rows, path)
    with opened(f"sqlite:///{path}") as engine:
        yield lambda **settings: build_house(
            tmp_path,
            engine,
            pickle.loads(everybody),  # noqa: S301  # our own
            **settings,
        )


@pytest.fixture
def house(house_with: Callable[..., House]) -> House:
    """An application with somebody in every role."""
    return house_with()


@pytest.fixture
def demo_house(house_with: Callable[..., House]) -> House:
    """The same where letters can be read in the browser."""
    return house_with(mailbox=True)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> SqliteSnapshots:
    """The points of tests/stage.py, each played once."""
    return SqliteSnapshots(tmp_path_factory.mktemp("stages"), sqlite_template)


@pytest.fixture
def pages_at(stages: SqliteSnapshots, tmp_path: Path) -> Iterator[Callable[..., Staged]]:
    """The application over the stage at a point: `pages_at("issued")`, or after more acts."""
    with ExitStack() as opened:
        yield lambda point, more=None: staged(
            opened.enter_context(stages.copy(point, tmp_path / f"stage-{uuid4().hex[:6]}", more))
        )
