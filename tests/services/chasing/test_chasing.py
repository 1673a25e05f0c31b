from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from attest.database.engine import write_session
from attest.database.tables import Demand, NamedFile, Person
from tests.services.office import at, open_office


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


BOTH = ["Ruth Adeyemi", "Tom Beck"]


def test_a_whole_ladder_day_by_day(office):
    case = office.add()
    written = {}
    for offset in range(28):
        day = date(2013, 2, 5) + timedelta(days=offset)
        for hour in (0, 9, 9, 23):
            if new := office.chase(at(day, hour)):
                written[day] = new
    # From Monday 25 on, five working days late, the signatory has a letter too.
    february = dict.fromkeys((11, 14, 18, 19, 21), 2) | {25: 3, 27: 3}
    expected = {date(2013, 2, day): new for day, new in february.items()}
    assert written == expected | {date(2013, 3, 1): 3}
    kinds = ["reminder"] * 3 + ["overdue"] + ["escalation"] * 4
    to_contractor = [each for each in office.kinds() if each[0] != "controller_late"]
    assert to_contractor == [(kind, name) for kind in kinds for name in BOTH]
    assert office.kinds().count(("controller_late", "Helen Marsh")) == 3
    assert {letter.demand_id for letter in office.letters()} == {case.demand.id}
    assert {letter.state for letter in office.letters()} == {"queued"}


def test_what_a_stopped_service_missed_collapses_into_one_letter(office):
    office.add()
    assert office.chase(at(date(2013, 2, 22))) == 2
    assert office.kinds() == [("escalation", name) for name in BOTH]
    assert office.chase(at(date(2013, 2, 22), 16)) == 0


def test_a_letter_says_what_is_open(office):
    office.add(files_open=2)
    office.chase(at(date(2013, 2, 19)))
    letter = office.letters()[0]
    assert letter.subject == "ND-2013-004: 2 files are overdue"
    assert "- file 0.csv\n- file 1.csv\n\n" in letter.text
    assert "Monday 18 February 2013 (1 working day late)" in " ".join(letter.text.split())
    assert letter.text.startswith("Dear Ruth Adeyemi,\n\n")


def test_a_rejected_file_is_open_too(office):
    case = office.add(files_open=1)
    with write_session(office.engine) as session:
        session.scalars(select(NamedFile).where(NamedFile.state == "open")).one().state = "rejected"
    assert office.chase(at(date(2013, 2, 19))) == 2
    assert case.demand.reference in office.letters()[0].subject


@pytest.mark.parametrize(
    "quiet",
    [
        {"files_open": 0},
        {"state": "draft"},
        {"state": "awaiting_review"},
        {"state": "closed"},
        {"state": "closed_with_exceptions"},
        {"state": "withdrawn"},
        {"disputed_at": at(date(2013, 2, 6))},
        {"due_on": None},
        {"due_on": date(2013, 4, 2), "calendar": "GB-SCT"},
    ],
    ids=lambda quiet: "-".join(f"{k}={v}" for k, v in quiet.items()),
)
def test_nobody_is_chased_without_need(office, quiet):
    case = office.add()
    office.change(case.demand.id, **quiet)
    assert office.chase(at(date(2013, 2, 21))) == 0


@pytest.mark.parametrize("state", ["acknowledged", "in_progress"])
def test_whoever_has_the_demand_is_chased(office, state):
    office.add(state=state)
    assert office.chase(at(date(2013, 2, 19))) == 2


def test_chasing_stops_when_nothing_is_open_and_goes_on_when_a_file_reopens(office):
    case = office.add()
    office.chase(at(date(2013, 2, 14)))
    office.change(case.demand.id, files_open=0)
    assert office.chase(at(date(2013, 2, 19))) == 0
    office.change(case.demand.id, files_open=1)
    assert office.chase(at(date(2013, 2, 20))) == 2
    assert office.kinds()[-1] == ("overdue", "Tom Beck")


def test_who_left_is_not_written_to(office):
    case = office.add()
    with write_session(office.engine) as session:
        session.get_one(Person, case.officer.id).active = False
    assert office.chase(at(date(2013, 2, 19))) == 1
    assert office.kinds() == [("overdue", "Tom Beck")]


def test_a_liaison_who_is_the_officer_too_gets_one_letter(office):
    case = office.add()
    office.change(case.demand.id, officer_id=case.liaison.id)
    assert office.chase(at(date(2013, 2, 19))) == 1


def test_a_demand_without_an_officer_yet(office):
    case = office.add()
    office.change(case.demand.id, officer_id=None)
    assert office.chase(at(date(2013, 2, 19))) == 1


