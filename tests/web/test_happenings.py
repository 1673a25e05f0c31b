"""The timeline's lines: what is told together, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attest.services.log.record import Event
from attest.web.demand.happenings import happenings


def sent(seq: int, day: int) -> Event:
    body: dict[str, Any] = {"letter": "reminder", "to": "liaison@halden.example"}
    return Event(seq, datetime(2013, 2, day, 9, tzinfo=UTC), "letter.sent", body, signed=False)


def test_letters_of_one_day_are_one_line_and_those_of_another_day_another() -> None:
    lines = happenings([sent(7, 6), sent(6, 5), sent(5, 5)], {})
    assert [(line.at.day, line.leaves) for line in lines] == [(6, (7, 7)), (5, (5, 6))]
    assert lines[1].title == "2 letters sent"


def test_more_time_is_told_with_its_day() -> None:
    by = {"name": "Tom Beck", "role": "Head of Bids", "organisation": "Halden"}
    at = datetime(2013, 2, 5, 9, tzinfo=UTC)
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("extension.requested", {"until": "2013-02-20", "reason": "The backup.", "by": by}),
        (
            "extension.requested",
            {"until": "2013-02-20", "reason": "The backup.", "by": by, "fileIds": ["a", "b"]},
        ),
        ("extension.decided", {"decision": "granted", "until": "2013-02-19", "by": by}),
        ("extension.decided", {"decision": "refused", "reason": "No.", "by": by}),
        ("extension.decided", {}),
    ]
    lines = happenings(
        [Event(seq, at, kind, body, signed=False) for seq, (kind, body) in enumerate(bodies)], {}
    )
    assert [line.title for line in lines] == [
        "More time asked for, until Wednesday 20 February 2013",
        "More time asked for, until Wednesday 20 February 2013, for 2 files",
        "More time granted, until Tuesday 19 February 2013",
        "More time refused",
        "More time decided on",
    ]
    assert (lines[0].by, lines[0].said) == ("Tom Beck, Halden", "The backup.")
