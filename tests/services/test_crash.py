"""Whatever dies in the middle of an act, what was committed is there and all of it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from attest.database.migrate import upgrade
from attest.demo.acting import Stage, demand_of, tick
from attest.services.views import overview
from tests import stage as play
from tests.postgres import running_server, server_folder

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds


@contextmanager
def busy_people(stage: Stage) -> Iterator[subprocess.Popen[str]]:
    """People acting on the stage, in a process of their own."""
    told = {
        "folder": str(stage.settings.instance_path),
        "database_url": stage.settings.database_url,
        "now": stage.now.isoformat(),
        "reference": stage.reference,
        "seeds": {
            email: actor.key.seed.hex() for email, actor in stage.actors.items() if actor.key
        },
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.services.busy_people", json.dumps(told)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


def read_lines(process: subprocess.Popen[str], wanted: int) -> list[str]:
    """The first lines that the process printed."""
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(wanted)]
    assert all(lines), "it ended by itself"
    return lines


def expect_whole(stage: Stage, named: list[str]) -> None:
    """All that was told is there; the log, its rows and the bundle hold, and it goes on."""
    assert set(named) <= play.stores(stage).keys()
    assert play.problems(stage) == []
    stage.now = max(stage.now, _last(stage))
    assert play.reasons(play.verified(stage)) == (0, [])
    tick(stage)
    play.name_store(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def _last(stage: Stage) -> datetime:
    with stage.look() as ctx:
        head = overview.newest_checkpoint(ctx, demand_of(ctx, stage))
        assert head is not None
        return head.updated_at


@pytest.mark.parametrize("rounds", [1, 3])
def test_people_are_killed(quick_stage_at, rounds: int) -> None:
    stage = quick_stage_at("ready")
    with busy_people(stage) as process:
        named = read_lines(process, rounds)
        process.kill()
        process.wait(PATIENCE)
        assert process.stdout is not None
        named += process.stdout.read().split("\n")[:-1]
    expect_whole(stage, named)


def test_the_database_server_is_killed(tmp_path: Path) -> None:
    """PostgreSQL as it runs in earnest: what it confirmed survives, what it didn't is gone."""
    with server_folder() as folder:
        with running_server(folder, durable=True) as server:
            url = server.create_database("stage")
            upgrade(url)
            stage = play.open_stage(tmp_path / "instance", url)
            for point in play.POINTS[: play.NAMES.index("ready") + 1]:
                point(stage)
            stage.engine.dispose()
            with busy_people(stage) as process:
                named = read_lines(process, 2)
                server.kill()
                process.wait(PATIENCE)
                assert process.stdout is not None
                named += process.stdout.read().split("\n")[:-1]
        with running_server(folder, durable=True) as server:
            again = play.copy_of(stage, tmp_path / "again", server.url("stage"))
            expect_whole(again, named)
            again.engine.dispose()
