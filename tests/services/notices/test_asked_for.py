"""Letters that chase know that their reader has asked for more time, and nobody has answered."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from attest.demo.acting import Stage, demand_of, tick
from attest.services.acts import extension_deciding
from attest.services.chasing.forecast import coming
from attest.services.views import letter_view
from tests import changing, chase_acts, more_time_acts
from tests import stage as play

ASKED = (
    "Halden Support Services plc has asked for 2 more working days, until Wednesday 20 February "
    "2013. Until Northshire Constabulary answers, the day stands."
)
SAY_SO = "If you cannot make it in time, say so now"


def said(stage: Stage, kind: str, rung: str | None = None) -> str:
    """What the newest letter of a kind says, in one line."""
    found = [row for row in play.letters(stage, kind) if row.rung == rung]
    return " ".join(found[-1].text.split())


def test_the_ladder_and_a_letter_at_once_say_so_until_it_is_decided(stage_at) -> None:
    stage = stage_at("ready")
    stage.now = datetime(2013, 2, 14, 9, 30, tzinfo=UTC)
    tick(stage)
    before = said(stage, "reminder", "before_2")
    assert "has asked for" not in before
    assert SAY_SO in before
    request = more_time_acts.ask(stage)
    stage.now = datetime(2013, 2, 18, 9, 30, tzinfo=UTC)
    tick(stage)
    reminder = said(stage, "reminder", "on_day")
    assert ASKED in reminder
    assert SAY_SO not in reminder
    chase_acts.at_once(stage)
    assert ASKED in said(stage, "chase_now")
    stage.now = datetime(2013, 2, 19, 9, 30, tzinfo=UTC)
    tick(stage)
    assert ASKED in said(stage, "overdue", "after_1")
    more_time_acts.decide(stage, request, extension_deciding.NO, None, "The day was agreed.")
    stage.now = datetime(2013, 2, 21, 9, 30, tzinfo=UTC)
    tick(stage)
    assert "has asked for" not in said(stage, "escalation", "after_3")


@pytest.mark.parametrize("names", [(), play.FILES[:1]])
def test_what_is_shown_before_it_goes_says_it_too(quick_stage_at, names: tuple[str, ...]) -> None:
    stage = quick_stage_at("ready")
    more_time_acts.ask(stage, more_time_acts.LATER, *names)
    with stage.look() as ctx:
        first = coming(ctx, demand_of(ctx, stage))[0]
        text = " ".join(letter_view.coming_letter(ctx, first).text.split())
    assert ("for 1 of 2 files" in text) == bool(names)
    assert "has asked for 2 more working days, until Wednesday 20 February 2013" in text


def test_an_amendment_moves_the_day_that_stands(stage_at) -> None:
    stage = stage_at("ready")
    more_time_acts.ask(stage)
    changing.amend(stage, due_on=date(2013, 2, 19))
    stage.now = datetime(2013, 2, 19, 9, 30, tzinfo=UTC)
    tick(stage)
    assert ASKED in said(stage, "reminder", "on_day")
    # As much as was asked for, and more: nothing of it is left to be told.
    changing.amend(stage, due_on=date(2013, 2, 20))
    stage.now = datetime(2013, 2, 20, 9, 30, tzinfo=UTC)
    tick(stage)
    reminder = said(stage, "reminder", "on_day")
    assert "Wednesday 20 February 2013 (today)" in reminder
    assert "has asked for" not in reminder
