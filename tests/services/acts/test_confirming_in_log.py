"""A confirmed key is in the demand's log at once, and once."""

from __future__ import annotations

from attest.demo import script
from attest.demo.acting import seat_of
from attest.services.log import record
from tests import stage as play


def test_a_confirmation_stands_in_the_log_with_the_key_it_is_about(stage_at) -> None:
    stage = stage_at("acknowledged")
    script.make_officer_key(stage)
    assert "key.confirmed" not in play.log_types(stage)
    script.confirm_officer(stage)
    assert play.log_types(stage)[-2:] == ["key.enrolled", "key.confirmed"]
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.LIAISON)
        newest = record.timeline(ctx, seat.demand).items[0]
    assert newest.body["method"] == "telephone"
    assert play.problems(stage) == []


def test_signing_afterwards_copies_nothing_twice(stage_at) -> None:
    stage = stage_at("ready")
    before = play.log_types(stage).count("key.confirmed")
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    assert play.log_types(stage).count("key.confirmed") == before == 1
    assert play.log_types(stage).count("key.enrolled") == 2
