"""Random people do random things in random order: whatever they do, the evidence stands.

After each act `check` holds and the demand is in a state that its log gives; now and then, and at
the end, the bundle verifies for both sides. A quick run plays a few short stories; for more:
`ATTEST_STORIES=500 pytest tests/services/test_random_acts.py`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing as closing_it
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import concurring
from tests.services.story import EACH, OPENING, STORIES, Story


@pytest.fixture
def openings(sqlite_snapshots: Any, tmp_path: Path) -> None:
    Story.originals = {point: sqlite_snapshots.at(point) for point in OPENING}
    Story.opening = {
        point: original.settings.instance_path.with_suffix(".db")
        for point, original in Story.originals.items()
    }
    with sqlite_snapshots.copy("handed", tmp_path / EACH) as stage:
        Story.originals[EACH] = concurring.attested(stage)
    Story.opening[EACH] = (tmp_path / EACH).with_suffix(".db")
    with closing_it(sqlite3.connect(Story.opening[EACH])) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_any_story_holds(openings: None) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    try:
        run_state_machine_as_test(
            Story,
            settings=settings(
                max_examples=STORIES,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                # A long story takes minutes to shorten; ask for that where it is wanted.
                phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if STORIES > 6 else [])],
            ),
        )
    finally:
        structlog.reset_defaults()
