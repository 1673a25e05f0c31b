"""Dates, counts and states read as a person writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from attest.domain import outcomes, wording

DUE = date(2013, 2, 18)
GOOD_FRIDAY = frozenset({date(2013, 3, 29), date(2013, 4, 1)})


def test_a_day_is_written_out_in_full() -> None:
    assert wording.day(DUE) == "Monday 18 February 2013"
    assert wording.short_day(DUE) == "18 February 2013"
    assert wording.cell_day(DUE) == "18 Feb 2013"
    assert wording.day(date(2013, 9, 1)) == "Sunday 1 September 2013"


def test_a_moment_is_given_in_the_zone_asked_for() -> None:
    told = datetime(2013, 7, 4, 23, 15, tzinfo=UTC)
    assert wording.moment(told, ZoneInfo("Europe/London")) == "5 July 2013, 00:15"
    assert wording.moment(told, UTC) == "4 July 2013, 23:15"
    assert wording.moment_utc(told.astimezone(timezone(timedelta(hours=5)))) == (
        "4 July 2013, 23:15 UTC"
    )


def test_one_moment_or_two_that_something_took() -> None:
    first = datetime(2013, 7, 4, 21, 15, tzinfo=UTC)
    london = ZoneInfo("Europe/London")
    for later, words in (
        (timedelta(seconds=40), "at 22:15 on 4 July 2013"),
        (timedelta(minutes=9), "between 22:15 and 22:24 on 4 July 2013"),
        (timedelta(hours=2), "between 22:15 on 4 July 2013 and 00:15 on 5 July 2013"),
    ):
        assert wording.moments(first, first + later, london) == words


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        wording.moment(datetime(2013, 2, 4, 8, 15, tzinfo=UTC).replace(tzinfo=None), UTC)


@pytest.mark.parametrize(
    ("n", "noun", "words"),
    [
        (1, "file", "1 file"),
        (5, "file", "5 files"),
        (0, "file", "0 files"),
        (2, "copy", "2 copies"),
        (2, "day", "2 days"),
        (2, "person", "2 people"),
        (994, "member of staff", "994 members of staff"),
        (1, "member of staff", "1 member of staff"),
        (2, "attestation", "2 attestations"),
        (2, "box", "2 boxes"),
        (2, "address", "2 addresses"),
        (3, "working day", "3 working days"),
        (4, "hard copy", "4 hard copies"),
        (10413, "file", "10,413 files"),
    ],
)
def test_a_count_bends_its_noun(n: int, noun: str, words: str) -> None:
    assert wording.count(n, noun) == words


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2013, 2, 18), "today"),
        (date(2013, 2, 13), "in 3 working days"),
        (date(2013, 2, 15), "in 1 working day"),
        (date(2013, 2, 17), "in 1 working day"),
        (date(2013, 2, 19), "1 working day late"),
        (date(2013, 2, 20), "2 working days late"),
        (date(2013, 2, 23), "4 working days late"),
    ],
)
def test_how_far_off_a_due_date_is(today: date, words: str) -> None:
    assert wording.in_working_days(today, DUE) == words


def test_a_holiday_is_no_working_day_of_the_count() -> None:
    assert wording.in_working_days(date(2013, 3, 28), date(2013, 4, 2), GOOD_FRIDAY) == (
        "in 1 working day"
    )


def test_a_due_date_on_a_weekend_never_reads_as_today() -> None:
    saturday = date(2013, 2, 16)
    assert wording.in_working_days(date(2013, 2, 15), saturday) == "in 1 day"
    assert wording.in_working_days(date(2013, 2, 17), saturday) == "1 day late"


def test_listing() -> None:
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b"]) == "a and b"
    assert wording.listing(iter("abc")) == "a, b and c"
    assert wording.listing("abc", "or") == "a, b or c"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (63485, "63 kB"),
        (8043, "8.0 kB"),
        (999_949, "1.0 MB"),
        (1_400_000, "1.4 MB"),
        (3 * 10**18, "3000 PB"),
    ],
)
def test_a_size_for_people(octets: int, words: str) -> None:
    assert wording.size(octets) == words


def test_capital_leaves_the_rest_alone() -> None:
    assert wording.capital("kept under a NATO hold") == "Kept under a NATO hold"
    assert wording.capital("") == ""


def test_every_table_is_in_words_without_underscores() -> None:
    tables = {
        name: table
        for name, table in vars(wording).items()
        if name.isupper() and isinstance(table, dict)
    }
    assert len(tables) > 10
    for name, table in tables.items():
        for key, words in table.items():
            assert words, (name, key)
            assert "_" not in words, (name, key)
            assert words[0].islower(), (name, key)
        assert len(set(table.values())) == len(table), f"{name} says two things in the same words"


def test_every_outcome_has_its_word() -> None:
    assert list(wording.OUTCOMES) == list(outcomes.OUTCOMES)
