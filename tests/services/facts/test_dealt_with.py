"""Whoever closes sees whom copies were passed on to, and whether each is dealt with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attest.demo import script
from attest.demo.acting import Stage, seat_of
from attest.services.acts import answers
from attest.services.facts import dealt_with
from attest.services.facts.dealt_with import DealtWith
from tests import stage as play
from tests.passing import (
    HALDEN,
    PRINTERS,
    at,
    close_with,
    get_ready,
    issue_to,
    raise_against,
    settle,
)


def shown(stage: Stage, email: str = play.SIGNATORY) -> list[DealtWith]:
    with stage.look() as ctx:
        return dealt_with.recipients(ctx, seat_of(ctx, stage, email))


def one(stage: Stage) -> DealtWith:
    (found,) = shown(stage)
    assert found.name == PRINTERS.name
    return found


def disclose(stage: Stage, names: tuple[str, ...] = play.FILES) -> None:
    """Every copy is deleted, and the disclosure alone names somebody."""
    script.fill(stage, play.plain_answer(stage))
    files = play.files(stage)
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, HALDEN.officer)
        answers.save_onward(ctx, seat, None, False, "")
        ids = [files[name].id for name in names]
        answers.save_onward(ctx, seat, ids, True, f"{PRINTERS.name}; a copy")
    script.attest_all(stage)


def test_nobody_was_named(stage_at: Any) -> None:
    assert shown(stage_at("accepted")) == []


def test_a_demand_against_them_deals_with_it_once_it_has_ended(stage_at: Any) -> None:
    stage = stage_at("ready")
    disclose(stage)
    found = one(stage)
    assert (found.files, found.done, list(found.demands)) == (2, False, [])
    assert found.sentence == (
        "No demand against them deals with 2 files yet: raise one, or say why none is when they "
        "are reviewed."
    )
    assert shown(stage, play.OFFICER) == []
    child = raise_against(stage, PRINTERS.name)
    found = one(stage)
    assert not found.done
    assert found.sentence == "A demand against them deals with that, and has not ended."
    assert [(each.reference, each.state) for each in found.demands] == [(child, "draft")]
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
        get_ready(stage, PRINTERS)
        settle(stage)
    found = one(stage)
    assert found.done
    assert found.sentence == "A demand against them dealt with that."
    assert [each.state for each in found.demands] == ["closed"]


def test_whoever_accepts_may_say_why_none_is_raised(stage_at: Any) -> None:
    stage = stage_at("ready")
    disclose(stage, ("list.csv",))
    stage.now += timedelta(minutes=5)
    script.review(stage, "accepted", "Printers Ltd returned it the same day.")
    found = one(stage)
    assert (found.files, found.done) == (1, True)
    assert found.sentence == (
        "No demand against them deals with 1 file: the review that accepted it says why."
    )


def test_a_demand_that_was_withdrawn_leaves_something_to_say(stage_at: Any) -> None:
    stage = stage_at("ready")
    disclose(stage)
    child = raise_against(stage, PRINTERS.name)
    with at(stage, child, PRINTERS):
        issue_to(stage, PRINTERS)
    script.review(stage, "accepted")
    with at(stage, child, PRINTERS):
        close_with(stage, "withdrawn")
    found = one(stage)
    assert not found.done
    assert found.sentence == (
        "No demand against them deals with 2 files, and no review says why: say it as the reason, "
        "and sign that."
    )
    assert [each.state for each in found.demands] == ["withdrawn"]
