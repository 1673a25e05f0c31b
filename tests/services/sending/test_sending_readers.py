"""Who gets a letter when its turn comes: still a reader, and still asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from attest.database.engine import write_session
from attest.database.tables import (
    Demand,
    Duty,
    EscalationContact,
    NamedFile,
    NotReceived,
    Person,
)
from tests.rows import NOW, add_issued_case, add_joint
from tests.services.sending.test_sending_turns import house, put, told

__all__ = ["house"]  # the fixture


@pytest.mark.parametrize(
    ("who", "becomes"),
    [
        ("liaison", "inactive"),
        ("officer", "inactive"),
        ("officer", "another"),
        ("signatory", "inactive"),
        ("signatory", "without a duty"),
        ("signatory", "an administrator"),
        ("signatory", "the contractor's officer"),
    ],
)
def test_who_is_no_reader_any_more_is_not_chased(house, who, becomes):
    person = getattr(house.case, who)
    to = {"to_email": person.account.email, "organisation_id": person.organisation_id}
    letter_id = put(house, "one", **to)
    other = put(house, "two", rung="before_2", queued_at=NOW - timedelta(days=1))
    with write_session(house.engine) as session:
        row = session.get_one(Person, person.id)
        if becomes == "inactive":
            row.active = False
        elif becomes == "another":
            session.get_one(Demand, house.case.demand.id).officer_id = None
        elif becomes == "the contractor's officer":
            # Under the same address: what was for the controller's signatory is not for them.
            row.active = False
            session.get_one(Person, house.case.officer.id).account_id = row.account_id
        else:
            row.duty_rows.clear()
            if becomes == "an administrator":
                session.flush()
                session.add(Duty(person_id=row.id, name="administrator"))
    assert house.send() == {"dropped": 1, "sent": 1}
    ((what, answer),) = told(house, letter_id)
    assert (what, answer) == ("dropped", "its reader is no reader of this demand any more")
    assert [what for what, _ in told(house, other)] == ["sent"]


def test_a_case_handler_of_another_demand_is_no_reader_of_this_one(house):
    """The officer is replaced; their organisation is a controller elsewhere."""
    person = house.case.officer
    put(house, "one", to_email=person.account.email, organisation_id=person.organisation_id)
    with write_session(house.engine) as session:
        elsewhere = add_issued_case(session, house.log_key, "ND-2013-005").demand
        add_joint(session, elsewhere, house.case.contractor, position=7)
        session.add(Duty(person_id=person.id, name="case_handler"))
        session.get_one(Demand, house.case.demand.id).officer_id = None
    assert house.send() == {"dropped": 1}


@pytest.mark.parametrize("who", ["liaison", "officer", "case_handler", "signatory", "contact"])
def test_who_is_a_reader_still_is_chased(house, who):
    if who == "contact":
        email, of = "Board@halden.example", house.case.contractor.id
        row = EscalationContact(
            demand_id=house.case.demand.id,
            side="contractor",
            name="Rita Vance",
            email=email,
            given_at=NOW,
            given_by_id=house.case.liaison.id,
        )
        with write_session(house.engine) as session:
            session.add(row)
    else:
        person = getattr(house.case, who)
        email, of = person.account.email, person.organisation_id
    put(house, "one", to_email=email, organisation_id=of)
    assert house.send() == {"sent": 1}


@pytest.mark.parametrize("side", ["contractor", "controller"])
def test_a_letter_to_one_sides_contact_does_not_go_to_the_others(house, side):
    """Both were the same address; one side has named somebody else since."""
    email = "board@halden.example"
    with write_session(house.engine) as session:
        session.add(
            EscalationContact(
                demand_id=house.case.demand.id,
                side=side,
                name="Rita Vance",
                email=email,
                given_at=NOW,
                given_by_id=house.case.liaison.id,
            )
        )
    sides = {"contractor": house.case.contractor.id, "controller": house.case.controller.id}
    ours = put(house, "ours", to_email=email, organisation_id=sides.pop(side))
    (other,) = sides.values()
    theirs = put(house, "theirs", rung="before_2", to_email=email, organisation_id=other)
    assert house.send() == {"sent": 1, "dropped": 1}
    assert told(house, ours)[0][0] == "sent"
    assert told(house, theirs) == [("dropped", "its reader is no reader of this demand any more")]


def test_the_letter_of_an_act_does_not_follow_who_left(house):
    person = house.case.officer
    to = {"to_email": person.account.email, "rung": None, "due_on": None, "time_zone": None}
    letter_id = put(house, "one", organisation_id=person.organisation_id, **to)
    put(house, "elsewhere", organisation_id=house.case.controller.id, **to)
    with write_session(house.engine) as session:
        session.get_one(Person, person.id).active = False
    assert house.send() == {"dropped": 1, "sent": 1}
    assert told(house, letter_id) == [("dropped", "its reader's access has ended")]


def test_a_decision_that_is_there_by_now_is_not_asked_for(house):
    def claim(session, at):
        file_id = session.scalars(select(NamedFile.id).order_by(NamedFile.position)).first()
        row = NotReceived(
            id=str(uuid4()),
            demand_id=house.case.demand.id,
            file_id=file_id,
            reason="It never came.",
            claimed_at=at,
            claimed_by_id=house.case.liaison.id,
        )
        session.add(row)
        return row.id

    with write_session(house.engine) as session:
        first = claim(session, NOW - timedelta(days=5))
    put(house, "waits", rung="undecided_2", due_on=None)
    assert house.send() == {"sent": 1}
    decided = put(house, "decided", rung="undecided_5", due_on=None)
    with write_session(house.engine) as session:
        session.get_one(NotReceived, first).ruling = "stands"
        # Another one, from after the letter: it is counted from its own day.
        claim(session, NOW + timedelta(minutes=1))
    assert house.send(NOW + timedelta(minutes=2)) == {"dropped": 1}
    ((what, answer),) = told(house, decided)
    assert what == "dropped"
    assert "decided" in (answer or "")


def test_what_a_controller_is_asked_twice_goes_once(house):
    """The mail server was away for days: the earlier letters of a ladder of theirs go no more."""
    with write_session(house.engine) as session:
        file_id = session.scalars(select(NamedFile.id).order_by(NamedFile.position)).first()
        row = NotReceived(
            id=str(uuid4()),
            demand_id=house.case.demand.id,
            file_id=file_id,
            reason="It never came.",
            claimed_at=NOW - timedelta(days=9),
            claimed_by_id=house.case.liaison.id,
        )
        session.add(row)
    first = put(house, "d:changes:a:undecided_2:p", rung="undecided_2", due_on=None)
    # Another ladder of theirs, to which no later letter belongs.
    put(house, "d:changes:b:undecided_2:p", rung="undecided_2", due_on=None)
    later = {"due_on": None, "now": NOW + timedelta(days=3)}
    put(house, "d:changes:a:undecided_5:p", rung="undecided_5", **later)
    assert house.send(NOW + timedelta(days=3)) == {"dropped": 1, "sent": 2}
    assert told(house, first) == [("dropped", "a later letter says the same to this reader")]
