"""The application for the tests of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rows import opened
from tests.web.house import House, build_house


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
