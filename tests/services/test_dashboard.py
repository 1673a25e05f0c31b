"""All demands at a glance: what ends soon and how long contractors take, for who may see it."""

from __future__ import annotations

from datetime import timedelta

from attest.demo import script
from attest.demo.acting import account_of
from attest.services import dashboard
from tests import stage as play


def test_how_long_a_contractor_takes_over_accepted_files(stage_at) -> None:
    stage = stage_at("accepted")
    with stage.look() as ctx:
        for email in (play.CASEWORK, play.JOINT, play.LIAISON):
            # Issued on Monday, accepted on Tuesday.
            assert dashboard.paces(ctx, account_of(ctx, email)) == [
                dashboard.Pace(play.HALDEN, 1, 2, 1)
            ]
        for email in (play.OTHER_CONTRACTOR, play.OTHER_CONTROLLER, play.ADMINISTRATOR):
            assert dashboard.paces(ctx, account_of(ctx, email)) == []


def test_exceptions_that_end_soon(stage_at) -> None:
    stage = stage_at("ready")
    stage.now += timedelta(days=1)
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=20)
    play.fill(stage, play.SHARE.label, play.beyond_use(until))
    script.attest_all(stage)
    with stage.look() as ctx:
        ours = account_of(ctx, play.CASEWORK)
        assert dashboard.ending_soon(ctx, ours, 19).total == 0
        found = dashboard.ending_soon(ctx, ours, 20)
        assert found.shown == [dashboard.Ending(stage.reference, "beyond_use", until, 2)]
        for email in (play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
            assert dashboard.ending_soon(ctx, account_of(ctx, email), 90).total == 0
