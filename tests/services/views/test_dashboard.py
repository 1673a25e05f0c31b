"""All demands at a glance: what ends soon and how long contractors take, for who may see it."""

from __future__ import annotations

from datetime import date, timedelta

from attest.demo import script
from attest.demo.acting import Stage, account_of, demand_of, seat_of, tick
from attest.services.acts import reopening
from attest.services.facts import exceptions
from attest.services.views import dashboard, glance
from attest.services.views.burn_down import burn_down
from tests import passing
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


def ending(stage: Stage) -> list[tuple[date, int]]:
    """What the dashboard tells of the next 90 days."""
    with stage.look() as ctx:
        found = dashboard.ending_soon(ctx, account_of(ctx, play.CASEWORK), 90)
        return [(each.until, each.copies) for each in found.shown]


def listed(stage: Stage) -> tuple[list[str], list[str]]:
    """What the page of exceptions and the head of the overview tell."""
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        return (
            [each.lasts for each in exceptions.exceptions(ctx, demand)],
            [each.what for each in glance.exceptions(ctx, demand, play.HALDEN)],
        )


def test_an_exception_lives_on_in_a_file_that_is_open_for_another_copy(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=60)
    play.fill(stage, play.SHARE.label, play.beyond_use(until), ("list.csv",))
    script.attest_all(stage)
    script.review(stage, "accepted")
    lives = ["1 copy: put beyond use until 5 April 2013"]
    assert listed(stage) == (["until 5 April 2013, ends in 60 days"], lives)
    stage.now += timedelta(hours=1)
    file, places = play.files(stage)["list.csv"], play.stores(stage)
    with stage.act() as ctx:
        where = [places[play.CABINET.label].id]
        seat = seat_of(ctx, stage, play.CASEWORK)
        reopening.reopen_file(ctx, seat, file.id, "A printout.", where)
    assert listed(stage) == (["until 5 April 2013, ends in 60 days; its file is open"], lives)
    assert ending(stage) == [(until, 1)]
    stage.now += timedelta(days=61)
    tick(stage)
    # It has ended, and nobody has signed for that copy anew.
    assert listed(stage) == (["open again: asked for"], [])
    assert ending(stage) == [(until, 1)]
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    assert ending(stage) == []


def test_what_a_controller_lets_stand_is_no_delay(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=300)
    play.fill(stage, play.SHARE.label, play.beyond_use(until), ("list.csv",))
    script.attest_all(stage)
    script.review(stage, "accepted")
    passing.close_with(stage, "closed_with_exceptions")
    stage.now += timedelta(days=301)
    tick(stage)
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    script.review(stage, "accepted")
    with stage.look() as ctx:
        (pace,) = dashboard.paces(ctx, account_of(ctx, play.CASEWORK))
    assert pace == dashboard.Pace(play.HALDEN, 0, 2, 1)


def test_rejected_files_wait_to_be_put_right(quick_stage_at) -> None:
    stage = quick_stage_at("attested")

    def told() -> list[str]:
        with stage.look() as ctx:
            demand = demand_of(ctx, stage)
            rows = glance.open_copies(ctx, demand, burn_down(ctx, demand), left=0, with_whom="")
            return [each.what.partition(" since 5 February 2013, ")[2] for each in rows]

    script.review(stage, "rejected", "Which cabinet?")
    assert told() == ["rejected, to be put right"]
    stage.now += timedelta(minutes=5)
    play.fill(stage, play.SHARE.label, play.deleted(stage), ("list.csv",))
    assert told() == ["1 file rejected, to be put right"]
    play.fill(stage, play.SHARE.label, play.deleted(stage))
    assert told() == ["answered, to be signed"]
    script.attest_all(stage)
    script.review(stage, "accepted")
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        reopening.reopen_file(ctx, seat, play.files(stage)["list.csv"].id, "A printout.")
    assert told() == ["opened again and answered as before"]
