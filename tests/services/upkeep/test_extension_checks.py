"""`attest check` holds requests for more time, the log and the due day against each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.tables import Extension
from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import amendment_drafts
from attest.services.acts.extension_deciding import AS_ASKED
from tests import stage as play
from tests.more_time_acts import LATER, ask, decide


def found(stage: Stage, **columns: Any) -> list[str]:
    """What is found after somebody wrote to the newest request's row."""
    with stage.act() as ctx:
        row = ctx.session.scalars(select(Extension).order_by(Extension.seq.desc())).first()
        for name, value in columns.items():
            setattr(row, name, value)
    return play.problems(stage)


@pytest.mark.parametrize(
    "columns",
    [
        {"reason": "Another one."},
        {"until": LATER + timedelta(days=1)},
        {"body_hash": "0" * 64},
        {"state": "granted"},
        {"decided_seq": 1},
    ],
    ids=str,
)
def test_a_changed_request_is_found(quick_stage_at, columns):
    stage = quick_stage_at("ready")
    ask(stage)
    (sentence,) = found(stage, **columns)
    assert sentence == "The rows of requests for more time do not say what the log says."


@pytest.mark.parametrize(
    "columns", [{"state": "refused"}, {"granted_until": LATER - timedelta(days=1)}], ids=str
)
def test_a_changed_answer_is_found(quick_stage_at, columns):
    stage = quick_stage_at("ready")
    decide(stage, ask(stage), AS_ASKED)
    assert "The rows of requests for more time do not say what the log says." in found(
        stage, **columns
    )


def test_a_moved_due_day_is_found(quick_stage_at):
    stage = quick_stage_at("ready")
    with stage.act() as ctx:
        demand_of(ctx, stage).due_on = LATER
    (sentence,) = play.problems(stage)
    assert sentence == (
        "The due day is 2013-02-20 (signed: 2013-02-20), and should be 2013-02-18 (signed: "
        "2013-02-18)."
    )


def test_an_amendment_that_left_the_day_as_it_was_leaves_it_so(quick_stage_at):
    stage = quick_stage_at("ready")
    with stage.act() as ctx:
        amendment_drafts.begin(ctx, seat_of(ctx, stage, play.CASEWORK))
    decide(stage, ask(stage), AS_ASKED)
    with stage.look() as ctx:
        row = amendment_drafts.amendment_of(ctx, demand_of(ctx, stage))
        assert row is not None
        assert row.due_on == LATER
