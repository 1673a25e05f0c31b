"""When an administrator is written to about a service that stays away: after a day, then weekly."""

from datetime import datetime, timedelta

FIRST = timedelta(days=1)
AGAIN = timedelta(days=7)


def is_due(since: datetime | None, last: datetime | None, now: datetime) -> bool:
    """Whether a letter is due now. `since`: when it went away, None while it answers; `last`: when
    the reader was last written to about it, of an earlier absence too."""
    if since is None or now < since + FIRST:
        return False
    return last is None or now >= last + AGAIN
