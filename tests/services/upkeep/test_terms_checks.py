"""`attest check` holds the rows of a demand's terms against what was signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from attest.database.tables import Demand, DemandParty, LogEntry, NamedFile, Store, StoreWithdrawal
from tests import changing
from tests import stage as play

NEW = "further files.docx"


@pytest.fixture
def amended(quick_stage_at) -> Any:
    """Another due day and instruction, a file more, one store let go, one named again."""
    stage = quick_stage_at("ready")
    changing.withdraw_store(stage)
    changing.amend(
        stage,
        files=[NEW],
        due_on=stage.now.date() + timedelta(days=30),
        instruction="Shred the paper too.",
        keep={play.SHARE.label: True},
    )
    return stage


def test_an_amended_demand_holds(stage_at) -> None:
    stage = stage_at("ready")
    changing.withdraw_store(stage)
    assert play.problems(stage) == []
    changing.amend(stage, files=[NEW], keep={play.SHARE.label: False})
    assert play.problems(stage) == []
    assert NEW in play.files(stage)


TAMPERINGS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "the instruction": (Demand, {"instruction": "Delete nothing."}, "instruction"),
    "the basis": (Demand, {"basis": "A whim"}, "basis"),
    "the action": (Demand, {"action": "return"}, "action"),
    "whose review counts": (Demand, {"concurrence": "each"}, "parties"),
    "a party's name": (DemandParty, {"name": "Somebody else"}, "parties"),
    "the due day": (Demand, {"due_on": play.TERMS.due_on}, "The due day is"),
    "that it was amended": (Demand, {"amended_at": None}, "whether it was amended"),
    "a file's name": (NamedFile, {"name": "harmless.txt"}, "files' rows do not name"),
    "a file's hash": (NamedFile, {"sha256": "0" * 64}, "files' rows do not name"),
    "a store's label": (Store, {"label": "Elsewhere"}, "stores' rows do not name"),
    "a reason": (StoreWithdrawal, {"reason": "Another one"}, "withdrawn stores"),
    "the amendment that covers it": (StoreWithdrawal, {"amended_seq": 1}, "withdrawn stores"),
    "that one covers it": (StoreWithdrawal, {"amended_seq": None}, "withdrawn stores"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_a_row_says_otherwise_is_found(amended, name: str) -> None:
    table, values, told = TAMPERINGS[name]
    assert play.problems(amended) == []
    with amended.act() as ctx:
        row = ctx.session.query(table).first()
        key = [column == getattr(row, column.key) for column in table.__table__.primary_key]
        ctx.session.execute(update(table).where(*key).values(**values))
    assert [told in sentence for sentence in play.problems(amended)] == [True]


def test_a_row_that_the_log_does_not_know_is_found(amended) -> None:
    with amended.act() as ctx:
        row = ctx.session.query(StoreWithdrawal).one()
        ctx.session.delete(row)
        assert ctx.session.query(LogEntry).filter_by(type="store.withdrawn").count() == 1
    assert any("withdrawn stores" in sentence for sentence in play.problems(amended))
