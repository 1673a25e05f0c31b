"""Why files lie open: the officer reads it where the answers are typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attest.demo import script
from attest.demo.acting import Stage, seat_of, tick
from attest.services import reopening
from attest.services.desk import Desk, desk
from tests import changing
from tests import stage as play


def on_desk(stage: Stage) -> Desk:
    with stage.look() as ctx:
        return desk(ctx, seat_of(ctx, stage, play.OFFICER))


def ruled(stage: Stage) -> list[tuple[str, str | None]]:
    with stage.look() as ctx:
        found = desk(ctx, seat_of(ctx, stage, play.OFFICER)).never_received
        return [(row.file.name, row.ruling) for row in found]


def test_an_exception_that_has_ended_and_what_somebody_found(stage_at: Any) -> None:
    stage = stage_at("ready")
    assert on_desk(stage).opened_again == []
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=3)
    play.fill(stage, play.SHARE.label, play.beyond_use(until), ("list.csv",))
    script.attest_all(stage)
    script.review(stage, "accepted")
    stage.now += timedelta(days=3)
    tick(stage)
    (again,) = on_desk(stage).opened_again
    assert again.names == ["list.csv"]
    assert again.reason.startswith("An exception has ended: put beyond use in “File share”")
    with stage.act() as ctx:
        file = play.files(stage)["costings.xlsx"]
        reopening.reopen_file(ctx, seat_of(ctx, stage, play.CASEWORK), file.id, "A printout.")
    newest, _ = on_desk(stage).opened_again
    assert (newest.reason, newest.names) == ("A printout.", ["costings.xlsx"])
    # Answering is not enough; signing is.
    play.fill(stage, play.SHARE.label, play.deleted(stage), ("list.csv",))
    assert len(on_desk(stage).opened_again) == 2
    script.attest_all(stage)
    assert on_desk(stage).opened_again == []


def test_the_newest_word_on_a_file_that_never_came(quick_stage_at: Any) -> None:
    stage = quick_stage_at("ready")
    changing.rule(stage, changing.claim(stage))
    assert ruled(stage) == [("list.csv", "stands")]
    stage.now += timedelta(hours=1)
    again = changing.claim(stage)
    assert ruled(stage) == [("list.csv", None)]
    changing.rule(stage, again, "nil_return")
    assert ruled(stage) == [("list.csv", "nil_return")]
    play.answered(stage)
    play.attested(stage)
    assert ruled(stage) == []
