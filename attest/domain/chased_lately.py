"""When somebody may be chased at once again: not minutes later, unless it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from attest.domain.english import listing
from attest.domain.refusal import Refused

SOON = timedelta(minutes=10)


def is_soon(last: datetime | None, now: datetime) -> bool:
    """Whether a letter at `last` (None: there was none) is so fresh that another needs a word."""
    return last is not None and now - last < SOON


def check_again(names: Sequence[str], again: bool) -> None:
    """Refuses with the field `again` where `names` were written to and nobody said "again"."""
    if names and not again:
        raise Refused(
            f"{listing(names)} {'was' if len(names) == 1 else 'were'} written to less than"
            " ten minutes ago. Tick “Write again all the same” if you mean it.",
            field="again",
        )