def test_who_is_named_late_gets_the_letter_of_the_rung_that_was_reached(office):
    case = office.add()
    office.chase(at(date(2013, 2, 19)))
    office.change(case.demand.id, officer_id=case.signatory.id)
    assert office.chase(at(date(2013, 2, 20))) == 1
    assert office.chase(at(date(2013, 2, 21))) == 2


def test_bank_holidays_are_no_working_days(office):
    case = office.add(due_on=date(2013, 3, 28))  # Maundy Thursday
    office.change(case.demand.id, calendar="GB-ENG")
    assert office.chase(at(date(2013, 3, 21))) == 2
    assert office.chase(at(date(2013, 3, 26))) == 2
    assert office.chase(at(date(2013, 3, 28))) == 2
    for day in range(29, 32):
        assert office.chase(at(date(2013, 3, day))) == 0
    assert office.chase(at(date(2013, 4, 1))) == 0  # Easter Monday
    assert office.chase(at(date(2013, 4, 2))) == 2


def test_the_demands_own_calendar_counts(office):
    case = office.add(due_on=date(2013, 3, 28))
    office.change(case.demand.id, calendar="GB-SCT")  # works on Easter Monday
    office.chase(at(date(2013, 3, 28)))
    assert office.chase(at(date(2013, 4, 1))) == 2


def test_a_demand_that_was_issued_after_a_rung_skips_it(office):
    case = office.add()
    office.change(case.demand.id, issued_at=at(date(2013, 2, 15)))
    assert office.chase(at(date(2013, 2, 15), 12)) == 0
    assert office.chase(at(date(2013, 2, 17))) == 0
    assert office.chase(at(date(2013, 2, 18))) == 2


def test_more_time_starts_the_ladder_afresh(office):
    case = office.add()
    office.chase(at(date(2013, 2, 14)))
    office.change(case.demand.id, due_on=date(2013, 2, 20))
    assert office.chase(at(date(2013, 2, 18))) == 2
    assert [kind for kind, _ in office.kinds()] == ["reminder"] * 4


def test_a_day_begins_where_people_work(office):
    office.add(due_on=date(2013, 7, 15))
    office.chase(at(date(2013, 7, 9)))
    # 8:00 UTC is nine o'clock in British summer time.
    assert office.chase(at(date(2013, 7, 11), 7, 59)) == 0
    assert office.chase(at(date(2013, 7, 11), 8, 0)) == 2


@pytest.mark.usefixtures("patient")
def test_two_workers_at_once_write_one_letter_a_rung(office):
    for number in range(6):
        office.add(reference=f"ND-2013-{number:03d}")
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(office.chase, at(date(2013, 2, 19))) for _ in range(2)]
        assert sum(run.result() for run in runs) == 12
    counts = Counter((letter.demand_id, letter.to_name) for letter in office.letters())
    assert set(counts.values()) == {1}


def test_the_number_of_queries_does_not_grow_with_the_demands(office):
    def queries() -> int:
        seen: list[str] = []

        def count(_c: Any, _k: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().startswith("SELECT"):
                seen.append(statement)

        event.listen(office.engine, "before_cursor_execute", count)
        office.chase(at(date(2013, 2, 19)))
        event.remove(office.engine, "before_cursor_execute", count)
        return len(seen)

    office.add()
    one = queries()
    for number in range(20):
        office.add(reference=f"ND-2013-{number:03d}x")
    assert queries() == one
    # And with nothing new to write there is less to ask.
    assert queries() < one


def test_a_long_list_of_files_is_not_loaded(office):
    case = office.add()
    with write_session(office.engine) as session:
        session.add_all(
            NamedFile(id=f"{n:036d}", demand_id=case.demand.id, position=9 + n, name=f"{n:03d}.csv")
            for n in range(300)
        )
        session.get_one(Demand, case.demand.id).files_open = 305
    office.chase(at(date(2013, 2, 19)))
    text = office.letters()[0].text
    assert "- file 4.csv\n- 000.csv\n- 001.csv\n- 002.csv\n- 003.csv\n- and 296 others\n" in text


def test_one_demand_that_nobody_can_write_about_does_not_stop_the_others(office):
    broken = office.add(reference="ND-2013-001")
    office.change(broken.demand.id, calendar="no such")
    office.add(reference="ND-2013-002")
    assert office.chase(at(date(2013, 2, 19))) == 2
    assert {letter.subject for letter in office.letters()} == {"ND-2013-002: 5 files are overdue"}
