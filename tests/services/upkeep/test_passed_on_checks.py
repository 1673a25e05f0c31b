"""`attest check` holds the rows of those to whom copies were passed on against the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from attest.database.tables import PassedOn
from attest.demo import script
from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import reopening
from tests import stage as play
from tests.passing import HALDEN, PRINTERS, say_passed_on

WRONG = "The rows of those to whom copies were passed on do not say what the log says."


def test_rows_hold_however_a_file_comes_back(stage_at: Any) -> None:
    stage: Stage = stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    assert play.problems(stage) == []
    script.review(stage, "rejected", "Get it back.", files=["list.csv"])
    stage.now += timedelta(days=1)
    say_passed_on(stage, HALDEN, PRINTERS.name, ("list.csv",))
    assert play.problems(stage) == []
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK, side="controller", lead=True)
        reopening.reopen_file(ctx, seat, play.files(stage)["list.csv"].id, "One more was found.")
    assert play.problems(stage) == []
    script.attest_all(stage)
    assert play.problems(stage) == []


@pytest.mark.parametrize(
    "columns", [{"key": "printers"}, {"opened_again": True}, {"store_id": None}], ids=str
)
def test_a_changed_row_is_found(stage_at: Any, columns: dict[str, Any]) -> None:
    stage = stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    with stage.act() as ctx:
        row = ctx.session.scalars(select(PassedOn)).first()
        for name, value in columns.items():
            setattr(row, name, value)
    assert play.problems(stage) == [WRONG]


def test_a_moved_day_and_a_lost_row_are_found(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    say_passed_on(stage, HALDEN, PRINTERS.name)
    with stage.act() as ctx:
        ctx.session.scalars(select(PassedOn)).first().since += timedelta(days=1)
    assert play.problems(stage) == [WRONG]
    with stage.act() as ctx:
        ctx.session.execute(delete(PassedOn))
        demand_of(ctx, stage).has_passed_on = False
    assert play.problems(stage) == [
        WRONG,
        "Copies were passed on, and the demand's row does not say so.",
    ]
