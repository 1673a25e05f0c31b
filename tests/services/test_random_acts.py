"""Random people do random things in random order: whatever they do, the evidence stands.

After each act the rows are compared with those before it (stories/watch.py), `check` holds, and
each demand is in a state that its log gives (stories/holding.py); now and then, and at the end,
every bundle verifies for the lead controller, the joint one and the contractor. A quick run plays
a few short stories; for more: `ATTEST_STORIES=500 pytest -s tests/services/test_random_acts.py`,
with ATTEST_STORY_STEPS for longer ones, and ATTEST_STORIES_SHRINK to have a failing one shortened.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing as closing_it
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from attest.demo.acting import Stage
from tests import concurring, tsa_server
from tests.services.stories import acts, chain
from tests.services.stories.base import CHAIN, EACH, PASSED, POINTS
from tests.services.stories.whole import Story

STORIES = int(os.environ.get("ATTEST_STORIES", "5"))
STEPS = int(os.environ.get("ATTEST_STORY_STEPS", "30"))
SHRINK = "ATTEST_STORIES_SHRINK" in os.environ


def written_down(stage: Stage) -> Stage:
    """The same, its database one file that can be copied."""
    stage.engine.dispose()
    database = stage.settings.instance_path.with_suffix(".db")
    with closing_it(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return stage


@pytest.fixture
def openings(sqlite_snapshots: Any, tmp_path: Path) -> Iterator[None]:
    Story.originals = originals = {point: sqlite_snapshots.at(point) for point in POINTS}
    more: dict[str, tuple[str, Callable[[Stage], Stage]]] = {
        EACH: ("handed", concurring.attested),
        PASSED: ("ready", chain.passed),
        CHAIN: ("ready", chain.opening),
    }
    for point, (start, play_on) in more.items():
        with sqlite_snapshots.copy(start, tmp_path / point) as stage:
            originals[point] = written_down(play_on(stage))
    Story.done, Story.refused = Counter(), Counter()
    with tsa_server.authority() as running:
        Story.tsa = staticmethod(lambda kept: running.settings(kept, tmp_path))
        yield


def test_any_story_holds(openings: None) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    try:
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=STORIES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                # A long story takes minutes to shorten; ask for that where it is wanted.
                phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if SHRINK else [])],
            ),
        )
    finally:
        structlog.reset_defaults()
    # What was done, and what refused: for whoever plays many, with `-s`.
    for name in sorted(acts.PLAYED):
        print(f"{name:45} {Story.done[name]:6} {Story.refused[name]:6}")
