from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from attest.domain.calendar import is_working_day
from attest.domain.refusal import Refused
from attest.services.facts.calendars import holidays_of, today
from tests.mail_server import settings_for

SECOND_OF_JANUARY = date(2013, 1, 2)
ST_PATRICK = date(2014, 3, 17)


def test_the_parts_of_the_united_kingdom_differ():
    assert SECOND_OF_JANUARY in holidays_of("GB-SCT")
    assert SECOND_OF_JANUARY not in holidays_of("GB-ENG")
    assert ST_PATRICK in holidays_of("GB-NIR")
    assert ST_PATRICK not in holidays_of("GB-WLS")


def test_any_year_is_known():
    for year in (2013, 2026, 2040):
        assert date(year, 12, 25) in holidays_of("DE")


@pytest.mark.parametrize("calendar", ["", "XX", "GB-XX", "gb", "England", "GB-ENG-X"])
def test_a_calendar_that_is_none_says_what_to_type(calendar):
    with pytest.raises(Refused, match="GB-ENG") as refused:
        holidays_of(calendar)
    assert refused.value.field == "calendar"


def test_today_is_where_people_work(tmp_path):
    settings = settings_for(tmp_path)
    late = datetime(2013, 7, 1, 23, 30, tzinfo=UTC)
    assert today(settings, late) == date(2013, 7, 2)
    assert today(replace(settings, time_zone="UTC"), late) == date(2013, 7, 1)


def test_each_country_has_its_own_weekend():
    friday, saturday, sunday = date(2013, 6, 7), date(2013, 6, 8), date(2013, 6, 9)
    for calendar, free in (("IL", {friday, saturday}), ("GB-ENG", {saturday, sunday})):
        days = holidays_of(calendar)
        worked = {day for day in (friday, saturday, sunday) if is_working_day(day, days)}
        assert worked == {friday, saturday, sunday} - free, calendar
    # The Sunday on which China makes up for a holiday.
    assert is_working_day(date(2024, 2, 4), holidays_of("CN"))
    assert not is_working_day(date(2024, 2, 11), holidays_of("CN"))
