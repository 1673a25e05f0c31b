from attest.demo.acting import Stage, account_of, demand_of, seat_of
from attest.services.letters import failing_needs
from attest.services.views.needs import needs_of
from attest.services.views.next_step import next_step
from attest.services.views.situation import situation
from tests import stage as play
from tests.mail.came_back import POSTFIX
from tests.services.failing_acts import come_back
from tests.stage import CASEWORK, JOINT, LIAISON, OTHER_CONTRACTOR, SIGNATORY

SAYS = "do not arrive"


def needs(stage: Stage, email: str) -> list[str]:
    with stage.look() as ctx:
        found = needs_of(ctx, account_of(ctx, email))
        return [need.sentence for need in found if SAYS in need.sentence]


def step(stage: Stage, email: str) -> str:
    with stage.look() as ctx:
        seat = seat_of(ctx, stage, email)
        return next_step(seat, situation(ctx, seat)).sentence


def test_the_case_handler_is_told_what_to_do(stage_at):
    stage = stage_at("issued")
    assert needs(stage, CASEWORK) == []
    come_back(stage, POSTFIX)
    (sentence,) = needs(stage, CASEWORK)
    assert LIAISON in sentence
    assert "Ring them" in sentence
    assert SAYS in step(stage, CASEWORK)


def test_the_contractors_people_read_of_their_own_side(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    (sentence,) = needs(stage, LIAISON)
    assert "another liaison" in sentence
    assert SAYS not in step(stage, LIAISON)


def test_nobody_else_reads_of_it(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    assert [needs(stage, email) for email in (SIGNATORY, JOINT, OTHER_CONTRACTOR)] == [[], [], []]
    assert SAYS not in step(stage, SIGNATORY)
    assert SAYS not in step(stage, JOINT)


def test_a_joint_controllers_address_is_its_own_affair(stage_at):
    stage = stage_at("issued")
    (letter,) = play.letters(stage, "joint_controller_told")
    come_back(stage, POSTFIX, letter)
    assert needs(stage, CASEWORK) == []
    assert SAYS not in step(stage, CASEWORK)


def test_the_contractor_reads_of_no_controllers_address(stage_at):
    stage = stage_at("issued")
    for kind in ("joint_controller_told", "demand_issued"):
        (letter,) = play.letters(stage, kind)
        come_back(stage, POSTFIX, letter)
    assert needs(stage, LIAISON) == []
    (sentence,) = needs(stage, CASEWORK)
    assert CASEWORK in sentence


def test_who_has_left_reads_nothing(stage_at):
    stage = stage_at("issued")
    come_back(stage, POSTFIX)
    with stage.act() as ctx:
        account_of(ctx, CASEWORK).people[0].active = False
    with stage.look() as ctx:
        assert failing_needs.of_people(ctx, account_of(ctx, CASEWORK).people) == []


def test_a_demand_that_has_ended_asks_nothing_more(stage_at):
    stage = stage_at("closed")
    come_back(stage, POSTFIX)
    assert needs(stage, CASEWORK) == []
    with stage.look() as ctx:
        assert demand_of(ctx, stage).state == "closed"
