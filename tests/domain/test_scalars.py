"""Times, dates, identifiers and hashes: one spelling each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.scalars import (
    FormatError,
    format_time,
    is_sha256,
    is_uuid,
    parse_date,
    parse_time,
)


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_round_trip(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_time(format_time(moment)) == moment
    assert len(format_time(moment)) == 20


@given(st.dates())
def test_dates_round_trip(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2013-02-14",
        "2013-02-14T10:00:05",
        "2013-02-14T10:00:05z",
        "2013-02-14 10:00:05Z",
        "2013-02-14T10:00:05.0Z",
        "2013-02-14T10:00:05+00:00",
        "2013-02-14T10:00:60Z",
        "2013-02-14T24:00:00Z",
        "2013-02-29T10:00:00Z",
        "2013-13-01T10:00:00Z",
        "0000-01-01T00:00:00Z",
        "13-02-14T10:00:05Z",
        "2013-02-14T10:00:05Z\n",
        "\uff12013-02-14T10:00:05Z",
    ],
)
def test_what_is_no_time(value: str) -> None:
    with pytest.raises(FormatError):
        parse_time(value)


@pytest.mark.parametrize(
    "value",
    ["", "2013-2-14", "2013-02-30", "20130214", "2013-02-14Z", "2013-02-14\n", "0000-01-01"],
)
def test_what_is_no_date(value: str) -> None:
    with pytest.raises(FormatError):
        parse_date(value)


def test_times_are_written_in_utc_or_not_at_all() -> None:
    summer = datetime(2013, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert format_time(summer) == "2013-06-30T23:30:00Z"
    with pytest.raises(ValueError, match="zone"):
        format_time(summer.replace(tzinfo=None))
    with pytest.raises(ValueError, match="fractions"):
        format_time(summer.replace(microsecond=1))


@given(st.uuids())
def test_uuids_in_lower_case(value: object) -> None:
    assert is_uuid(str(value))
    assert not is_uuid(f"{value}\n")
    assert not is_uuid(f"{{{value}}}")
    assert not is_uuid(str(value).replace("-", ""))
    assert is_uuid(str(value).upper()) is (str(value).upper() == str(value))


def test_hashes() -> None:
    assert is_sha256("ab" * 32)
    for value in ("AB" * 32, "ab" * 31, "ab" * 33, "ag" * 32, "ab" * 32 + "\n"):
        assert not is_sha256(value)
