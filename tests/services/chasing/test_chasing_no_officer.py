"""A ladder that names the officer alone, while nobody is the officer; on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from attest.database.engine import write_session
from attest.database.tables import Person
from attest.domain.ladder import DUE, LADDER, Rung
from attest.services.views import chasing_view
from tests import chase_acts as chase
from tests.services.chasing.test_ticks import (
    LIAISON,
    OFFICER,
    contact,
    edit,
    fails,
    feb,
    foretold,
    office,
    played,
    put,
    told,
)
from tests.services.office import Office
from tests.stage import LIAISON as LIAISONS_ADDRESS

__all__ = ["office"]  # the fixture

CONTACT, HANDLER = "Rita Vance", "Priya Nair"
ALONE = (
    Rung(DUE, -2, ("officer",), "reminder"),
    Rung(DUE, 1, ("officer", "signatory"), "overdue", every=3),
)


def unsigned(office: Office, *rungs: Rung) -> Any:
    """A demand with such a ladder and no officer; the contractor has a contact."""
    case = office.add()
    put(office, case.demand.id, contact(case), officer_id=None)
    edit(office, case, *(rungs or ALONE))
    return case


def test_the_liaison_is_chased_while_nobody_is_the_officer_and_as_foretold(office):
    case = unsigned(office)
    ahead = [(at, rung, name) for at, rung, name in foretold(office, case, feb(13)) if at < feb(27)]
    letters = played(office, feb(13), feb(26, 9), timedelta(hours=4))
    assert sorted(letters) == sorted(ahead)
    assert [(at, rung, name) for at, rung, name in letters if name == LIAISON] == [
        (feb(14), "before_2", LIAISON),
        (feb(19), "after_1", LIAISON),
        (feb(22), "after_4", LIAISON),
    ]
    kinds = [(row.kind, row.to_name) for row in office.letters() if row.rung == "after_1"]
    assert sorted(kinds) == [("controller_late", "Helen Marsh"), ("overdue", LIAISON)]


def test_once_an_officer_is_named_the_next_rung_is_theirs(office):
    case = unsigned(office)
    assert office.chase(feb(14)) == 1
    office.change(case.demand.id, officer_id=case.officer.id)
    office.chase(feb(19))
    assert {name for _, rung, name in told(office) if rung == "after_1"} == {OFFICER, "Helen Marsh"}


def test_where_the_liaison_is_not_reached_either_the_next_contact_is(office):
    case = unsigned(office)
    fails(office, case, case.liaison.account.email)
    assert office.chase(feb(14)) == 1
    fails(office, case, "board@halden.example")
    assert office.chase(feb(14, 10)) == 1
    assert told(office) == [(feb(14), "before_2", CONTACT), (feb(14, 10), "before_2", HANDLER)]


def test_where_the_officers_address_fails_the_liaison_comes_next(office):
    case = unsigned(office)
    office.change(case.demand.id, officer_id=case.officer.id)
    fails(office, case, case.officer.account.email)
    assert office.chase(feb(14)) == 1
    assert told(office) == [(feb(14), "before_2", LIAISON)]


def test_an_officer_whose_access_ended_is_nobody(office):
    case = unsigned(office)
    office.change(case.demand.id, officer_id=case.officer.id)
    with write_session(office.engine) as session:
        session.get_one(Person, case.officer.id).active = False
    assert office.chase(feb(14)) == 1
    assert told(office) == [(feb(14), "before_2", LIAISON)]


def test_the_usual_ladder_writes_to_nobody_else_while_nobody_is_the_officer(office):
    case = office.add()
    put(office, case.demand.id, contact(case), officer_id=None)
    assert office.chase(feb(14)) == 1
    assert told(office) == [(feb(14), "before_2", LIAISON)]
    assert not any("officer" in r.audience and "liaison" not in r.audience for r in LADDER)


def test_a_draft_with_such_a_ladder_tells_that_the_liaison_gets_it(quick_stage_at):
    stage = quick_stage_at("drafted")
    chase.keep_own(stage, (Rung(DUE, -2, ("officer",), "reminder"),))
    with stage.look() as ctx:
        (going,) = chasing_view.plan(ctx, chase.lead(ctx, stage)).going
    assert (going.turn, going.day) == ("before_2", date(2013, 2, 14))
    assert [to.email for to in going.to] == [LIAISONS_ADDRESS]
