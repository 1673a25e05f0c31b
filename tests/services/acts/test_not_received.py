"""A file that the contractor says it never received, and what the lead controller rules."""

from __future__ import annotations

import pytest

from attest.demo import script
from attest.demo.acting import demand_of, seat_of, tick
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.acts import not_received
from tests import changing
from tests import stage as play

NAME = "list.csv"


def waiting(stage) -> int:
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        return not_received.waiting(ctx, [demand.id]).get(demand.id, 0)


@pytest.mark.parametrize("ruling", ["stands", "nil_return"])
def test_a_claim_and_its_ruling(stage_at, ruling: str) -> None:
    stage = stage_at("ready")
    before = play.log_types(stage)
    claim = changing.claim(stage)
    assert play.log_types(stage) == before, "the formats have no event for it"
    assert waiting(stage) == 1
    assert {letter.to_email for letter in play.letters(stage, "never_received")} == {
        play.CASEWORK,
        play.SIGNATORY,
        play.SECOND,
    }
    with pytest.raises(Refused, match="You have said so already"):
        changing.claim(stage)
    changing.rule(stage, claim, ruling)
    assert waiting(stage) == 0
    text = " ".join(play.letters(stage, "never_received_ruled")[0].text.split())
    assert ("Nil returns will do" in text) is (ruling == "nil_return")
    with pytest.raises(Refused, match="ruled on this already"):
        changing.rule(stage, claim, ruling)
    tick(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_a_nil_return_signed_and_accepted_settles_it(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.rule(stage, changing.claim(stage), "nil_return")
    nothing = {
        "outcome": "none_found",
        "search_scope": "Everything, under any name",
        "search_on": stage.now.date(),
        "search_by": "Records officer",
    }
    script.fill(
        stage,
        lambda store, file: nothing if file == NAME else play.deleted(stage),
    )
    play.attested(stage)
    script.review(stage, "accepted")
    script.close(stage)
    assert play.problems(stage) == []
    assert play.reasons(play.verified(stage)) == (0, [])


def test_signing_for_the_file_answers_the_claim(quick_stage_at) -> None:
    stage = quick_stage_at("answered")
    changing.claim(stage)
    play.attested(stage)
    assert waiting(stage) == 0
    with pytest.raises(Refused, match="signed for"):
        changing.claim(stage)


def test_it_may_be_said_again_after_a_ruling(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    first = changing.claim(stage)
    changing.rule(stage, first)
    stage.now = stage.now.replace(hour=stage.now.hour + 1)
    changing.claim(stage)
    assert waiting(stage) == 1


def test_not_after_nil_returns_were_agreed(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.rule(stage, changing.claim(stage), "nil_return")
    with pytest.raises(Refused, match="nil returns will do"):
        changing.claim(stage)
    assert waiting(stage) == 0


def test_who_may_not(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    for email in (play.CASEWORK, play.JOINT):
        with pytest.raises(Refused, match="Only the contractor"):
            changing.claim(stage, email=email)
    claim = changing.claim(stage)
    for email in (play.LIAISON, play.JOINT):
        with pytest.raises(NotAllowed), stage.act() as ctx:
            not_received.rule(ctx, seat_of(ctx, stage, email), claim, "stands", "So.")
    for claim_id, ruling, reason, error in (
        ("nothing", "stands", "So.", NotFound),
        (claim, "taken out", "So.", Refused),
        (claim, "stands", "", Refused),
    ):
        with pytest.raises(error), stage.act() as ctx:
            not_received.rule(ctx, seat_of(ctx, stage, play.CASEWORK), claim_id, ruling, reason)
    assert waiting(stage) == 1


def test_an_ended_demand_asks_nothing(quick_stage_at) -> None:
    stage = quick_stage_at("closed")
    with pytest.raises(Refused, match="ended"):
        changing.claim(stage)
