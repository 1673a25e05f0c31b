"""A letter at once, pauses, and what will go out; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import Letter
from attest.demo.acting import Stage, demand_of, seat_of, tick
from attest.domain.ladder import DUE, ESCALATION_CONTACT, LIAISON, OFFICER, Rung
from attest.domain.refusal import Refused
from attest.services.acts import chase_now, pausing
from attest.services.letters import receipts
from attest.services.views import chasing_view, letter_view
from attest.services.views.chasing_view import Going
from tests import chase_acts as chase
from tests import stage as play


def going(stage: Stage, email: str = play.CASEWORK) -> tuple[Going, ...]:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email, side="controller", draft=None)
        return chasing_view.plan(ctx, seat).going


def test_it_goes_to_whom_was_chosen_and_once(stage_at):
    stage = stage_at("ready")
    chase.name_both(stage, receipt=False)
    everybody = (LIAISON, OFFICER, ESCALATION_CONTACT)
    before = play.log_types(stage, letters=True)
    assert chase.at_once(stage, everybody) == [
        play.LIAISON,
        play.OFFICER,
        "r.vance@halden.example",
    ]
    assert chase.at_once(stage, everybody) == []  # the same click again
    assert chase.at_once(stage, (LIAISON,), once="f" * 32, again=True) == [play.LIAISON]
    assert len(play.letters(stage, "chase_now")) == 4
    liaison, contact = (
        next(row for row in play.letters(stage, "chase_now") if row.to_email == email)
        for email in (play.LIAISON, "r.vance@halden.example")
    )
    assert "> We spoke on Tuesday.\n> What is missing?" in liaison.text
    assert f"/demands/{stage.reference}/answer" in liaison.text
    assert "This letter gives you no access." in contact.text
    tick(stage)
    assert {row.state for row in play.letters(stage, "chase_now")} == {"sent"}
    assert play.log_types(stage, letters=True) == [*before, *["letter.sent"] * 4]
    assert play.problems(stage) == []


@pytest.mark.parametrize("meanwhile", ["settled", "another liaison"])
def test_when_its_turn_comes_late_it_asks_for_nothing_that_is_gone(quick_stage_at, meanwhile):
    """The mail server was away for hours, or put it off."""
    stage = quick_stage_at("answered")
    chase.at_once(stage)
    with stage.act() as ctx:
        for letter in ctx.session.scalars(select(Letter).where(Letter.kind == "chase_now")):
            letter.next_attempt_at = stage.now + timedelta(hours=5)
        if meanwhile == "another liaison":
            demand = demand_of(ctx, stage)
            demand.liaison_id = demand.officer_id
    if meanwhile == "settled":
        for point in (play.attested, play.accepted, play.closed):
            point(stage)
    stage.now += timedelta(hours=6)
    tick(stage)
    (letter,) = play.letters(stage, "chase_now")
    assert letter.state == "dropped"


def test_minutes_later_it_needs_a_word_and_then_no_more(quick_stage_at):
    stage = quick_stage_at("ready")
    chase.at_once(stage)
    stage.now += timedelta(minutes=9, seconds=59)
    with stage.look() as ctx:
        found = chase_now.candidates(ctx, chase.lead(ctx, stage))
    assert {each.reader.email: each.lately for each in found} == {
        play.LIAISON: True,
        play.OFFICER: False,
    }
    with pytest.raises(Refused, match="written to less than ten minutes ago") as refused:
        chase.at_once(stage, (LIAISON, OFFICER), once="a" * 32)
    assert refused.value.field == "again"
    assert len(play.letters(stage, "chase_now")) == 1
    assert chase.at_once(stage) == []  # the first click again is no second letter
    assert chase.at_once(stage, (OFFICER,), once="b" * 32) == [play.OFFICER]
    assert chase.at_once(stage, once="c" * 32, again=True) == [play.LIAISON]
    stage.now += timedelta(minutes=10)
    assert chase.at_once(stage, once="d" * 32) == [play.LIAISON]


def test_at_night_and_on_a_holiday_it_goes_all_the_same(quick_stage_at):
    stage = quick_stage_at("ready")
    stage.now = stage.now.replace(hour=23, minute=10)
    with stage.look() as ctx:
        (liaison, _officer) = chase_now.candidates(ctx, chase.lead(ctx, stage))
    assert liaison.away == "It is 23:10 there, on Monday 4 February 2013."
    stage.now += timedelta(days=5)
    with stage.look() as ctx:
        (liaison, _officer) = chase_now.candidates(ctx, chase.lead(ctx, stage))
    assert liaison.away == "Saturday 9 February 2013 is no working day, and it is 23:10 there."
    chase.at_once(stage)
    tick(stage)
    (letter,) = play.letters(stage, "chase_now")
    assert letter.state == "sent"


@pytest.mark.parametrize(
    ("to", "line", "once", "field"),
    [
        ((), "", chase.ONCE, "to"),
        (("signatory",), "", chase.ONCE, "to"),
        ((OFFICER,), "", chase.ONCE, "to"),  # nobody has named one yet
        ((LIAISON,), "x" * 501, chase.ONCE, "line"),
        ((LIAISON,), "mirrored \u202e", chase.ONCE, "line"),
        ((LIAISON,), "", "", None),
        ((LIAISON,), "", "x:y", None),
    ],
)
def test_what_is_refused(quick_stage_at, to, line, once, field):
    stage = quick_stage_at("issued")
    with pytest.raises(Refused) as refused:
        chase.at_once(stage, to, line, once)
    assert refused.value.field == field
    assert play.letters(stage, "chase_now") == []


def test_nothing_open_is_nothing_to_ask_for(quick_stage_at):
    with pytest.raises(Refused, match="Nothing is open with the contractor"):
        chase.at_once(quick_stage_at("attested"))


def test_a_pause_holds_back_until_its_morning(stage_at):
    stage = stage_at("issued")
    chase.pause(stage)
    with pytest.raises(Refused, match="until Monday 11 February 2013 already"):
        chase.pause(stage, date(2013, 2, 12))
    assert going(stage)[0].day == chase.UNTIL
    for _ in range(4):
        stage.now += timedelta(days=1)
        tick(stage)
    assert play.letters(stage, "not_acknowledged") == []
    chase.end_pause(stage)
    with stage.look() as ctx:
        assert pausing.standing_pause(ctx, demand_of(ctx, stage)) is None
    tick(stage)
    assert len(play.letters(stage, "not_acknowledged")) == 1
    with pytest.raises(Refused, match="Nothing is paused"):
        chase.end_pause(stage)
    # Over by its day, it needs no end, and another one may follow.
    chase.pause(stage, date(2013, 2, 12))
    stage.now += timedelta(days=5)
    chase.pause(stage, date(2013, 2, 20))
    assert play.problems(stage) == []


def test_what_will_go_out_is_what_goes_out(stage_at):
    stage = stage_at("issued")
    chase.name_both(stage, receipt=False)
    told = {
        (each.day, each.letter, to.email)
        for each in going(stage)
        for to in each.to
        if each.day <= date(2013, 2, 26)
    }
    while stage.now.date() < date(2013, 2, 26):
        stage.now += timedelta(hours=6)
        tick(stage)
    kinds = {letter for _, letter, _ in told}
    went = {
        (row.queued_at.date(), row.kind, row.to_email)
        for row in play.letters(stage)
        if row.kind in kinds
    }
    assert told == went
    assert {day.weekday() for day, _, _ in told} <= set(range(5))
    # The next one is after what has gone out.
    assert min(each.day for each in going(stage)) > date(2013, 2, 26)


def test_a_letter_that_comes_again_is_told_three_times(quick_stage_at):
    stage = quick_stage_at("issued")
    chase.keep_own(stage, [Rung(DUE, 2, (LIAISON,), "overdue", every=3)])
    found = going(stage)
    assert [(each.turn, each.again) for each in found] == [
        ("after_2", None),
        ("after_5", None),
        ("after_8", "then every 3 working days"),
    ]
    stage.now += timedelta(days=400)
    assert [each.again is None for each in going(stage)] == [True, True, False]


def test_it_is_in_the_readers_language_and_asks_for_a_receipt(quick_stage_at):
    stage = quick_stage_at("issued")
    chase.name_both(stage, replace(chase.THEIRS, language="cy"), receipt=True)
    chase.at_once(stage, (LIAISON, ESCALATION_CONTACT))
    with stage.look() as ctx:
        seat = chase.lead(ctx, stage)
        shown = {
            reader.email: letter_view.shown(ctx, seat.demand, reader, letter)
            for reader, letter in chase_now.written_to(
                ctx, seat, (ESCALATION_CONTACT,), "", again=True
            )
        }
        (contact,) = (row for row in play.letters(stage, "chase_now") if row.language == "cy")
        assert contact.to_email == "r.vance@halden.example"
        assert receipts.asks(ctx.session, contact)
        assert shown[contact.to_email].subject == contact.subject
        assert letter_view.A_LINK in shown[contact.to_email].text
