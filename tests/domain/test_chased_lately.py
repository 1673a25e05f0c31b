"""Who was written to minutes ago is written to again only where that is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from attest.domain.chased_lately import SOON, check_again, is_soon
from attest.domain.refusal import Refused

NOW = datetime(2013, 2, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "soon"),
    [(None, False), (NOW - SOON, False), (NOW - SOON + timedelta(seconds=1), True)],
)
def test_when(last: datetime | None, soon: bool) -> None:
    assert is_soon(last, NOW) is soon


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Tom Beck"], "Tom Beck was written to"),
        (["Tom Beck", "Ruth Adeyemi"], "Tom Beck and Ruth Adeyemi were written to"),
    ],
)
def test_it_is_refused_by_name_until_it_is_meant(names: list[str], told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        check_again(names, again=False)
    assert refused.value.field == "again"
    check_again(names, again=True)
    check_again([], again=False)
