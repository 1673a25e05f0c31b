"""What an amendment opens or adds when the day is past: time to answer, and letters."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attest.demo.acting import demand_of, seat_of, tick
from attest.services.acts import amendment_drafts
from attest.services.chasing import ticks
from tests import changing
from tests import stage as play

NEW = "further.docx"


def demand(stage):
    with stage.look() as ctx:
        return demand_of(ctx, stage)


def late(stage) -> None:
    """A week after the due day, with every letter of the ladder written."""
    stage.now += timedelta(days=demand(stage).due_on.toordinal() + 7 - stage.now.toordinal())
    tick(stage)


def working(moment: datetime) -> datetime:
    """The same day, when people are at work."""
    return moment.replace(hour=10)


def weeks(stage, number: int) -> dict[str, list[str]]:
    """What the liaison is written of files that are due on 4 March: the days, by kind."""
    before = len(play.letters(stage))
    for _ in range(7 * number):
        stage.now = working(stage.now + timedelta(days=1))
        tick(stage)
    found: dict[str, list[str]] = {}
    for letter in play.letters(stage)[before:]:
        if letter.to_email == play.LIAISON and letter.due_on == date(2013, 3, 4):
            found.setdefault(letter.kind, []).append(f"{letter.queued_at:%d %B}")
    return found


def test_a_file_that_is_added_late_has_time_and_is_chased(stage_at) -> None:
    stage = stage_at("ready")
    late(stage)
    changing.draft(stage, files=[NEW])
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        assert str(amendment_drafts.view(ctx, seat, row).effects.added_due) == "2013-03-04"
    changing.hand_over(stage)
    changing.sign_it(stage)
    days = {name: str(file.due_on) for name, file in play.files(stage).items()}
    assert days == {play.FILES[0]: "None", play.FILES[1]: "None", NEW: "2013-03-04"}
    text = " ".join(play.letters(stage, "demand_amended")[0].text.split())
    assert "in each store, by Monday 4 March 2013." in text
    assert "The demand is due on Monday 18 February 2013." in text
    assert play.problems(stage) == []
    assert weeks(stage, 3) == {
        "reminder": ["28 February", "04 March"],
        "overdue": ["05 March"],
        "escalation": ["07 March", "11 March", "13 March", "15 March"],
    }
    for letter in play.letters(stage, "escalation")[-2:]:
        assert NEW in letter.text
        assert play.FILES[0] not in letter.text


def test_files_that_an_amendment_opens_late_have_time_and_are_chased(quick_stage_at) -> None:
    stage = quick_stage_at("accepted")
    changing.withdraw_store(stage)
    changing.refuse(stage)
    late(stage)
    changing.draft(stage)
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, play.CASEWORK)
        row = amendment_drafts.amendment_of(ctx, seat.demand)
        assert row is not None
        assert str(amendment_drafts.view(ctx, seat, row).effects.opens_due) == "2013-03-04"
    changing.hand_over(stage)
    changing.sign_it(stage)
    assert {str(file.due_on) for file in play.files(stage).values()} == {"2013-03-04"}
    assert str(demand(stage).next_due_on) == "2013-03-04"
    text = " ".join(play.letters(stage, "demand_amended")[0].text.split())
    assert "signed for are open again, and due on Monday 4 March 2013." in text
    assert play.problems(stage) == []
    assert set(weeks(stage, 3)) == {"reminder", "overdue", "escalation"}


def test_the_day_that_is_signed_counts_for_what_is_added_while_it_is_ahead(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    changing.amend(stage, files=[NEW], due_on=stage.now.date() + timedelta(days=1))
    assert play.files(stage)[NEW].due_on is None


def test_an_amendment_on_a_late_day_passes_over_no_letter(quick_stage_at) -> None:
    stage = quick_stage_at("ready")
    # Three working days late, and the worker has not looked yet.
    stage.now += timedelta(days=demand(stage).due_on.toordinal() + 3 - stage.now.toordinal())
    stage.now = working(stage.now)
    changing.amend(stage, instruction="Shred the paper too.")
    with stage.act() as ctx:
        ticks.chase_everybody(ctx)
    assert play.letters(stage, "escalation")
