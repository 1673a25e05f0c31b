"""Who may know of a demand, and do what: every relation, before and after it is issued."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from attest.database.tables import Person
from attest.demo.acting import account_of, seat_of
from attest.domain.refusal import NotAllowed, NotFound
from attest.services import access
from tests import stage as play

STRANGERS = (play.OTHER_CONTROLLER, play.OTHER_CONTRACTOR, play.ADMINISTRATOR)
PARTIES = (
    play.CASEWORK,
    play.SIGNATORY,
    play.SECOND,
    play.JOINT,
    play.LIAISON,
    play.OFFICER,
)


@pytest.mark.parametrize("email", STRANGERS)
@pytest.mark.parametrize("draft", [False, True, None])
def test_strangers_get_one_answer(quick_stage_at, email: str, draft: bool | None) -> None:
    """The same for a demand that exists and for one that doesn't."""
    for point in ("drafted", "acknowledged"):
        stage = quick_stage_at(point)
        with stage.look() as ctx:
            account = account_of(ctx, email)
            for reference in (stage.reference, "ND-2013-999", "", "ND-2013-001' --"):
                for needs in ({}, {"side": "contractor"}, {"duty": "officer"}, {"lead": True}):
                    with pytest.raises(NotFound) as told:
                        access.demand_for(ctx, account, reference, draft=draft, **needs)
                    assert told.value.args == ()


@pytest.mark.parametrize("email", PARTIES)
def test_parties_have_their_seats(quick_stage_at, email: str) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        assert seat.side == (
            "contractor" if email in (play.LIAISON, play.OFFICER) else "controller"
        )
        assert seat.lead is (email in (play.CASEWORK, play.SIGNATORY, play.SECOND))
        assert seat.organisation == (
            play.EAST
            if email == play.JOINT
            else play.HALDEN
            if seat.side == "contractor"
            else play.LEAD
        )


@pytest.mark.parametrize(
    ("email", "needs"),
    [
        (play.CASEWORK, {"duty": "signatory"}),
        (play.SIGNATORY, {"side": "contractor"}),
        (play.LIAISON, {"duty": "officer"}),
        (play.LIAISON, {"side": "controller"}),
        (play.OFFICER, {"duty": "liaison"}),
        (play.OFFICER, {"duty": "signatory"}),
        (play.JOINT, {"lead": True}),
        (play.JOINT, {"lead": True, "duty": "signatory"}),
        (play.JOINT, {"side": "contractor", "duty": "officer"}),
    ],
)
def test_parties_without_the_duty_are_told_so(quick_stage_at, email: str, needs) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.look() as ctx, pytest.raises(NotAllowed) as told:
        seat_of(ctx, stage, email, **needs)
    assert told.value.sentence.startswith("Only ")


@pytest.mark.parametrize("email", [play.JOINT, play.LIAISON, play.OFFICER])
def test_a_draft_is_the_lead_controllers_alone(quick_stage_at, email: str) -> None:
    """Even for those who are parties of another demand, and named in this draft."""
    stage = quick_stage_at("acknowledged")
    issued = stage.reference
    make_draft(stage)
    assert stage.reference != issued
    for draft in (True, False, None):
        assert not play.may_see(stage, email, draft=draft)
    assert play.may_see(stage, play.CASEWORK, draft=True)
    assert play.may_see(stage, play.SECOND, draft=True)
    assert not play.may_see(stage, play.CASEWORK)
    with stage.look() as ctx:
        seen = ctx.session.scalars(access.visible_demands(account_of(ctx, email))).all()
        assert [demand.reference for demand in seen] == [issued]


def make_draft(stage) -> None:
    """A second demand between the same parties, not issued."""
    stage.actors[play.SIGNATORY].key = None
    play.drafted(stage)


def test_an_issued_demand_is_no_draft(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    assert not play.may_see(stage, play.CASEWORK, draft=True)
    assert play.may_see(stage, play.CASEWORK, draft=None)


@pytest.mark.parametrize("email", [*STRANGERS, *PARTIES])
def test_the_list_shows_what_may_be_opened(quick_stage_at, email: str) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.look() as ctx:
        seen = ctx.session.scalars(access.visible_demands(account_of(ctx, email))).all()
    assert bool(seen) is play.may_see(stage, email)


def test_who_left_sees_nothing(quick_stage_at) -> None:
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        for person in account_of(ctx, play.LIAISON).people:
            person.active = False
    assert not play.may_see(stage, play.LIAISON)
    with stage.look() as ctx:
        seen = access.visible_demands(account_of(ctx, play.LIAISON))
        assert ctx.session.scalars(seen).all() == []


def test_an_account_with_two_people_has_the_seat_that_fits(quick_stage_at) -> None:
    """Somebody who is liaison at one body and signatory at another."""
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        account = account_of(ctx, play.OTHER_CONTRACTOR)
        liaison = account_of(ctx, play.LIAISON).people[0]
        person = ctx.session.scalars(select(Person).where(Person.account_id == account.id)).one()
        person.organisation_id = liaison.organisation_id
    assert play.may_see(stage, play.OTHER_CONTRACTOR, side="contractor", duty="officer")
