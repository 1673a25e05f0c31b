"""The report on a key's life: what it was made from, and what it signed since it was lost.

`compromisedSince` flags and never judges: the verdict of each report here is the same without it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from attest.bundle.report import Report
from attest.bundle.report_text import lines
from attest.bundle.trust import SeenCheckpoint
from attest.domain.scalars import format_time
from tests.cast import ANNE, OSCAR
from tests.logs import LogWriter, issued_log
from tests.packing import checked, packed, trust_of

FLAG = "its key may have been in other hands since"
LONG_AGO = datetime(2012, 1, 1, tzinfo=UTC)


def keys(report: Report) -> dict[str, dict[str, Any]]:
    assert report.failure is None, report.failure
    return {key["keyid"]: key for key in report.head()["keys"]}


def text(report: Report) -> str:
    return "\n".join(lines(report))


def attested(log: LogWriter) -> tuple[datetime, datetime]:
    """Two files attested, an hour between them; gives the moments before and between."""
    before = log.now
    log.attest(log.files[0])
    log.now += timedelta(hours=1)
    between = log.now - timedelta(minutes=30)
    log.attest(log.files[1])
    return before, between


def flags(report: Report) -> list[str | None]:
    return [file["attestation"].get("compromisedSince") for file in report.files()]


def test_a_rotated_key_names_the_key_that_it_was_made_from() -> None:
    log = issued_log()
    second = OSCAR.with_key("second")
    log.enrol(second, OSCAR.key)
    report = checked(packed(log), trust_of(log))
    assert keys(report)[second.keyid]["rotatedFrom"] == OSCAR.keyid
    assert "rotatedFrom" not in keys(report)[OSCAR.keyid]
    assert f"Made from     the key {OSCAR.keyid[:16]}…, which signed it too" in text(report)


def test_what_was_signed_before_the_moment_is_not_flagged() -> None:
    log = issued_log(files=2)
    _, between = attested(log)
    log.revoke(OSCAR, by=ANNE, since=between)
    report = checked(packed(log), trust_of(log, seen=[]))
    assert flags(report) == [None, format_time(between)]
    assert text(report).count(FLAG) == 1


def test_the_moment_itself_is_flagged() -> None:
    log = issued_log(files=1)
    since = log.now
    log.attest(log.files[0])
    log.revoke(OSCAR, by=ANNE, since=since)
    assert flags(checked(packed(log), trust_of(log, seen=[]))) == [format_time(since)]


def test_without_a_moment_nothing_is_flagged() -> None:
    log = issued_log(files=2)
    attested(log)
    log.revoke(OSCAR, by=ANNE)
    report = checked(packed(log), trust_of(log))
    assert flags(report) == [None, None]
    assert report.status == 0


def test_of_two_revocations_the_earlier_moment_counts() -> None:
    log = issued_log(files=2)
    before, between = attested(log)
    log.revoke(OSCAR, by=ANNE, since=between)
    log.revoke(OSCAR, by=ANNE, since=before)
    report = checked(packed(log), trust_of(log, seen=[]))
    assert flags(report) == [format_time(before)] * 2


def test_what_is_proved_older_is_not_flagged() -> None:
    """The operator's clock ran ahead: what the log calls late was in a mailbox before."""
    log = issued_log(files=1)
    since = log.now - timedelta(days=2)
    log.attest(log.files[0])
    proof = SeenCheckpoint(log.checkpoint(), since - timedelta(seconds=1))
    at_the_moment = SeenCheckpoint(log.checkpoint(), since)
    log.revoke(OSCAR, by=ANNE, since=since)
    for seen, flag in (((proof,), None), ((at_the_moment,), since), ((), since)):
        found = flags(checked(packed(log), trust_of(log, seen=seen)))
        assert found == [flag and format_time(flag)]


@pytest.mark.parametrize("void", [False, True])
def test_a_confirmation_by_a_lost_key_is_flagged(void: bool) -> None:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    log.enrol(OSCAR)
    if void:
        log.revoke(ANNE, since=LONG_AGO)
        log.confirm(OSCAR)
    else:
        log.confirm(OSCAR)
        log.revoke(ANNE, since=LONG_AGO)
    report = checked(packed(log), trust_of(log, seen=[]))
    (said,) = keys(report)[OSCAR.keyid]["confirmed"]
    assert said["compromisedSince"] == format_time(LONG_AGO)
    assert said["void"] is void
    # And so is the demand, which the same key signed.
    assert report.head()["demand"]["statement"]["compromisedSince"] == format_time(LONG_AGO)


def test_a_review_by_a_lost_key_is_flagged() -> None:
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.review(log.files[0])
    log.revoke(ANNE, since=log.now - timedelta(seconds=90))
    file = next(iter(checked(packed(log), trust_of(log, seen=[])).files()))
    assert "compromisedSince" not in file["attestation"]
    assert [format_time(log.now - timedelta(seconds=150))] == [
        review["compromisedSince"] for review in file["reviews"]
    ]


def test_no_line_is_too_wide() -> None:
    log = issued_log(files=2)
    second = OSCAR.with_key("second")
    log.enrol(second, OSCAR.key)
    attested(log)
    log.revoke(OSCAR, by=ANNE, since=LONG_AGO)
    for line in lines(checked(packed(log), trust_of(log, seen=[]))):
        assert len(line) <= 100, line
