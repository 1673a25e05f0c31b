"""The timeline's lines: what is told together, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attest.services.record import Event
from attest.web.demand.happenings import happenings


def sent(seq: int, day: int) -> Event:
    body: dict[str, Any] = {"letter": "reminder", "to": "liaison@halden.example"}
    return Event(seq, datetime(2013, 2, day, 9, tzinfo=UTC), "letter.sent", body, signed=False)


def test_letters_of_one_day_are_one_line_and_those_of_another_day_another() -> None:
    lines = happenings([sent(7, 6), sent(6, 5), sent(5, 5)], {})
    assert [(line.at.day, line.leaves) for line in lines] == [(6, (7, 7)), (5, (5, 6))]
    assert lines[1].title == "2 letters sent"
