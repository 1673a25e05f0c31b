"""The operator lets somebody in where nobody else can: never unseen; both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attest.database.tables import Invitation, LogEntry, Organisation, Person
from attest.demo.acting import Stage, account_of, demand_of, give_password, seat_of, tick
from attest.domain.refusal import Refused
from attest.services.accounts import membership
from attest.services.acts import letting_in, replacing_liaison
from attest.services.acts.letting_in import Newcomer
from tests import stage as play
from tests.stage import CASEWORK, HALDEN, LEAD, LIAISON, OFFICER, SECOND, SIGNATORY

NEW = "rita.vance@halden.example"
RITA = Newcomer("Rita Vance", "Managing Director", NEW)


def let_in(stage: Stage, who: Newcomer = RITA, named: str = HALDEN, by: str = "root") -> None:
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        letting_in.let_in(ctx, letting_in.organisation_of(ctx, named), who, by)


def lost_everything(stage: Stage) -> None:
    """Somebody of the contractor has signed in once, so the controller cannot replace anybody."""
    with stage.look() as ctx:
        assert not replacing_liaison.may_be_replaced(ctx, demand_of(ctx, stage))


def test_a_liaison_is_let_in_and_takes_over(stage_at):
    stage = stage_at("issued")
    lost_everything(stage)
    let_in(stage)
    (letter,) = play.letters(stage, "invitation_by_operator")
    assert letter.to_email == NEW
    assert "Be its liaison" in letter.text
    with stage.look() as ctx:
        link = ctx.session.get_one(Invitation, letter.invitation_id)
        assert (link.account_id, link.used_at) == (account_of(ctx, NEW).id, None)
        assert account_of(ctx, LIAISON).people[0].active
    give_password(stage, NEW, play.NO_PASSWORD)
    with stage.act() as ctx:
        replacing_liaison.take_over(ctx, seat_of(ctx, stage, NEW))
    with stage.look() as ctx:
        liaison = demand_of(ctx, stage).liaison
        assert liaison is not None
        assert liaison.account.email == NEW
    stage.now += timedelta(days=1)
    tick(stage)
    (chased,) = play.letters(stage, "not_acknowledged")
    assert chased.to_email == NEW
    assert play.problems(stage) == []


def test_both_sides_hear_of_it_and_the_log_says_so(stage_at):
    stage = stage_at("acknowledged")
    let_in(stage, by="Ada Quill, operator")
    colleagues = play.letters(stage, "colleague_let_in")
    elsewhere = play.letters(stage, "let_in_elsewhere")
    assert {each.to_email for each in colleagues} == {LIAISON, OFFICER}
    assert {each.to_email for each in elsewhere} == {CASEWORK}
    for each in (*colleagues, *elsewhere):
        for said in ("Rita Vance, Managing Director", NEW, "liaison", "Ada Quill, operator"):
            assert said in " ".join(each.text.split())
    assert {each.demand_id for each in colleagues} == {None}
    tick(stage)
    with stage.look() as ctx:
        demand = demand_of(ctx, stage)
        bodies = ctx.session.query(LogEntry.body).filter_by(demand_id=demand.id, type="letter.sent")
        assert any(b"let_in_elsewhere" in body for (body,) in bodies)
    assert play.problems(stage) == []


def test_of_a_controller_the_contractors_liaison_hears(stage_at):
    stage = stage_at("issued")
    let_in(stage, Newcomer("Ivor Lane", "Chief of Staff", "i.lane@northshire.example"), LEAD)
    assert {each.to_email for each in play.letters(stage, "colleague_let_in")} == {
        CASEWORK,
        SIGNATORY,
        SECOND,
    }
    assert {each.to_email for each in play.letters(stage, "let_in_elsewhere")} == {LIAISON}
    with stage.look() as ctx:
        (person,) = account_of(ctx, "i.lane@northshire.example").people
        assert person.duties == {"case_handler"}


def test_of_a_joint_controller_the_lead_hears_and_of_an_ended_demand_nobody(quick_stage_at):
    stage = quick_stage_at("issued")
    let_in(stage, Newcomer("Ivor Lane", "Chief", "i.lane@eastshire.example"), play.EAST)
    assert {each.to_email for each in play.letters(stage, "let_in_elsewhere")} == {CASEWORK}
    ended = quick_stage_at("closed")
    let_in(ended)
    assert play.letters(ended, "let_in_elsewhere") == []
    assert len(play.letters(ended, "colleague_let_in")) == 2


def test_who_has_a_password_elsewhere_gets_no_link_and_hears_of_it(quick_stage_at):
    stage = quick_stage_at("issued")
    let_in(stage, Newcomer("Lia", "Manager", play.OTHER_CONTRACTOR))
    (letter,) = play.letters(stage, "invitation_by_operator")
    assert letter.invitation_id is None
    assert "Sign in with the password that you have" in letter.text
    assert play.may_see(stage, play.OTHER_CONTRACTOR)


def test_who_lost_the_letter_gets_another_link_and_who_signs_in_none(quick_stage_at):
    stage = quick_stage_at("issued")
    let_in(stage)
    let_in(stage)
    first, second = play.letters(stage, "invitation_by_operator")
    assert first.invitation_id != second.invitation_id
    with stage.look() as ctx:
        assert ctx.session.get_one(Invitation, first.invitation_id).used_at is not None
    give_password(stage, NEW, play.NO_PASSWORD)
    with pytest.raises(Refused, match="has a password"):
        let_in(stage)


@pytest.mark.parametrize(
    ("who", "named", "said"),
    [
        (RITA, "Haldon", "There is no organisation"),
        (Newcomer("Rita Vance", "Director", NEW, "officer"), HALDEN, "as assurance officer"),
        (Newcomer("Rita Vance", "Director", NEW, "case_handler"), HALDEN, "as case handler"),
        (Newcomer("Rita Vance", "Director", "nowhere", "liaison"), HALDEN, "email address"),
        (Newcomer("", "Director", NEW), HALDEN, "Type a name"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(quick_stage_at, who, named, said):
    stage = quick_stage_at("issued")
    before = len(play.letters(stage))
    with pytest.raises(Refused, match=said):
        let_in(stage, who, named)
    assert len(play.letters(stage)) == before
    with stage.look() as ctx:
        assert ctx.session.query(Person).filter_by(name="Rita Vance").count() == 0


def test_of_several_of_one_name_the_code_says_which(quick_stage_at):
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        other = membership.new_organisation(ctx, HALDEN).code
    with pytest.raises(Refused, match=r"in ND-2013-001.*|in no demand") as refused:
        let_in(stage)
    with stage.look() as ctx:
        codes = {each.code for each in ctx.session.query(Organisation).filter_by(name=HALDEN)}
    assert all(code in refused.value.sentence for code in codes)
    (ours,) = codes - {other}
    let_in(stage, named=ours.lower())
    assert len(play.letters(stage, "invitation_by_operator")) == 1
    with pytest.raises(Refused, match="Nobody has ever acted"):
        let_in(stage, named=other)
