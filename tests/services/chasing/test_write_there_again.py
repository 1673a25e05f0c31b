""" "Write there again": what its reader has missed goes there once, as the page says; both
databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from attest.database import outbox
from attest.database.engine import read_session, write_session
from attest.database.tables import Demand, Letter, Person
from attest.domain.ladder import DUE, ISSUE, Rung
from attest.domain.refusal import Refused
from attest.services.access import CONTROLLER, Seat
from attest.services.chasing import write_there_again
from attest.services.context import Context
from attest.services.sending import delivered
from tests.services.chasing.test_ticks import (
    LIAISON,
    OFFICER,
    contact,
    edit,
    feb,
    foretold,
    office,
    put,
    told,
    zone,
)
from tests.services.office import Office

__all__ = ["office"]  # the fixture

ONE_RUNG = Rung(DUE, 1, ("liaison",), "overdue")


@contextmanager
def seated(office: Office, case: Any, now: datetime) -> Iterator[tuple[Context, Seat]]:
    with write_session(office.engine) as session:
        demand = session.get_one(Demand, case.demand.id)
        handler = session.get_one(Person, demand.created_by_id)
        ctx = Context(session, now, office.settings, office.log_key)
        yield ctx, Seat(demand, handler, CONTROLLER, True, case.controller.name)


def last_to(office: Office, email: str) -> Letter:
    return [each for each in office.letters() if each.to_email == email][-1]


def bounces(office: Office, letter: Letter, now: datetime) -> None:
    """As the mail server says of one that left."""
    with write_session(office.engine) as session:
        row = session.get_one(Letter, letter.id)
        row.state, row.answer = outbox.BOUNCED, "550 no such user"
        session.flush()
        ctx = Context(session, now, office.settings, office.log_key)
        delivered.failed(ctx, [row])


def says_again(office: Office, case: Any, now: datetime) -> str:
    """Presses it; gives what the page says, which is what it said before."""
    email = case.liaison.account.email
    with read_session(office.engine) as session:
        demand = session.get_one(Demand, case.demand.id)
        seat = Seat(
            demand,
            session.get_one(Person, demand.created_by_id),
            CONTROLLER,
            True,
            case.controller.name,
        )
        ctx = Context(session, now, office.settings, office.log_key)
        before = write_there_again.follows(ctx, seat, email).sentences
    with seated(office, case, now) as (ctx, seat):
        after = write_there_again.write_again(ctx, seat, email).sentences
    assert after == before
    return after


def failed_alone(office: Office) -> Any:
    """A ladder of one rung, whose letter came back; and nobody else to write to but the handler."""
    case = office.add()
    put(office, case.demand.id, officer_id=None)
    edit(office, case, ONE_RUNG)
    assert office.chase(feb(19)) == 1
    bounces(office, last_to(office, case.liaison.account.email), feb(19, 10))
    return case


def test_the_only_rung_goes_there_once_more_and_as_the_page_foretells(office):
    case = failed_alone(office)
    assert office.chase(feb(19, 10, 5)) == 1  # the case handler, in the liaison's place
    said = says_again(office, case, feb(19, 20))
    assert said == (
        "The letter “overdue” (1 working day after the due day) goes there"
        " on Wednesday 20 February 2013 at 09:00."
    )
    assert foretold(office, case, feb(19, 20)) == [(feb(20), "after_1", LIAISON)]
    # Not at night, then once, whatever ticks follow.
    assert [office.chase(feb(19, 21)), office.chase(feb(20)), office.chase(feb(20))] == [0, 1, 0]
    assert foretold(office, case, feb(20, 9, 1)) == []
    office.change(case.demand.id)
    assert office.chase(feb(21)) == 0
    assert told(office) == [
        (feb(19), "after_1", LIAISON),
        (feb(19, 10, 5), "after_1", "Priya Nair"),
        (feb(20), "after_1", LIAISON),
    ]


def test_in_working_hours_it_goes_now_and_the_time_is_told_on_the_readers_clock(office):
    case = failed_alone(office)
    assert says_again(office, case, feb(19, 11)).endswith("goes there now.")
    assert office.chase(feb(19, 11)) == 1
    bounces(office, last_to(office, case.liaison.account.email), feb(19, 12))
    zone(office, case.liaison, "Asia/Kathmandu")
    assert "at 09:00 in Kathmandu, Asia" in says_again(office, case, feb(19, 13))


def test_each_time_it_comes_back_it_can_be_asked_for_again(office):
    case = failed_alone(office)
    for hour in (11, 13, 15):
        says_again(office, case, feb(19, hour))
        assert office.chase(feb(19, hour)) == 1
        assert office.chase(feb(19, hour, 10)) == 0
        bounces(office, last_to(office, case.liaison.account.email), feb(19, hour, 30))
    with seated(office, case, feb(19, 16)) as (ctx, seat):
        write_there_again.write_again(ctx, seat, case.liaison.account.email)
        with pytest.raises(Refused):
            write_there_again.write_again(ctx, seat, case.liaison.account.email)


def test_nothing_goes_twice_where_a_later_letter_arrived(office):
    case = office.add()
    assert office.chase(feb(14)) == 2
    lost = last_to(office, case.liaison.account.email)
    assert office.chase(feb(18)) == 2  # this one arrives
    bounces(office, lost, feb(18, 10))
    said = says_again(office, case, feb(18, 11))
    assert "(1 working day after the due day) goes there on Tuesday 19 February 2013" in said
    assert office.chase(feb(18, 11)) == 0


def test_what_went_to_somebody_else_in_its_place_goes_to_its_reader_too(office):
    case = office.add()
    put(office, case.demand.id, contact(case), officer_id=None)
    assert office.chase(feb(14)) == 1
    bounces(office, last_to(office, case.liaison.account.email), feb(14, 10))
    office.chase(feb(14, 10))
    office.chase(feb(18))
    office.chase(feb(19))
    says_again(office, case, feb(19, 12))
    assert foretold(office, case, feb(19, 12))[0] == (feb(19, 12), "after_1", LIAISON)
    assert office.chase(feb(19, 12)) == 1
    assert told(office)[-1] == (feb(19, 12), "after_1", LIAISON)
    # Of what it missed before it gets nothing more, and the contact no more in its place.
    assert office.chase(feb(20)) == 0
    assert [name for _, _, name in told(office)] == [LIAISON] + ["Rita Vance"] * 3 + [LIAISON]


def test_who_is_to_acknowledge_is_asked_again_with_a_new_link(office):
    case = office.add(state="issued")
    edit(office, case, Rung(ISSUE, 1, ("liaison",), "not_acknowledged"))
    assert office.chase(feb(5)) == 1
    first = last_to(office, case.liaison.account.email)
    bounces(office, first, feb(5, 10))
    says_again(office, case, feb(5, 11))
    assert office.chase(feb(5, 11)) == 1
    again = last_to(office, case.liaison.account.email)
    assert (again.kind, again.rung) == ("not_acknowledged", "issued_1")
    assert first.invitation_id is not None
    assert again.invitation_id not in (None, first.invitation_id)


def test_a_report_that_comes_late_about_an_older_letter_asks_once_more(office):
    case = failed_alone(office)
    says_again(office, case, feb(19, 11))
    assert office.chase(feb(19, 11)) == 1
    older = last_to(office, case.liaison.account.email)
    other = office.add(reference="ND-2013-009")
    assert older.demand_id != other.demand.id
    with write_session(office.engine) as session:
        row = session.get_one(Letter, older.id)
        row.state, row.vouched_at = outbox.SENT, feb(19, 12)
    bounces(office, older, feb(19, 13))
    assert foretold(office, case, feb(19, 13)) == [(feb(19, 13), "after_1", LIAISON)]
    with read_session(office.engine) as session:
        assert session.get_one(Demand, case.demand.id).chase_at == feb(19, 13)


def test_it_waits_for_the_end_of_a_pause_and_says_nothing_where_nothing_is_ahead(office):
    case = failed_alone(office)
    office.change(case.demand.id, files_open=0)
    said = says_again(office, case, feb(19, 11))
    assert said == "No letter that chases is ahead for its reader."
    assert office.chase(feb(20)) == 0


def test_an_address_that_its_asker_may_not_see_is_no_address(office):
    case = failed_alone(office)
    with write_session(office.engine) as session:
        for row in session.query(Letter).filter_by(to_email=case.liaison.account.email):
            row.organisation_id = None
    with seated(office, case, feb(19, 12)) as (ctx, seat), pytest.raises(Refused):
        write_there_again.write_again(ctx, seat, case.liaison.account.email)


def test_the_officer_is_asked_what_they_missed_and_nobody_else(office):
    case = office.add()
    assert office.chase(feb(19)) == 2
    bounces(office, last_to(office, case.officer.account.email), feb(19, 10))
    with seated(office, case, feb(19, 10) + timedelta(hours=1)) as (ctx, seat):
        write_there_again.write_again(ctx, seat, case.officer.account.email)
    assert office.chase(feb(19, 11)) == 1
    assert told(office)[-1] == (feb(19, 11), "after_1", OFFICER)
