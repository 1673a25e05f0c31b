"""One demo that is set up once, for all tests that only look at it or start it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from attest.demo import stage_set

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)  # a Wednesday
ADDRESS = "http://localhost:8123"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was set up; tests leave it as it is, or copy it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    said: list[str] = []
    assert stage_set.open_or_set(folder, ADDRESS, NOW, say=said.append) is True
    assert said == ["Setting up the demo …"]
    return folder
