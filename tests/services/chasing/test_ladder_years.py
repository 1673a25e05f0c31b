"""Years of the ladder: no letter on a holiday or at night, none too many, none missed."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from hypothesis import HealthCheck, example, given, settings

from attest.database import tables
from attest.domain import ladder
from attest.domain.working_hours import Hours, local_day
from attest.services.chasing.courses import (
    Course,
    all_reached,
    is_at_work,
    next_moment,
    without_letter,
)
from attest.services.chasing.last_heard import Heard
from attest.services.facts.readers import Reader
from tests.services import ladder_years
from tests.services.ladder_years import Year

# Demands whose year is played. In full with ATTEST_FULL=1.
DEMANDS = 1000 if os.environ.get("ATTEST_FULL") == "1" else 20

HOURS = Hours()
DUTIES = (ladder.LIAISON, ladder.ESCALATION_CONTACT, ladder.SIGNATORY)


def reader(year: Year, number: int) -> Reader:
    duty = DUTIES[number]
    return Reader(duty, f"{duty}@mail.example", None, year.zones[number], "en", None, duty)


def courses(demand: tables.Demand, year: Year, number: int, now: datetime) -> list[Course]:
    """As services/chasing/contractor_ladder.py makes them from rows."""
    stands = year.at(now)
    to = reader(year, number)
    rungs = [rung for rung in ladder.LADDER if to.duty in rung.audience]
    answered = stands.acknowledged_at
    found = [
        Course(
            demand,
            to,
            tuple(rung for rung in rungs if rung.anchor == ladder.DUE),
            stands.due_on,
            f"{stands.due_on}",
            due_on=stands.due_on,
            since=min(local_day(stands.heard_at, to.time_zone), stands.due_on),
            resumes_on=stands.paused_until,
            pages=ladder_years.PAGES,
        )
    ]
    if number == 0:
        found.append(
            Course(
                demand,
                to,
                tuple(rung for rung in rungs if rung.anchor == ladder.ISSUE),
                local_day(year.issued_at, to.time_zone),
                "issue",
                last_day=None if answered is None else local_day(answered, to.time_zone),
                resumes_on=stands.paused_until,
            )
        )
    return found


def played(year: Year, number: int) -> list[tuple[datetime, str]]:
    """The letters of one reader: looked at when something happens, and when a look said so."""
    demand = tables.Demand(id="a demand", calendar=year.calendar)
    written: set[str] = set()
    heard = Heard()
    letters = []
    now = year.issued_at
    while now < year.ends_at:
        moment = None
        if year.is_up(now) and not year.at(now).settled:
            theirs = courses(demand, year, number, now)
            waiting = []
            for each in heard.still(without_letter(all_reached(theirs, now), written)):
                if is_at_work(each.course.reader, year.calendar, now, HOURS):
                    written.add(each.key)
                    heard.note_reached(each, now)
                    letters.append((now, each.turn.name))
                else:
                    waiting.append(each)
            moment = next_moment(theirs, waiting, now, HOURS)
        ahead = [each for each in (*year.moments, moment) if each is not None and each > now]
        # The longest time between two looks.
        now = min([*ahead, now + timedelta(days=1)])
    return letters


@settings(
    max_examples=DEMANDS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(year=ladder_years.years())
# Told in the morning that it is due today, and granted a day a minute later: not asked twice.
@example(
    Year(
        calendar="GB-ENG",
        zones=("Europe/London", "Europe/London", "Europe/London"),
        issued_at=datetime(2025, 1, 1, tzinfo=UTC),
        due_on=date(2025, 1, 2),
        acknowledged_at=None,
        settled_at=None,
        granted=(datetime(2025, 1, 2, 9, 1, tzinfo=UTC), date(2025, 1, 3)),
        paused=None,
        down=None,
    )
)
# Asked to acknowledge on the morning after the due day, which the pages still call today.
@example(
    Year(
        calendar="GB-ENG",
        zones=("Pacific/Auckland", "Europe/London", "Europe/London"),
        issued_at=datetime(2025, 1, 1, tzinfo=UTC),
        due_on=date(2025, 1, 2),
        acknowledged_at=None,
        settled_at=None,
        granted=None,
        paused=None,
        down=None,
    )
)
def test_a_year_of_the_ladder(year: Year) -> None:
    country, _, part = year.calendar.partition("-")
    free = holidays.country_holidays(country, subdiv=part or None)
    for number, zone in enumerate(year.zones):
        letters = played(year, number)
        for at, _ in letters:
            local = at.astimezone(ZoneInfo(zone))
            assert local.date() not in free
            assert local.weekday() < 5
            assert time(9) <= local.time() < time(17)
            assert year.settled_at is None or at < year.settled_at
        assert letters == ladder_years.expected(year, number)


def test_the_telling_itself() -> None:
    """A year that can be told by heart, so that the oracle is held against something too."""
    at = datetime.fromisoformat
    year = Year(
        calendar="GB-ENG",
        zones=("Europe/London", "Asia/Kolkata", "Europe/London"),
        issued_at=at("2025-03-24T11:00+00:00"),
        due_on=date(2025, 4, 4),
        acknowledged_at=at("2025-03-25T10:00+00:00"),
        settled_at=at("2025-04-15T12:00+00:00"),
        granted=None,
        paused=None,
        down=None,
    )
    assert ladder_years.expected(year, 0) == [
        (at("2025-03-25T09:00+00:00"), "issued_1"),
        # Summer time began on Sunday 30 March.
        (at("2025-03-28T09:00+00:00"), "before_5"),
        (at("2025-04-02T08:00+00:00"), "before_2"),
        (at("2025-04-04T08:00+00:00"), "on_day"),
        (at("2025-04-07T08:00+00:00"), "after_1"),
        (at("2025-04-09T08:00+00:00"), "after_3"),
        (at("2025-04-11T08:00+00:00"), "after_5"),
        (at("2025-04-15T08:00+00:00"), "after_7"),
    ]
    assert ladder_years.expected(year, 1)[0] == (at("2025-04-09T03:30+00:00"), "after_3")
