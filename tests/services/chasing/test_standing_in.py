"""Who is written to where the liaison's address fails, and that it is true of them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from attest.database.tables import Letter
from attest.demo.acting import Stage, tick
from attest.services.views import chasing_view, letter_view
from tests import chase_acts as chase
from tests import stage as play
from tests.services.failing_acts import nobody_there


def unreachable(stage: Stage) -> Stage:
    """The first letter came back; both sides have an escalation contact."""
    chase.name_both(stage, receipt=False)
    nobody_there(stage)
    return stage


def written(stage: Stage, day: date) -> list[Letter]:
    """The ladder's letters of a morning."""
    before = {letter.id for letter in play.letters(stage)}
    stage.now = datetime.combine(day, time(9, 0), stage.now.tzinfo)
    tick(stage)
    return [each for each in play.letters(stage) if each.rung and each.id not in before]


@pytest.mark.parametrize(("day", "rung"), [(5, "issued_1"), (6, "issued_2")])
def test_nobody_acknowledges_and_the_liaison_is_not_reached(stage_at, day, rung):
    stage = unreachable(stage_at("issued"))
    (letter,) = written(stage, date(2013, 2, day))
    assert letter.to_email == chase.THEIRS.email
    assert (letter.rung, letter.due_on) == (rung, play.TERMS.due_on)
    words = " ".join(letter.text.split())
    assert "2 files are due on Monday 18 February 2013" in letter.subject
    assert "is due on Monday 18 February 2013" in words
    assert "Letters to Tom Beck about the demand ND-2013-001 do not arrive" in words
    for untrue in ("was due", "today", "has been written to"):
        assert untrue not in words


def test_once_it_is_late_the_contact_is_asked_to_step_in(quick_stage_at):
    stage = unreachable(quick_stage_at("issued"))
    found = written(stage, date(2013, 2, 19))
    (letter,) = [each for each in found if each.rung == "after_1"]
    words = " ".join(letter.text.split())
    assert "1 working day late; you are asked to step in" in letter.subject
    assert "was due on Monday 18 February 2013" in words
    assert "Letters to Tom Beck about" in words
    assert "has been written to" not in words


def test_the_page_shows_the_letter_to_who_stands_in(quick_stage_at):
    stage = unreachable(quick_stage_at("issued"))
    with stage.look() as ctx:
        going = chasing_view.plan(ctx, chase.lead(ctx, stage)).going[0]
        (to,) = going.to
        assert (going.turn, to.email) == ("issued_1", chase.THEIRS.email)
        text = letter_view.coming_letter(ctx, to.coming).text
    assert "18 February 2013" in text
    assert "list.csv" in text
