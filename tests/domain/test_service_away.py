"""An administrator is written to after a day, and then weekly at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from attest.domain.service_away import is_due

NOW = datetime(2013, 2, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("since", "last", "due"),
    [
        (None, None, False),
        (NOW - DAY + SECOND, None, False),
        (NOW - DAY, None, True),
        (NOW - 10 * DAY, NOW - 7 * DAY + SECOND, False),
        (NOW - 10 * DAY, NOW - 7 * DAY, True),
        # It came back and went away again: still weekly at most.
        (NOW - 2 * DAY, NOW - 5 * DAY, False),
    ],
)
def test_when(since: datetime | None, last: datetime | None, due: bool) -> None:
    assert is_due(since, last, NOW) is due
