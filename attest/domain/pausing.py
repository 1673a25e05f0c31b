"""A pause of the chasing: why, and until the morning of which day.

Nobody is chased meanwhile, whatever falls due. The due day stays as it is: a pause is not more
time, and the contractor is not told of it.
"""

from collections.abc import Container
from datetime import date, datetime, timedelta

from attest.domain.calendar import NO_HOLIDAYS, is_working_day, next_working_day
from attest.domain.refusal import Refused
from attest.domain.text import problem, typed
from attest.domain.wording import day, number

MOST_REASON = 1_000  # characters
LONGEST = timedelta(days=366)


def check_reason(reason: str) -> str:
    """The reason as it is kept. Raises Refused."""
    kept = typed(reason)
    if not kept:
        raise Refused("Say why. Your own side reads it later.", field="reason")
    if wrong := problem(kept, multiline=True):
        raise Refused(wrong, field="reason")
    if len(kept) > MOST_REASON:
        raise Refused(
            f"This is {number(len(kept))} characters long. Use {number(MOST_REASON)} or fewer.",
            field="reason",
        )
    return kept


def check_until(until: date | None, today: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """The working day on whose morning the chasing goes on: ahead, and within a year.

    Raises Refused.
    """
    if until is None:
        raise Refused("Enter the day on which letters go out again.", field="until")
    if until <= today:
        raise Refused("Enter a day after today.", field="until")
    if until > today + LONGEST:
        raise Refused("A pause lasts a year at most. Enter an earlier day.", field="until")
    if not is_working_day(until, holidays):
        raise Refused(
            f"{day(until)} is no working day. The next one is "
            f"{day(next_working_day(until, holidays))}.",
            field="until",
        )
    return until


def stands(until: date, ended_at: datetime | None, today: date) -> bool:
    """Whether a pause holds letters back on this day."""
    return ended_at is None and today < until
