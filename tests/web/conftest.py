"""The application for the tests of its pages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from tests.rows import opened
from tests.services.conftest import SqliteSnapshots
from tests.web.house import House, build_house
from tests.web.staged import Staged, staged


@pytest.fixture(scope="session", autouse=True)
def _quick(shared_pages: None) -> None:
    """Each test here makes an application."""


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """An application with somebody in every role."""
    with opened(sqlite_url) as engine:
        yield build_house(tmp_path, engine)


@pytest.fixture
def demo_house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """The same where letters can be read in the browser."""
    with opened(sqlite_url) as engine:
        yield build_house(tmp_path, engine, mailbox=True)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> SqliteSnapshots:
    """The points of tests/stage.py, each played once."""
    return SqliteSnapshots(tmp_path_factory.mktemp("stages"), sqlite_template)


@pytest.fixture
def pages_at(stages: SqliteSnapshots, tmp_path: Path) -> Iterator[Callable[[str], Staged]]:
    """The application over the stage at a point: `pages_at("issued")`."""
    with ExitStack() as opened:
        yield lambda point: staged(
            opened.enter_context(stages.copy(point, tmp_path / f"stage-{uuid4().hex[:6]}"))
        )
