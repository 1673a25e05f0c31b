"""72 hours are hours: the clock of Article 33(1), to the minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from attest.domain import breach_clock
from attest.domain.breach_clock import Report, check_report, clock, sentence, span
from attest.domain.refusal import Refused

NOTICED = datetime(2013, 2, 1, 9, 40, tzinfo=UTC)  # a Friday
REPORTED = datetime(2013, 2, 4, 8, 15, tzinfo=UTC)
END = datetime(2013, 2, 4, 9, 40, tzinfo=UTC)


def stands(*reports, now=REPORTED, not_needed=False, noticed=NOTICED):
    return clock(noticed, reports, not_needed=not_needed, now=now)


def test_the_reference_case_over_a_weekend():
    found = stands(Report(REPORTED))
    assert (found.state, found.ends_at) == ("reported", END)
    assert found.span == timedelta(hours=70, minutes=35)
    assert found.margin == timedelta(hours=1, minutes=25)
    assert sentence(found) == (
        "Reported after 70 hours 35 minutes, 1 hour 25 minutes before the end of the 72 hours."
    )


def test_what_remains_and_by_how_much_it_is_late():
    assert sentence(stands(now=END - timedelta(hours=27, minutes=10))) == (
        "27 hours 10 minutes left to report it, or to record why no report is needed."
    )
    assert stands(now=END).state == "running"  # the last moment is in time
    late = stands(now=END + timedelta(seconds=1))
    assert late.state == "over"
    assert late.asks
    assert "less than a minute ago" in sentence(late)
    assert "ended 26 hours 1 minute ago" in sentence(stands(now=END + timedelta(minutes=1561)))


def test_the_clock_neither_gains_nor_loses_an_hour_when_clocks_are_set():
    london = ZoneInfo("Europe/London")
    noticed = datetime(2013, 3, 29, 12, 0, tzinfo=london)  # the clocks go forward on 31 March
    found = stands(noticed=noticed.astimezone(UTC), now=noticed.astimezone(UTC))
    assert found.ends_at == datetime(2013, 4, 1, 13, 0, tzinfo=london)


def test_the_first_phase_stops_it_whatever_the_order_of_rows():
    late = Report(END + timedelta(hours=5))
    found = stands(late, Report(REPORTED, more_to_follow=True))
    assert (found.state, found.reported_at, found.more_to_follow) == ("reported", REPORTED, False)
    assert stands(Report(REPORTED, more_to_follow=True)).more_to_follow


def test_a_late_report_needs_its_reasons():
    found = stands(Report(END + timedelta(hours=2)))
    assert (found.state, found.reasons_missing) == ("reported_late", True)
    assert "2 hours after the end" in sentence(found)
    more = Report(END + timedelta(days=2), late_reasons="The mailbox was not read.")
    assert not stands(Report(END + timedelta(hours=2)), more).reasons_missing


def test_a_decision_stops_it_and_a_report_outweighs_the_decision():
    assert stands(not_needed=True, now=END + timedelta(days=9)).state == "not_needed"
    assert stands(Report(REPORTED), not_needed=True).state == "reported"


def test_without_a_time_of_notice_nothing_runs():
    found = stands(noticed=None)
    assert (found.state, found.asks) == ("not_started", False)
    assert "Say when" in sentence(found)


def refused(reported_at, reasons=None, reports=(), noticed=NOTICED, now=END + timedelta(days=9)):
    with pytest.raises(Refused) as raised:
        check_report(noticed, reports, reported_at, reasons, now)
    return raised.value


def test_what_may_be_recorded_as_a_report():
    now = END + timedelta(days=9)
    assert check_report(NOTICED, (), REPORTED, None, now) == REPORTED
    late = END + timedelta(minutes=1)
    assert check_report(NOTICED, (), late, "Late.", now) == late
    # A later phase of a report in time needs no reasons, nor does one after reasons were given.
    more = END + timedelta(days=3)
    assert check_report(NOTICED, (Report(REPORTED),), more, None, now) == more
    reasons = (Report(END + timedelta(hours=1), late_reasons="Late."),)
    assert check_report(NOTICED, reasons, more, None, now) == more
    assert refused(None).field == "reported_on"
    assert refused(now + timedelta(seconds=1)).field == "reported_on"
    assert "before the incident was noticed" in refused(NOTICED - timedelta(minutes=1)).sentence
    assert "when the incident was noticed" in refused(REPORTED, noticed=None).sentence
    refusal = refused(END + timedelta(hours=3, minutes=5))
    assert refusal.field == "late_reasons"
    assert refusal.sentence.startswith("That was 3 hours 5 minutes after the end of the 72 hours.")
    assert (
        refused(END + timedelta(days=3), reports=(Report(END + timedelta(hours=1)),)).field
        == "late_reasons"
    )


def test_spans_in_words():
    assert span(timedelta(hours=1)) == "1 hour"
    assert span(timedelta(minutes=59, seconds=59)) == "59 minutes"
    assert span(timedelta(seconds=-59)) == "less than a minute"
    assert span(timedelta(days=50)) == "1,200 hours"


def test_naive_times_are_nobodys():
    with pytest.raises(ValueError, match="time zone"):
        breach_clock.ends_at(datetime(2013, 2, 1, 9, 40))  # noqa: DTZ001
