"""What the lead controller is asked when minds change: among its needs, and as its next step."""

from __future__ import annotations

import pytest

from attest.demo.acting import account_of, seat_of
from attest.services.acts import amendment_drafts
from attest.services.views.needs import needs_of
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import changing
from tests import stage as play

LEADING = (play.CASEWORK, play.SIGNATORY)
OTHERS = (play.JOINT, play.LIAISON, play.OFFICER)


def told(stage, email: str) -> list[str]:
    with stage.look() as ctx:
        return [need.sentence for need in needs_of(ctx, account_of(ctx, email))]


def step(stage, email: str) -> tuple[str, str | None]:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        found = next_step(seat, situation(ctx, seat))
        return found.sentence, found.href


@pytest.mark.parametrize(
    ("act", "sentence", "page"),
    [
        (changing.claim, "never received 1 file: rule on it.", "#never-received"),
        (changing.withdraw_store, "1 store need not be searched: agree by amending", "#stores"),
    ],
)
def test_the_lead_is_asked_to_decide(quick_stage_at, act, sentence: str, page: str) -> None:
    stage = quick_stage_at("ready")
    base = f"/demands/{stage.reference}/changes"
    act(stage)
    for email in LEADING:
        assert any(sentence in each for each in told(stage, email))
        assert sentence in step(stage, email)[0]
        assert step(stage, email)[1] == base + page
    for email in OTHERS:
        assert not any(sentence in each for each in told(stage, email))
        assert sentence not in step(stage, email)[0]


def test_once_it_is_decided_nobody_is_asked(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.rule(stage, changing.claim(stage))
    changing.withdraw_store(stage)
    changing.refuse(stage)
    for email in LEADING:
        assert told(stage, email) == []


def test_an_amendment_is_its_signatorys_then_its_authors(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.withdraw_store(stage)
    changing.draft(stage)
    assert told(stage, play.CASEWORK) == []
    changing.hand_over(stage)
    waits = f"{stage.reference}: An amendment of the demand waits for your signature."
    assert told(stage, play.SIGNATORY) == [waits]
    assert step(stage, play.SIGNATORY)[1] == f"/demands/{stage.reference}/amendment/sign"
    for email in (play.CASEWORK, *OTHERS):
        assert waits not in told(stage, email)
        assert "amendment" not in step(stage, email)[0]
    with stage.act() as ctx:
        amendment_drafts.return_with_note(ctx, seat_of(ctx, stage, play.SIGNATORY), "Name the day.")
    assert told(stage, play.SIGNATORY) == []
    assert "returned the amendment" in step(stage, play.CASEWORK)[0]
