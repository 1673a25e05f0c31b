"""The letter that brings a demand bounced, and its address works by now; both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import Letter
from attest.demo.acting import Stage, account_of, add_person, demand_of, seat_of, tick
from attest.services.acts import acknowledging, replacing_liaison
from attest.services.chasing import write_there_again
from attest.services.notices import bringing
from attest.services.views import chasing_view
from tests import chase_acts as chase
from tests import stage as play
from tests.mail.came_back import POSTFIX
from tests.services.failing_acts import (
    BESIDE,
    KIND,
    come_back,
    nobody_there,
    put_another_demand,
    put_beside,
    the_letter,
)
from tests.stage import CASEWORK, LIAISON, OFFICER

ANOTHER = "another.liaison@halden.example"


def vouch(stage: Stage, email: str = LIAISON) -> str:
    """Presses "Write there again"; gives what the page says, before as after."""
    with stage.look() as ctx:
        before = write_there_again.follows(ctx, seat_of(ctx, stage, CASEWORK), email).sentences
    with stage.act() as ctx:
        after = write_there_again.write_again(ctx, seat_of(ctx, stage, CASEWORK), email).sentences
    assert after == before
    return after


def test_the_demand_goes_there_again_with_a_new_link_and_no_reminder_on_top(stage_at):
    stage = stage_at("issued")
    first = the_letter(stage)
    nobody_there(stage)
    stage.now += timedelta(days=1)
    said = vouch(stage)
    assert said.startswith("The letter with the demand goes there now, with a new link. The letter")
    assert "goes there on Wednesday 6 February 2013 at 09:00" in said
    _, again = play.letters(stage, "invitation_of_liaison")
    assert again.to_email == LIAISON
    assert again.invitation_id not in (None, first.invitation_id)
    tick(stage)
    assert play.letters(stage, "not_acknowledged") == []
    stage.now += timedelta(days=1)
    tick(stage)
    assert len(play.letters(stage, "not_acknowledged")) == 1
    assert play.problems(stage) == []


def test_it_comes_once_however_often_its_address_fails(stage_at):
    stage = stage_at("issued")
    nobody_there(stage)
    vouch(stage)
    tick(stage)
    first, again = play.letters(stage, "invitation_of_liaison")
    stage.now += timedelta(hours=1)
    come_back(stage, POSTFIX, again)
    vouch(stage)
    assert len(play.letters(stage, "invitation_of_liaison")) == 3
    # What is reported of the first one only now changes nothing.
    come_back(stage, POSTFIX.replace("unknown", "gone"), first)
    assert len(play.letters(stage, "invitation_of_liaison")) == 3


def test_who_has_been_here_since_needs_no_second_invitation(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        account_of(ctx, LIAISON).last_sign_in_at = stage.now
    assert "with the demand" not in vouch(stage)
    assert len(play.letters(stage, "invitation_of_liaison")) == 1


def is_lost(stage: Stage) -> bool:
    with stage.look() as ctx:
        return bringing.lost_by(ctx, demand_of(ctx, stage), LIAISON) is not None


ASKS = {"kind": "not_acknowledged", "rung": "issued_1"}


@pytest.mark.parametrize(
    ("password", "later", "lost"),
    [
        # Who has no password needs a link.
        (False, ASKS, False),
        (False, {**ASKS, "invitation_id": None}, True),
        (False, {**ASKS, "state": "bounced"}, True),
        (False, {**ASKS, "queued_at": datetime(2013, 1, 1, tzinfo=UTC)}, True),
        (False, {**ASKS, "to_email": OFFICER}, True),
        # For anybody else each letter will do that says what is asked.
        (True, {"kind": "reminder", "rung": "before_5", "invitation_id": None}, False),
        (True, {"invitation_id": None}, False),
        (True, {"kind": "demand_amended", "invitation_id": None}, True),
    ],
)
def test_it_is_not_lost_where_a_later_letter_says_the_same(quick_stage_at, password, later, lost):
    stage = quick_stage_at("issued")
    put_beside(stage, **{"queued_at": stage.now + timedelta(hours=1), **later})
    with stage.act() as ctx:
        first = ctx.session.scalars(select(Letter).where(Letter.kind == KIND, Letter.id != BESIDE))
        first.one().state = "bounced"
        account_of(ctx, LIAISON).password_hash = play.NO_PASSWORD if password else None
        account_of(ctx, LIAISON).last_sign_in_at = None
    assert is_lost(stage) is lost


def test_what_another_demand_lost_at_the_address_is_not_this_ones(quick_stage_at):
    stage = quick_stage_at("issued")
    put_another_demand(stage)
    later = stage.now + timedelta(hours=1)
    put_beside(stage, demand_id=BESIDE, state="bounced", queued_at=later)
    with stage.act() as ctx:
        account_of(ctx, LIAISON).last_sign_in_at = None
    assert not is_lost(stage)


def test_a_report_of_the_first_letter_that_comes_after_somebody_vouched_brings_it_again(stage_at):
    stage = stage_at("issued")
    with stage.act() as ctx:
        account_of(ctx, LIAISON).password_hash = None
        ctx.session.get_one(type(the_letter(stage)), the_letter(stage).id).vouched_at = stage.now
    stage.now += timedelta(hours=1)
    come_back(stage, POSTFIX)
    assert len(play.letters(stage, "invitation_of_liaison")) == 2


def officer_not_reached(stage: Stage) -> None:
    """The liaison names an officer, whose letter comes back; an hour later."""
    with stage.act() as ctx:
        seat = seat_of(ctx, stage, LIAISON)
        acknowledging.acknowledge(ctx, seat)
        acknowledging.name_officer(
            ctx, seat, acknowledging.OfficerAnswers("Ruth Adeyemi", "Assurance lead", OFFICER)
        )
    tick(stage)
    come_back(stage, POSTFIX, the_letter(stage, "officer_invited"))
    stage.now += timedelta(hours=1)


def another_liaison(stage: Stage, name: str) -> None:
    """Takes over: letters to the liaison go to them."""
    with stage.look() as ctx:
        organisation_id = account_of(ctx, LIAISON).people[0].organisation_id
    add_person(
        stage,
        organisation_id,
        name=name,
        role="Deputy",
        email=ANOTHER,
        duties=frozenset({"liaison"}),
        password_hash=play.NO_PASSWORD,
    )
    with stage.act() as ctx:
        replacing_liaison.take_over(ctx, seat_of(ctx, stage, ANOTHER))


def invited_by(stage: Stage) -> str:
    """Who has named the officer, as the second letter says."""
    _, again = play.letters(stage, "officer_invited")
    return " ".join(again.text.split()).partition(" has named you")[0].rpartition(", ")[2]


def test_the_officer_is_invited_again_in_the_name_of_whoever_named_them(stage_at):
    stage = stage_at("issued")
    officer_not_reached(stage)
    # Neither a colleague whose name is among the letter's words, nor a name that has changed since.
    another_liaison(stage, "Assurance")
    with stage.act() as ctx:
        account_of(ctx, LIAISON).people[0].name = "Thomas Beck"
    assert vouch(stage, OFFICER).startswith("The letter with the demand goes there now, with")
    first, again = play.letters(stage, "officer_invited")
    assert again.invitation_id not in (None, first.invitation_id)
    assert invited_by(stage).endswith("Thomas Beck")


def test_where_they_act_no_more_it_is_in_the_name_of_the_liaison_of_today(stage_at):
    stage = stage_at("issued")
    officer_not_reached(stage)
    another_liaison(stage, "Another liaison")
    with stage.act() as ctx:
        account_of(ctx, LIAISON).people[0].active = False
    assert vouch(stage, OFFICER).startswith("The letter with the demand goes there now, with")
    assert invited_by(stage).endswith("Another liaison")


def test_an_officer_of_before_the_column_is_invited_by_the_liaison(stage_at):
    stage = stage_at("issued")
    officer_not_reached(stage)
    with stage.act() as ctx:
        demand_of(ctx, stage).officer_named_by_id = None
    vouch(stage, OFFICER)
    assert invited_by(stage).endswith("Tom Beck")


def test_where_nobody_is_left_to_name_an_officer_nothing_is_promised(stage_at):
    stage = stage_at("issued")
    officer_not_reached(stage)
    with stage.act() as ctx:
        account_of(ctx, LIAISON).people[0].active = False
    assert "with the demand" not in vouch(stage, OFFICER)
    assert len(play.letters(stage, "officer_invited")) == 1


def test_a_demand_that_has_ended_is_brought_to_nobody(quick_stage_at):
    stage = quick_stage_at("closed")
    come_back(stage, POSTFIX)
    assert vouch(stage) == "No letter that chases is ahead for its reader."
    assert len(play.letters(stage, "invitation_of_liaison")) == 1


def test_what_will_go_out_after_it_is_what_goes_out(stage_at):
    stage = stage_at("issued")
    chase.name_both(stage, receipt=False)
    nobody_there(stage)
    for _ in range(6):
        stage.now += timedelta(hours=6)
        tick(stage)
    vouch(stage)
    last = date(2013, 2, 20)
    with stage.look() as ctx:
        told = {
            (each.day, each.letter, to.email)
            for each in chasing_view.plan(ctx, chase.lead(ctx, stage)).going
            for to in each.to
            if each.day <= last
        }
    before = {letter.id for letter in play.letters(stage)}
    while stage.now.date() <= last:
        tick(stage)
        stage.now += timedelta(hours=6)
    went = {
        (row.queued_at.date(), row.kind, row.to_email)
        for row in play.letters(stage)
        if row.rung and row.id not in before
    }
    assert told == went
    assert LIAISON in {email for _, _, email in went}
