"""The stage itself: each point is what its name says, and holds."""

from __future__ import annotations

import pytest

from tests import stage as play

STATES = {
    "drafted": "draft",
    "handed": "draft",
    "issued": "issued",
    "acknowledged": "acknowledged",
    "ready": "acknowledged",
    "answered": "in_progress",
    "attested": "awaiting_review",
    "accepted": "awaiting_review",
    "closed": "closed",
}


@pytest.mark.parametrize("point", play.NAMES)
def test_each_point_stands(stage_at, point: str) -> None:
    stage = stage_at(point)
    assert play.state(stage) == STATES[point]
    assert play.problems(stage) == []
    if STATES[point] != "draft":
        assert play.reasons(play.verified(stage)) == (0, [])
