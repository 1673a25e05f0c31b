"""When what is no longer needed may be erased (GDPR Art 5(1)(e), Art 17)."""

from __future__ import annotations

from datetime import date, timedelta

from attest.domain import demand_states
from attest.domain.wording import short_day


def kept_until(closed_on: date, days: int) -> date:
    """The last day on which a demand's letters and the like are kept."""
    return closed_on + timedelta(days=days)


def why_not_yet(
    reference: str,
    state: str,
    closed_on: date | None,
    last_exception: date | None,
    *,
    days: int,
    today: date,
) -> str | None:
    """Why nothing of a demand may be erased today, as a sentence; None where it may.

    `closed_on` is the day of the closure that stands, `last_exception` the latest day on which
    an exception of a copy ends.
    """
    if state not in demand_states.ENDED or closed_on is None:
        return f"{reference} is not closed. Nothing is erased while a demand is open."
    if last_exception is not None and last_exception > today:
        return (
            f"A copy in {reference} is still kept, until {short_day(last_exception)}. Then the "
            "file is opened again. Nothing is erased before that is settled."
        )
    until = kept_until(closed_on, days)
    if today <= until:
        return (
            f"{reference} ended on {short_day(closed_on)} and is kept until {short_day(until)}. "
            f"Nothing is erased before {short_day(until + timedelta(days=1))}."
        )
    return None
