from datetime import timedelta

import pytest
from sqlalchemy import select

from attest.database.tables import Account, Invitation, Person
from attest.demo.acting import Stage, account_of, demand_of, seat_of
from attest.domain.refusal import Refused
from attest.services.acts.replacing_liaison import LiaisonAnswers, may_be_replaced, replace_liaison
from tests import stage as play
from tests.mail.came_back import POSTFIX
from tests.services.failing_acts import come_back, failing_in, nobody_signed_in
from tests.stage import CASEWORK, LIAISON

RIGHT = "t.beck@halden.example"
ANSWERS = LiaisonAnswers("Tom Beck", "Contract manager", RIGHT)


def replaced(stage: Stage, answers: LiaisonAnswers = ANSWERS) -> None:
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        replace_liaison(ctx, seat_of(ctx, stage, CASEWORK), answers)


def test_the_demand_goes_to_the_right_address_and_the_wrong_one_opens_nothing(stage_at):
    stage = stage_at("issued")
    nobody_signed_in(stage)
    come_back(stage, POSTFIX)
    replaced(stage)
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        assert demand.liaison is not None
        assert demand.liaison.account.email == RIGHT
        assert failing_in(ctx, demand) == []
        assert demand.chase_at == stage.now
        wrong = ctx.session.scalars(select(Account).where(Account.email == LIAISON)).one()
        assert [person.active for person in wrong.people] == [False]
        links = ctx.session.scalars(select(Invitation).where(Invitation.account_id == wrong.id))
        assert all(link.used_at is not None for link in links)
    assert not play.may_see(stage, LIAISON)
    assert play.may_see(stage, RIGHT)
    letters = [each.to_email for each in play.letters(stage, "invitation_of_liaison")]
    assert letters == [LIAISON, RIGHT]
    assert play.problems(stage) == []


def test_once_somebody_has_signed_in_the_contractor_says_who_acts_for_it(stage_at):
    stage = stage_at("issued")
    with stage.act() as ctx:
        account_of(ctx, LIAISON).password_hash = "a password"
    with stage.look() as ctx:
        assert not may_be_replaced(ctx, demand_of(ctx, stage))
    with pytest.raises(Refused, match="signed in"):
        replaced(stage)


def test_the_address_that_fails_is_no_answer(stage_at):
    stage = stage_at("issued")
    nobody_signed_in(stage)
    with pytest.raises(Refused) as refused:
        replaced(stage, LiaisonAnswers("Tom Beck", "Contract manager", LIAISON.upper()))
    assert refused.value.field == "email"
    with stage.look() as ctx:
        assert ctx.session.scalars(select(Person).where(Person.active.is_(False))).all() == []


def test_a_demand_that_has_ended_stays_as_it_is(stage_at):
    stage = stage_at("closed")
    nobody_signed_in(stage)
    with pytest.raises(Refused):
        replaced(stage)
