"""One demo and one acted-out case, made once for all tests that only look at them or copy them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from attest.demo import stage_set

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)  # a Wednesday
ADDRESS = "http://localhost:8123"
LIMIT = 15  # seconds of the processor: by the clock, a busy machine takes longer


def attest(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "attest.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first of several test processes makes, and the others find."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "once" / name
    with FileLock(shared / f"{name}.lock"):
        if not folder.with_suffix(".made").exists():
            make(folder)
            folder.with_suffix(".made").touch()
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was set up; tests leave it as it is, or copy it."""

    def make(folder: Path) -> None:
        said: list[str] = []
        assert stage_set.open_or_set(folder, ADDRESS, NOW, say=said.append) is True
        assert said == ["Setting up the demo …"]

    return once(tmp_path_factory, "demo", make)


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference case, acted out in less time than promised."""

    def make(folder: Path) -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = attest("demo", "--act-out", folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.rstrip().endswith(
            f"attest verify {folder / 'bundle.zip'} --trust {folder / 'trust.json'}"
        )
        folder.with_suffix(".txt").write_text(answer.stdout, encoding="utf-8")
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert took < LIMIT, f"{took:.1f} s"

    return once(tmp_path_factory, "case", make)
