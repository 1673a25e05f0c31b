"""What the tick writes when: pauses, failing addresses, own ladders, clocks; on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from attest.database.engine import read_session, write_session
from attest.database.tables import (
    ChasePause,
    Demand,
    EscalationContact,
    LadderRung,
    Letter,
    NamedFile,
    Person,
)
from attest.domain.ladder import DUE, ISSUE, Rung
from attest.services.chasing.forecast import coming
from attest.services.context import Context
from attest.services.letters.failing import mark_failing
from tests.rows import NOW, letter_columns
from tests.services.office import Office, at, open_office

OFFICER, LIAISON = "Ruth Adeyemi", "Tom Beck"


def feb(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return at(date(2013, 2, day), hour, minute)


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def put(office: Office, demand_id: str, *rows: Any, **columns: Any) -> None:
    """Adds rows that an act would add, and lets the next tick look."""
    with write_session(office.engine) as session:
        session.add_all(rows)
    office.change(demand_id, **columns)


def zone(office: Office, person: Person, name: str) -> None:
    with write_session(office.engine) as session:
        session.get_one(Person, person.id).time_zone = name


def pause(office: Office, case: Any, until_on: date) -> str:
    row = ChasePause(
        id=str(uuid4()),
        demand_id=case.demand.id,
        started_at=NOW,
        started_by_id=case.case_handler.id,
        until_on=until_on,
        reason="Their offices are flooded.",
    )
    found = row.id
    put(office, case.demand.id, row)
    return found


def edit(office: Office, case: Any, *rungs: Rung) -> None:
    """Gives a demand that has the usual ladder one of its own."""
    rows = [
        LadderRung(
            demand_id=case.demand.id,
            position=position,
            anchor=rung.anchor,
            offset=rung.offset,
            every=rung.every,
            audience=" ".join(rung.audience),
            letter=rung.letter,
        )
        for position, rung in enumerate(rungs)
    ]
    put(office, case.demand.id, *rows, own_ladder=True)


def foretold(office: Office, case: Any, now: datetime) -> list[tuple[datetime, str, str]]:
    """What the page of the demand promises."""
    with read_session(office.engine) as session:
        ctx = Context(session, now, office.settings, office.log_key)
        letters = coming(ctx, session.get_one(Demand, case.demand.id))
        return [(one.at, one.reached.turn.name, one.reached.course.reader.name) for one in letters]


def contact(case: Any) -> EscalationContact:
    return EscalationContact(
        demand_id=case.demand.id,
        side="contractor",
        name="Rita Vance",
        email="board@halden.example",
        given_at=NOW,
        given_by_id=case.liaison.id,
    )


def fails(office: Office, case: Any, email: str) -> None:
    """A letter to this address could not be delivered."""
    with write_session(office.engine) as session:
        columns = letter_columns(
            f"bounced:{email}", demand_id=case.demand.id, to_email=email, state="bounced"
        )
        letter = Letter(**columns, attempts=1)
        session.add(letter)
        session.flush()
        ctx = Context(session, NOW, office.settings, office.log_key)
        mark_failing(ctx, letter, "550 no such user")


def played(
    office: Office, first: datetime, last: datetime, step: timedelta
) -> list[tuple[datetime, str | None, str]]:
    """The letters that ticks from `first` to `last` write: when, which rung, to whom."""
    now = first
    while now <= last:
        office.chase(now)
        now += step
    return told(office)


def told(office: Office) -> list[tuple[datetime, str | None, str]]:
    return [(row.queued_at, row.rung, row.to_name) for row in office.letters() if row.rung]


# --- Pauses -----------------------------------------------------------------------------------


def test_what_a_pause_held_back_comes_as_one_letter_on_each_readers_morning(office):
    case = office.add()  # due on Monday 18 February
    zone(office, case.liaison, "Asia/Kathmandu")
    zone(office, case.officer, "America/St_Johns")
    pause(office, case, date(2013, 2, 22))
    assert played(office, feb(8, 4), feb(21, 14), timedelta(hours=5)) == []
    # On Friday 22, at nine on each clock, and only the latest of the four rungs that were missed.
    morning = {LIAISON: feb(22, 3, 15), OFFICER: feb(22, 12, 30)}
    for moment in morning.values():
        office.chase(moment - timedelta(minutes=1))
        office.chase(moment)
    office.chase(feb(22, 15))
    assert told(office) == [(moment, "after_3", name) for name, moment in morning.items()]
    # Monday's comes as if nothing had been.
    assert office.chase(feb(25, 3, 15)) == 1


def test_a_pause_that_is_ended_early_ends_at_once(office):
    case = office.add()
    row = pause(office, case, date(2013, 3, 1))
    assert office.chase(feb(14)) == 0
    with write_session(office.engine) as session:
        session.get_one(ChasePause, row).ended_at = feb(14, 9, 30)
    office.change(case.demand.id)
    assert office.chase(feb(14, 9, 31)) == 2
    assert {rung for _, rung, _ in told(office)} == {"before_2"}
    assert office.chase(feb(18)) == 2


def test_a_pause_holds_controllers_letters_about_lateness_back_too(office):
    case = office.add()
    pause(office, case, date(2013, 3, 29))
    assert played(office, feb(5), feb(28), timedelta(hours=6)) == []


# --- Failing addresses --------------------------------------------------------------------------


def test_where_nobody_of_a_duty_is_reached_the_next_in_order_is_at_once(office):
    case = office.add()
    put(office, case.demand.id, contact(case))
    assert office.chase(feb(19)) == 2
    fails(office, case, case.liaison.account.email.upper())
    # The officer, who is next, has the letter of this rung already.
    assert office.chase(feb(19, 9, 10)) == 0
    fails(office, case, case.officer.account.email)
    assert office.chase(feb(19, 9, 11)) == 1
    fails(office, case, "board@halden.example")
    assert office.chase(feb(19, 9, 12)) == 1
    assert office.chase(feb(19, 9, 13)) == 0
    written = [(row.rung, row.kind, row.to_name) for row in office.letters() if row.rung]
    assert written[2:] == [
        ("after_1", "escalation_contact", "Rita Vance"),
        ("after_1", "controller_late", "Priya Nair"),
    ]
    # Further rungs go to the case handler and to whom they go anyway, and to no failing address.
    later = Counter(
        name for moment, _, name in played(office, feb(20), feb(25), timedelta(hours=12))
    )
    assert later == {OFFICER: 1, LIAISON: 1, "Rita Vance": 1, "Priya Nair": 3, "Helen Marsh": 1}


def test_where_the_liaison_left_and_nobody_signs_yet_the_next_in_order_is_chased(office):
    case = office.add()
    put(office, case.demand.id, contact(case), officer_id=None)
    with write_session(office.engine) as session:
        session.get_one(Person, case.liaison.id).active = False
    assert office.chase(feb(14)) == 1
    assert told(office) == [(feb(14), "before_2", "Rita Vance")]


def test_where_nobody_of_the_contractor_is_left_the_case_handler_is_told(office):
    case = office.add(state="issued")
    put(office, case.demand.id, liaison_id=None, officer_id=None)
    assert office.chase(feb(5)) == 1
    assert told(office) == [(feb(5), "issued_1", "Priya Nair")]


def test_who_asks_to_acknowledge_passes_over_a_failing_address_too(office):
    case = office.add(state="issued")
    fails(office, case, case.liaison.account.email)
    assert office.chase(feb(5)) == 1
    assert told(office) == [(feb(5), "issued_1", OFFICER)]


def test_the_next_contact_is_written_to_in_their_own_hours(office):
    case = office.add()
    put(office, case.demand.id, contact(case))
    zone(office, case.officer, "Pacific/Kiritimati")
    fails(office, case, case.liaison.account.email)
    # Nine on Tuesday 19 there is 19:00 on Monday, UTC.
    letters = played(office, feb(18, 4), feb(19, 2), timedelta(hours=1))
    # Where the pages tell the day it is the due day until midnight.
    assert letters == [(feb(18, 19), "on_day", OFFICER), (feb(19, 0), "after_1", OFFICER)]


# --- Ladders of a demand's own, and acknowledging -------------------------------------------------


def test_a_ladder_of_its_own_goes_by_its_own_days(office):
    case = office.add(state="issued")
    own = (
        Rung(ISSUE, 3, ("liaison",), "not_acknowledged"),
        Rung(DUE, -1, ("liaison", "officer"), "reminder"),
        Rung(DUE, 2, ("officer", "signatory"), "overdue", every=5),
    )
    edit(office, case, *own)
    letters = played(office, feb(5), feb(28), timedelta(hours=12))
    assert letters == [
        (feb(7), "issued_3", LIAISON),
        (feb(15), "before_1", OFFICER),
        (feb(15), "before_1", LIAISON),
        (feb(20), "after_2", "Helen Marsh"),
        (feb(20), "after_2", OFFICER),
        (feb(27), "after_7", "Helen Marsh"),
        (feb(27), "after_7", OFFICER),
    ]
    assert [row.kind for row in office.letters()][3:5] == ["controller_late", "overdue"]
    # Back to the usual one: what it has reached by now follows at once, for each reader once.
    put(office, case.demand.id, own_ladder=False)
    assert office.chase(feb(28, 10)) == 1  # the liaison had none; the others had this turn's
    assert office.letters()[-1].to_name == LIAISON


def test_an_edited_ladder_writes_no_earlier_rung_and_nobody_twice_a_day(office):
    case = office.add()
    assert office.chase(feb(21)) == 2  # after_3
    edit(office, case, Rung(DUE, 2, ("liaison", "officer"), "overdue", every=2))
    promised = foretold(office, case, feb(21, 10))
    assert office.chase(feb(21, 10)) == 0
    letters = played(office, feb(21, 11), feb(26, 11), timedelta(hours=3))
    assert letters[2:] == [
        (at, rung, name)
        for at, rung in ((feb(22, 11), "after_4"), (feb(26, 11), "after_6"))
        for name in (OFFICER, LIAISON)
    ]
    days = [(at.date(), rung, name) for at, rung, name in letters[2:]]
    assert sorted((at.date(), rung, name) for at, rung, name in promised[:4]) == sorted(days)


def test_a_rung_of_the_day_that_a_late_letter_came_on_is_passed_over_for_good(office):
    case = office.add()
    pause(office, case, date(2013, 2, 22))
    assert office.chase(feb(22)) == 2  # after_3, a day late
    edit(office, case, Rung(DUE, 4, ("liaison", "officer"), "escalation"))
    assert foretold(office, case, feb(22, 10)) == []
    assert played(office, feb(22, 10), feb(28), timedelta(hours=12))[2:] == []


def test_of_what_comes_again_a_few_are_foretold_whatever_comes_later(office):
    case = office.add()
    again = Rung(DUE, 1, ("liaison",), "overdue", every=1)
    edit(office, case, again, Rung(DUE, 8, ("liaison",), "escalation"))
    names = [name for _, name, _ in foretold(office, case, feb(19))]
    assert names == ["after_1", "after_2", "after_3", "after_8"]


def test_what_a_letter_that_asks_to_acknowledge_stood_for_is_passed_over_for_good(office):
    case = office.add(state="issued")
    with write_session(office.engine) as session:
        first = session.scalars(select(NamedFile).where(NamedFile.state == "open").limit(1)).one()
        first.due_on = date(2013, 2, 20)
    # Reached on the 20th, for the two due days on the 19th and the 21st; nothing was up before.
    asks = Rung(ISSUE, 12, ("liaison",), "not_acknowledged")
    edit(office, case, asks, Rung(DUE, 1, ("liaison",), "overdue"))
    promised = foretold(office, case, feb(20))
    assert promised == [(feb(20), "issued_12", LIAISON), (feb(21), "after_1", LIAISON)]
    assert played(office, feb(20), feb(28), timedelta(hours=12)) == promised


def test_who_was_asked_to_acknowledge_today_is_not_reminded_today(office):
    case = office.add(state="issued")
    assert office.chase(feb(6)) == 1
    edit(office, case, Rung(DUE, -8, ("liaison", "officer"), "reminder"))
    assert office.chase(feb(6, 10)) == 1
    assert [(rung, name) for _, rung, name in told(office)] == [
        ("issued_2", LIAISON),
        ("before_8", OFFICER),
    ]


def test_nobody_is_asked_to_acknowledge_who_has_done_so(office):
    case = office.add(state="issued")
    assert office.chase(feb(5)) == 1
    office.change(case.demand.id, state="acknowledged", acknowledged_at=feb(5, 15))
    letters = played(office, feb(6), feb(11, 0), timedelta(hours=3))
    assert letters == [(feb(5), "issued_1", LIAISON)]


def test_who_does_not_acknowledge_is_asked_twice(office):
    office.add(state="issued")
    letters = played(office, feb(4, 12), feb(8), timedelta(hours=3))
    assert letters == [(feb(5), "issued_1", LIAISON), (feb(6), "issued_2", LIAISON)]


# --- Clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "due_on", "opens"),
    [
        # The last days before the changes of summer time, and the first ones after them.
        ("Europe/London", date(2013, 4, 2), ["03-22T09:00", "03-27T09:00", "04-02T08:00"]),
        ("Europe/London", date(2013, 10, 28), ["10-21T08:00", "10-24T08:00", "10-28T09:00"]),
        ("America/St_Johns", date(2013, 3, 12), ["03-05T12:30", "03-08T12:30", "03-12T11:30"]),
        ("America/St_Johns", date(2013, 11, 4), ["10-28T11:30", "10-31T11:30", "11-04T12:30"]),
        ("Asia/Kathmandu", date(2013, 3, 12), ["03-05T03:15", "03-08T03:15", "03-12T03:15"]),
        # Ahead of everybody: the day before, UTC.
        ("Pacific/Kiritimati", date(2013, 3, 12), ["03-04T19:00", "03-07T19:00", "03-11T19:00"]),
    ],
)
def test_letters_go_at_nine_on_the_readers_clock(office, name, due_on, opens):
    case = office.add(due_on=due_on)
    office.change(case.demand.id, officer_id=None)
    zone(office, case.liaison, name)
    moments = [datetime.fromisoformat(f"2013-{each}+00:00") for each in opens]
    for moment in moments:
        for minutes in (-12 * 60, -60, -1, 0, 1, 60, 12 * 60):
            office.chase(moment + timedelta(minutes=minutes))
    rungs = ("before_5", "before_2", "on_day")
    assert told(office) == [(at, rung, LIAISON) for at, rung in zip(moments, rungs, strict=True)]


def test_a_due_day_is_over_for_who_works_far_east_when_it_is_over_on_the_pages(office):
    """Tuesday morning in Auckland is Monday evening where the pages tell the day."""
    case = office.add()
    zone(office, case.liaison, "Pacific/Auckland")
    office.chase(feb(17, 20))  # nine on Monday there
    office.change(case.demand.id)
    office.chase(feb(18))
    said = [each for each in foretold(office, case, feb(18, 20)) if each[2] == LIAISON]
    assert said[0] == (feb(19, 0), "after_1", LIAISON)
    before = office.kinds()
    office.change(case.demand.id)
    assert (office.chase(feb(18, 20)), office.chase(feb(18, 23, 59))) == (0, 0)
    assert office.kinds() == before
    assert office.chase(feb(19, 0)) == 1
    letter = office.letters()[-1]
    assert (letter.to_name, letter.kind) == (LIAISON, "overdue")
    assert "(1 working day late)" in " ".join(letter.text.split())
    # The rungs after it keep to the reader's own mornings.
    said = [each for each in foretold(office, case, feb(19, 1)) if each[2] == LIAISON]
    assert said[0] == (feb(20, 20), "after_3", LIAISON)


def test_a_due_day_that_ends_on_the_pages_at_night_there_waits_for_the_morning(office):
    """Pages in Los Angeles: their day ends at nine in the evening in Auckland."""
    case = office.add()
    zone(office, case.liaison, "Pacific/Auckland")
    office.settings = replace(office.settings, time_zone="America/Los_Angeles")
    for moment in (feb(18, 20), feb(19, 8), feb(19, 20)):
        office.chase(moment)
    theirs = [each for each in office.letters() if each.to_name == LIAISON]
    assert [each.queued_at for each in theirs if each.kind == "overdue"] == [feb(19, 20)]
