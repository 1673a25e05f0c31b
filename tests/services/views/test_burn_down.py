"""The burn-down as services read it, held against the judge of the same log."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from attest.demo import script
from attest.demo.acting import Stage, demand_of, seat_of
from attest.services.acts import reopening
from attest.services.facts.calendars import local_day
from attest.services.log.ledger import open_log
from attest.services.views import burn_down
from tests import stage as play


def says(stage: Stage) -> list[tuple[int, int, int, int]]:
    """(days since the play began, settled, excepted, open) of each day told."""
    with stage.look() as ctx:
        found = burn_down.burn_down(ctx, demand_of(ctx, stage))
    return [((d.on - play.START.date()).days, d.settled, d.excepted, d.open) for d in found.days]


def agrees_with_the_judge(stage: Stage) -> None:
    """The open copies of each day are those of the judge at the day's last leaf."""
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        found = burn_down.burn_down(ctx, demand)
    with stage.act() as ctx:
        judge = open_log(ctx, demand_of(ctx, stage).id).judge
        ends = {local_day(ctx.settings, judge.at(leaf)): leaf + 1 for leaf in range(judge.size)}
    for day in found.days:
        view = judge.view(max(size for on, size in ends.items() if on <= day.on))
        files = list(judge.facts.files())
        still = sum(view.file(file.number).state in ("open", "rejected") for file in files)
        assert (day.open, day.copies) == (
            still * len(view.stores),
            len(files) * len(view.stores),
        ), day
    last = found.last
    assert last is not None
    assert last.open == demand.files_open * demand.stores_total
    if not last.open:
        assert (last.settled, last.excepted) == (demand.copies_settled, demand.copies_excepted)


def test_from_issue_to_closing_with_everything_in_between(stage_at) -> None:
    stage = stage_at("ready")
    assert says(stage) == [(0, 0, 0, 4)]
    stage.now += timedelta(days=2)
    script.fill(stage, play.plain_answer(stage))
    play.fill(stage, play.SHARE.label, play.beyond_use(stage.now.date() + timedelta(days=30)))
    script.attest_all(stage)
    assert says(stage) == [(0, 0, 0, 4), (2, 2, 2, 0)]
    stage.now += timedelta(days=1)
    script.review(stage, "rejected", "Say which backup.", files=[play.FILES[0]])
    script.review(stage, "accepted", files=[play.FILES[1]])
    stage.now += timedelta(days=1)
    play.fill(stage, play.SHARE.label, play.deleted(stage), play.FILES[:1])
    script.attest_all(stage)
    agrees_with_the_judge(stage)
    stage.now += timedelta(days=1)
    play.name_store(stage)
    assert says(stage)[-1] == (5, 0, 0, 6)
    agrees_with_the_judge(stage)
    stage.now += timedelta(days=1)
    script.fill(stage, play.plain_answer(stage))
    script.attest_all(stage)
    stage.now += timedelta(days=1)
    script.review(stage, "accepted")
    script.close(stage)
    agrees_with_the_judge(stage)
    stage.now += timedelta(days=40)
    with stage.look() as ctx:
        found = burn_down.burn_down(ctx, demand_of(ctx, stage))
    assert found.last is not None
    assert found.last.told == "Demand closed and 2 attestations accepted"
    assert found.open_since is None
    assert found.review_since is None


def test_a_file_that_is_opened_again_raises_it(stage_at) -> None:
    stage = stage_at("closed")
    before = says(stage)
    stage.now += timedelta(days=3)
    with stage.act() as ctx:
        file_id = play.files(stage)[play.FILES[0]].id
        reopening.reopen_file(ctx, seat_of(ctx, stage, play.LIAISON), file_id, "A print was found.")
    assert says(stage)[-1] == (before[-1][0] + 3, 2, 0, 2)
    agrees_with_the_judge(stage)


def test_no_query_for_each_file(stage_at) -> None:
    stage = stage_at("accepted")
    asked: list[str] = []
    event.listen(stage.engine, "before_cursor_execute", lambda *said: asked.append(str(said[2])))
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        asked.clear()
        burn_down.burn_down(ctx, demand)
    assert len(asked) <= 6
