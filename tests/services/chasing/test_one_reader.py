"""Two duties behind one address are one reader: nothing doubled, nothing lost; both databases."""

from __future__ import annotations

from datetime import timedelta

from attest.database.tables import EscalationContact
from attest.demo.acting import Stage, demand_of, seat_of, tick
from attest.domain.ladder import DUE, Rung
from attest.services.accounts.people import ensure_person
from attest.services.acts.escalation import ContactAnswers
from attest.services.acts.replacing_liaison import LiaisonAnswers, replace_liaison
from tests import chase_acts as chase
from tests import stage as play
from tests.rows import NOW
from tests.services.chasing.test_ticks import (
    LIAISON,
    OFFICER,
    contact,
    edit,
    feb,
    foretold,
    office,
    played,
    put,
)
from tests.services.failing_acts import failing_in, nobody_there
from tests.services.office import Office
from tests.stage import CASEWORK

__all__ = ["office"]  # the fixture


def at_the_liaisons(office: Office, *rungs: Rung):
    """A demand whose contact has the liaison's address, in other letters, and no officer."""
    case = office.add()
    row = contact(case)
    row.email = case.liaison.account.email.upper()
    put(office, case.demand.id, row, officer_id=None)
    if rungs:
        edit(office, case, *rungs)
    return case


def rows(office: Office) -> list[tuple[str, str | None, str]]:
    return [(row.kind, row.rung, row.to_name) for row in office.letters() if row.rung]


def test_by_the_usual_ladder_they_get_the_liaisons_letters_each_once(office):
    case = at_the_liaisons(office)
    ahead = {(at, rung) for at, rung, name in foretold(office, case, feb(11)) if at < feb(24)}
    letters = played(office, feb(11), feb(22, 9), timedelta(hours=4))
    theirs = [(at, rung) for at, rung, name in letters if name == LIAISON]
    assert [rung for _, rung in theirs] == ["before_5", "before_2", "on_day", "after_1", "after_3"]
    assert set(theirs) <= ahead
    assert rows(office)[-1] == ("escalation", "after_3", LIAISON)


def test_what_names_the_contact_alone_comes_too_and_asks_for_answers(office):
    case = at_the_liaisons(
        office,
        Rung(DUE, 1, ("liaison",), "overdue"),
        Rung(DUE, 2, ("escalation_contact",), "escalation_contact"),
        Rung(DUE, 3, ("liaison",), "escalation", every=2),
        Rung(DUE, 4, ("escalation_contact",), "escalation_contact", every=2),
    )
    ahead = [(at, rung) for at, rung, name in foretold(office, case, feb(18)) if at < feb(26)]
    letters = played(office, feb(18), feb(25, 9), timedelta(hours=4))
    assert [(at, rung) for at, rung, _ in letters] == ahead
    # Rows that come again do so once: nobody is written to every day.
    assert rows(office) == [
        ("overdue", "after_1", LIAISON),
        ("overdue", "after_2", LIAISON),
        ("escalation", "after_3", LIAISON),
        ("escalation", "after_5", LIAISON),
    ]


def test_a_liaison_who_is_the_officer_too_gets_each_letter_once(office):
    case = office.add()
    office.change(case.demand.id, liaison_id=case.officer.id)
    played(office, feb(11), feb(19, 9), timedelta(hours=4))
    assert [(rung, name) for _, rung, name in rows(office)] == [
        (rung, OFFICER) for rung in ("before_5", "before_2", "on_day", "after_1")
    ]


def test_the_controllers_contact_who_is_its_signatory_is_one_reader(office):
    case = office.add()
    own = EscalationContact(
        demand_id=case.demand.id,
        side="controller",
        name="Helen Marsh",
        email=case.signatory.account.email,
        given_at=NOW,
        given_by_id=case.case_handler.id,
    )
    put(office, case.demand.id, own)
    edit(
        office,
        case,
        Rung(DUE, 2, ("signatory",), "controller_late"),
        Rung(DUE, 4, ("controller_contact",), "controller_late"),
    )
    played(office, feb(18), feb(25, 9), timedelta(hours=4))
    assert rows(office) == [
        ("controller_late", "after_2", "Helen Marsh"),
        ("controller_late", "after_4", "Helen Marsh"),
    ]


# --- Another liaison, at an address that is known already -----------------------------------------


def replaced_by_the_contact(stage: Stage) -> None:
    """The liaison's letters come back, and the contact becomes the liaison."""
    chase.name_both(stage, receipt=False)
    nobody_there(stage)
    stage.now += timedelta(days=1)
    tick(stage)  # the contact has the first rung in the liaison's place
    stage.now += timedelta(hours=1)
    answers = LiaisonAnswers("Rita Vance", "Managing Director", chase.THEIRS.email)
    with stage.act() as ctx:
        replace_liaison(ctx, seat_of(ctx, stage, CASEWORK), answers)


def test_a_contact_who_becomes_the_liaison_gets_the_demand_and_then_the_liaisons_letters(stage_at):
    stage = stage_at("issued")
    replaced_by_the_contact(stage)
    for _ in range(30):
        tick(stage)
        stage.now += timedelta(hours=12)
    theirs = [
        (row.kind, row.rung) for row in play.letters(stage) if row.to_email == chase.THEIRS.email
    ]
    assert theirs == [
        ("escalation_contact", "issued_1"),
        ("invitation_of_liaison", None),
        ("not_acknowledged", "issued_2"),
        ("reminder", "before_5"),
        ("reminder", "before_2"),
        ("reminder", "on_day"),
        ("overdue", "after_1"),
    ]
    with stage.look() as ctx:
        liaison = demand_of(ctx, stage).liaison
        assert liaison is not None
        assert liaison.duties == {"liaison"}
    assert play.problems(stage) == []


def test_an_officer_who_becomes_the_liaison_has_both_duties(stage_at):
    stage = stage_at("issued")
    nobody_there(stage)
    with stage.act() as ctx:
        before = demand_of(ctx, stage).liaison
        assert before is not None
        officer = ensure_person(
            ctx,
            organisation_id=before.organisation_id,
            name="Ruth Adeyemi",
            role="Assurance lead",
            email=play.OFFICER,
            duties={"officer"},
        )
        demand_of(ctx, stage).officer_id = officer.id
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        person = replace_liaison(
            ctx,
            seat_of(ctx, stage, CASEWORK),
            LiaisonAnswers("Ruth Adeyemi", "Assurance lead", play.OFFICER),
        )
        assert person.id == officer.id
        assert person.duties == {"liaison", "officer"}
    for _ in range(32):
        tick(stage)
        stage.now += timedelta(hours=12)
    rungs = [row.rung for row in play.letters(stage) if row.to_email == play.OFFICER and row.rung]
    assert rungs == ["issued_1", "issued_2", "before_5", "before_2", "on_day", "after_1"]


def test_the_contact_at_the_wrong_address_is_not_written_to_because_the_liaison_changed(stage_at):
    stage = stage_at("issued")
    wrong = ContactAnswers("Rita Vance", "Managing Director", play.LIAISON)
    chase.name_both(stage, wrong, receipt=False)
    nobody_there(stage)
    stage.now += timedelta(hours=1)
    with stage.act() as ctx:
        answers = LiaisonAnswers("Tom Beck", "Contract manager", "t.beck@halden.example")
        replace_liaison(ctx, seat_of(ctx, stage, CASEWORK), answers)
    with stage.look() as ctx:
        assert [row.email for row in failing_in(ctx, demand_of(ctx, stage))] == [play.LIAISON]
