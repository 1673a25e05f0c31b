"""The due day as calendars read it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from attest.mail.calendar_entry import Entry, calendar

NOW = datetime(2013, 2, 4, 11, 0, tzinfo=UTC)
ENTRY = Entry(
    demand_id="11111111-2222-4333-8444-555555555555",
    reference="ND-2013-004",
    controller="Northshire Constabulary",
    contractor="Halden Support Services plc",
    link="https://attest.example.org/demands/ND-2013-004",
    due_on=date(2013, 2, 18),
    remind_on=date(2013, 2, 15),
    sequence=41,
)


def read(entry=ENTRY, code="en"):
    data = calendar(entry, sender="attest@attest.example", now=NOW, code=code)
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
    said = Calendar.from_ical(data)
    (event,) = said.walk("VEVENT")
    return said, event


def test_a_day_with_an_alarm_at_nine_on_the_working_day_before():
    said, event = read()
    assert said["METHOD"] == "PUBLISH"
    assert event["UID"] == "demand.11111111-2222-4333-8444-555555555555@attest.example"
    assert event["SEQUENCE"] == 41
    assert event.decoded("DTSTART") == date(2013, 2, 18)
    assert event.decoded("DTEND") == date(2013, 2, 19)
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:attest@attest.example"
    (alarm,) = event.walk("VALARM")
    # From the day's beginning on its reader's own clock: Friday at nine, for a Monday.
    begins = datetime(2013, 2, 18) + alarm.decoded("TRIGGER")  # noqa: DTZ001 (it floats)
    assert begins == datetime(2013, 2, 15, 9)  # noqa: DTZ001
    assert alarm.decoded("TRIGGER") == timedelta(days=-3, hours=9)


def test_the_same_entry_moves_and_goes():
    _, first = read()
    _, moved = read(replace(ENTRY, due_on=date(2013, 2, 25), sequence=57))
    _, gone = read(replace(ENTRY, sequence=90, ended=True))
    assert first["UID"] == moved["UID"] == gone["UID"]
    assert first["SEQUENCE"] < moved["SEQUENCE"] < gone["SEQUENCE"]
    assert gone["STATUS"] == "CANCELLED"
    assert gone.walk("VALARM") == []


def test_hostile_names_stay_names():
    name = "A; B, C\\n\r\nATTENDEE:mailto:x@evil.example\r\n\u202e شركة 🏢 " + "ü" * 200
    _, event = read(replace(ENTRY, contractor=name, reference="ND\r\nSTATUS:CANCELLED"))
    assert "ATTENDEE" not in event
    assert event["STATUS"] == "CONFIRMED"
    assert "شركة 🏢" in event["DESCRIPTION"]


def test_it_is_in_the_reader_s_language():
    assert str(read(code="en")[1]["SUMMARY"]) == "ND-2013-004 is due"


def test_the_same_bytes_at_the_same_moment():
    assert calendar(ENTRY, sender="a@b.example", now=NOW) == calendar(
        ENTRY, sender="a@b.example", now=NOW
    )
