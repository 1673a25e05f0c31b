"""Who has just been told of a demand is not reminded of it in the same minute; both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter, NamedFile
from attest.services.access import CONTRACTOR, Seat
from attest.services.acts import acknowledging
from attest.services.chasing.forecast import coming
from attest.services.context import Context
from tests.services.office import Office, at, open_office

OFFICER = "Ruth Adeyemi"


def feb(day: int, hour: int = 9) -> datetime:
    return at(date(2013, 2, day), hour)


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def name_officer(office: Office, case: Any, now: datetime) -> None:
    """The liaison chooses the officer; the rung of -5 had its letter before."""
    with write_session(office.engine) as session:
        demand = session.get_one(Demand, case.demand.id)
        liaison = demand.liaison
        assert liaison is not None
        ctx = Context(session, now, office.settings, office.log_key)
        seat = Seat(demand, liaison, CONTRACTOR, False, case.contractor.name)
        acknowledging.choose_officer(ctx, seat, case.officer.id)


def theirs(office: Office) -> list[tuple[str, datetime]]:
    return [(each.kind, each.queued_at) for each in office.letters() if each.to_name == OFFICER]


@pytest.fixture
def case(office):
    added = office.add()
    office.change(added.demand.id, officer_id=None)
    office.chase(feb(11))
    return added


def test_a_new_officer_gets_one_letter_and_then_the_next_rung(office, case):
    name_officer(office, case, feb(12, 10))
    with read_session(office.engine) as session:
        ctx = Context(session, feb(12, 10), office.settings, office.log_key)
        ahead = coming(ctx, session.get_one(Demand, case.demand.id))
    names = [each.reached.turn.name for each in ahead if each.reached.course.reader.name == OFFICER]
    assert names[0] == "before_2"
    office.chase(feb(12, 10))
    office.chase(feb(13))
    assert theirs(office) == [("officer_invited", feb(12, 10))]
    office.chase(feb(14))
    assert theirs(office)[1:] == [("reminder", feb(14))]


def test_a_rung_of_the_day_itself_is_passed_over_for_this_reader_alone(office, case):
    name_officer(office, case, feb(14, 8))
    office.chase(feb(14))
    assert theirs(office) == [("officer_invited", feb(14, 8))]
    assert [each.queued_at for each in office.letters() if each.kind == "reminder"] == [
        feb(11),
        feb(14),
    ]


def test_a_letter_that_bounced_told_nobody(office, case):
    name_officer(office, case, feb(12, 10))
    with write_session(office.engine) as session:
        session.query(Letter).filter_by(kind="officer_invited").update({"state": outbox.BOUNCED})
    office.chase(feb(12, 11))
    assert [kind for kind, _ in theirs(office)] == ["officer_invited", "reminder"]


def test_a_letter_that_was_dropped_told_nobody(office):
    case = office.add()
    assert office.chase(feb(14)) == 2
    with write_session(office.engine) as session:
        for row in session.scalars(select(Letter).where(Letter.rung == "before_2")):
            outbox.drop(row, "the chasing was paused meanwhile", frees_key=True)
    office.change(case.demand.id, chase_at=feb(14))
    assert office.chase(feb(14, 15)) == 2


def test_what_is_due_on_another_day_is_chased_on_a_day_that_had_a_letter_of_this_one(office):
    case = office.add()
    with write_session(office.engine) as session:
        first = session.scalars(select(NamedFile).where(NamedFile.state == "open").limit(1)).one()
        first.state, first.due_on = "attested", date(2013, 2, 20)
    assert office.chase(feb(18)) == 2
    with write_session(office.engine) as session:
        session.get_one(NamedFile, first.id).state = "open"
    office.change(case.demand.id, chase_at=feb(18))
    assert office.chase(feb(18, 15)) == 2
    assert {row.rung for row in office.letters() if row.queued_at == feb(18, 15)} == {"before_2"}
