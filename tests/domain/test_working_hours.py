"""Working hours on clocks all over the world, and on the days on which a clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.working_hours import Hours, is_inside, local_day, next_inside, opening

HOURS = Hours(time(9), time(17))
SECOND = timedelta(seconds=1)
BEGIN = datetime(2011, 12, 1, tzinfo=UTC)
ZONES = (
    *("Europe/London", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Etc/GMT+12"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "Asia/Jerusalem", "Pacific/Apia"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes"),
    [
        ("Asia/Kathmandu", "2025-06-02", "2025-06-02T03:15", "2025-06-02T11:15"),
        # Fourteen hours ahead: its Monday begins to work on Sunday, UTC.
        ("Pacific/Kiritimati", "2025-06-02", "2025-06-01T19:00", "2025-06-02T03:00"),
        ("America/St_Johns", "2025-01-06", "2025-01-06T12:30", "2025-01-06T20:30"),
        ("America/St_Johns", "2025-06-02", "2025-06-02T11:30", "2025-06-02T19:30"),
        # Twelve behind: its Monday ends on Tuesday.
        ("Etc/GMT+12", "2025-06-02", "2025-06-02T21:00", "2025-06-03T05:00"),
        ("Pacific/Chatham", "2025-06-02", "2025-06-01T20:15", "2025-06-02T04:15"),
        # Half an hour of summer time.
        ("Australia/Lord_Howe", "2025-01-06", "2025-01-05T22:00", "2025-01-06T06:00"),
        ("Australia/Lord_Howe", "2025-06-02", "2025-06-01T22:30", "2025-06-02T06:30"),
        # The last working day before each change, and the first after it.
        ("Europe/London", "2025-03-28", "2025-03-28T09:00", "2025-03-28T17:00"),
        ("Europe/London", "2025-03-31", "2025-03-31T08:00", "2025-03-31T16:00"),
        ("Europe/London", "2025-10-24", "2025-10-24T08:00", "2025-10-24T16:00"),
        ("Europe/London", "2025-10-27", "2025-10-27T09:00", "2025-10-27T17:00"),
        # Clocks that are changed on a working day, in its first hours.
        ("Africa/Cairo", "2025-04-25", "2025-04-25T06:00", "2025-04-25T14:00"),
        ("Africa/Cairo", "2025-10-31", "2025-10-31T07:00", "2025-10-31T15:00"),
    ],
)
def test_a_day_on_its_readers_clock(zone: str, day: str, opens: str, closes: str) -> None:
    begins, ends = at(opens), at(closes)
    assert opening(date.fromisoformat(day), zone, HOURS) == begins
    inside = [is_inside(each, zone, HOURS) for each in (begins, ends - SECOND)]
    outside = [is_inside(each, zone, HOURS) for each in (begins - SECOND, ends)]
    assert (inside, outside) == ([True, True], [False, False])
    assert next_inside(begins - SECOND, zone, HOURS) == begins
    assert next_inside(ends - SECOND, zone, HOURS) == ends - SECOND
    assert next_inside(ends, zone, HOURS) > ends


def test_an_hour_that_is_left_out_or_comes_twice() -> None:
    # On Friday 28 March 2025 two o'clock was three in Jerusalem: 2:30 counts as if it had been.
    early = Hours(time(2, 30), time(10))
    friday = date(2025, 3, 28)
    assert opening(friday, "Asia/Jerusalem", early) == at("2025-03-28T00:30")
    # Nobody works where the whole of the hours was left out.
    gone = Hours(time(2), time(3))
    assert opening(friday, "Asia/Jerusalem", gone) == at("2025-03-30T23:00")
    # On Thursday 30 October 2025 Cairo had eleven in the evening twice.
    late = Hours(time(22), time(23, 59))
    thursday = date(2025, 10, 30)
    first, second = at("2025-10-30T20:15"), at("2025-10-30T21:15")  # 23:15, both
    assert [is_inside(each, "Africa/Cairo", late) for each in (first, second)] == [True, False]
    assert {local_day(each, "Africa/Cairo") for each in (first, second)} == {thursday}


def test_a_day_that_a_zone_left_out() -> None:
    # Samoa went from Thursday 29 to Saturday 31 December 2011.
    assert opening(date(2011, 12, 30), "Pacific/Apia", HOURS) == at("2012-01-01T19:00")


def test_weekends_and_holidays_are_passed_over() -> None:
    holidays = frozenset({date(2025, 4, 18), date(2025, 4, 21)})  # Good Friday, Easter Monday
    thursday_night = at("2025-04-17T20:00")
    assert next_inside(thursday_night, "Europe/London", HOURS, holidays) == at("2025-04-22T08:00")
    assert not is_inside(at("2025-04-18T12:00"), "Europe/London", HOURS, holidays)


def test_a_calendar_in_which_nobody_ever_works() -> None:
    always = frozenset(date(2025, 1, 1) + timedelta(days=ahead) for ahead in range(800))
    with pytest.raises(ValueError, match="nobody works"):
        next_inside(at("2025-01-01T12:00"), "Europe/London", HOURS, always)


@given(
    zone=st.sampled_from(ZONES),
    now=st.integers(0, 18 * 365 * 24 * 60).map(lambda number: BEGIN + timedelta(minutes=number)),
)
def test_next_inside_is_the_first_moment_inside(zone: str, now: datetime) -> None:
    """Held against the clock on the wall, which is read every ten minutes."""
    found = next_inside(now, zone, HOURS)
    assert found >= now
    assert works(found, zone)
    moment = now
    while moment < found:
        assert not works(moment, zone)
        moment += timedelta(minutes=10)


def works(moment: datetime, zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and time(9) <= local.time() < time(17)
