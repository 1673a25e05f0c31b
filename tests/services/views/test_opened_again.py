"""Why files lie open: the officer reads it where the answers are typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.tables import Attestation
from attest.demo import script
from attest.demo.acting import Stage, seat_of, tick
from attest.services.acts import reopening
from attest.services.views import opened_again
from attest.services.views.desk import Desk, desk
from attest.services.views.review_sets import answer_sets
from tests import changing, passing
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
    assert newest.by == f"{play.CASEWORK.split('@')[0].title()}, {play.LEAD}"
    # Answering is not enough; signing is.
    play.fill(stage, play.SHARE.label, play.deleted(stage), ("list.csv",))
    assert len(on_desk(stage).opened_again) == 2
    script.attest_all(stage)
    assert on_desk(stage).opened_again == []


def told(stage: Stage) -> tuple[str, str | None]:
    """The officer's next step."""
    return passing.seen_by(stage, play.OFFICER)


def test_unchanged_answers_are_no_invitation_to_sign(quick_stage_at: Any) -> None:
    stage = quick_stage_at("accepted")
    file = play.files(stage)["list.csv"]
    stage.now += timedelta(days=1)
    with stage.act() as ctx:
        reopening.reopen_file(ctx, seat_of(ctx, stage, play.CASEWORK), file.id, "A printout.")
    sentence, action = told(stage)
    assert sentence.startswith(
        "1 file was opened again: “A printout”. The answers are still those that were signed."
    )
    assert action == "Look at the answers"
    (need,) = (need for need in passing.needs(stage, play.OFFICER) if "ND-2013-001" in need)
    assert need == ("1 file of ND-2013-001 was opened again. Read why, look at the answers, sign.")
    play.fill(stage, play.SHARE.label, play.deleted(stage), ("list.csv",))
    stage.now += timedelta(minutes=5)
    assert told(stage)[1] == "Sign 1 attestation"
    script.attest_all(stage)
    with stage.look() as ctx:
        (found,) = answer_sets(ctx, seat_of(ctx, stage, play.SIGNATORY))
        again = opened_again.of_attestations(
            ctx, ctx.session.scalars(select(Attestation).filter_by(file_id=file.id)).all()
        )
    (why,) = found.opened_again
    assert (why.reason, why.names) == ("A printout.", ["list.csv"])
    assert [each.reason for each in again.values()] == ["A printout."]


@pytest.mark.parametrize("meanwhile", ["a store is named", "an exception ends"])
def test_the_reason_of_a_rejection_stays_whatever_else_opens_the_file(
    quick_stage_at: Any, meanwhile: str
) -> None:
    stage = quick_stage_at("ready")
    script.fill(stage, play.plain_answer(stage))
    until = stage.now.date() + timedelta(days=3)
    play.fill(stage, play.SHARE.label, play.beyond_use(until), ("list.csv",))
    script.attest_all(stage)
    script.review(stage, "rejected", "Which cabinet?")
    if meanwhile == "a store is named":
        play.name_store(stage)
        names = list(play.FILES)
    else:
        stage.now += timedelta(days=4)
        tick(stage)
        names = ["list.csv"]
    assert {play.files(stage)[name].state for name in names} == {"open"}
    (back,) = on_desk(stage).returned
    assert (back.reason, [file.name for file in back.files]) == ("Which cabinet?", [*play.FILES])
    assert told(stage)[1] == "Put the answers right"
    assert "2 files of ND-2013-001 were rejected." in " ".join(passing.needs(stage, play.OFFICER))
    stage.now += timedelta(minutes=5)
    script.fill(stage, play.plain_answer(stage))
    assert "came back" not in told(stage)[0]
    script.attest_all(stage)
    assert on_desk(stage).returned == []


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
