"""A due day that leaves less time than it seems to: today, a weekend, a holiday.

Nobody is refused such a day: a law or a court may set it. Whoever sets one reads first what it
means, and which working days lie beside it.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from attest.domain.calendar import (
    add_working_days,
    is_working_day,
    working_days_between,
)
from attest.domain.english import day, listing
from attest.domain.ladder import DUE, Rung
from attest.domain.wording import count

# Where a day leaves no time at all, what is proposed: so many working days from today.
ENOUGH = (5, 10)


@dataclass(frozen=True)
class DayRemark:
    """What is to be known of a day, and the working days to take instead; there may be none."""

    sentence: str
    instead: tuple[date, ...]
    question: str  # "Take … or …?", "" where there is none to take


def remark_on(
    chosen: date,
    today: date,
    holidays: Container[date],
    *,
    place: str,
    who: str,
    rungs: Iterable[Rung] = (),
    after: date | None = None,
    latest: date | None = None,
) -> DayRemark | None:
    """What to say of a due day; None for a working day that is still ahead, or one that has passed.

    `place` is the calendar's name, `who` has to be done by then. `rungs`: the ladder, where its
    letters are to be told. What is proposed lies after `after` and not after `latest`.
    """
    works = is_working_day(chosen, holidays)
    if chosen < today or (works and chosen > today):
        return None
    no_time = working_days_between(today, chosen, holidays) == 0
    closed = f"no working day in {place}"
    if chosen == today:
        leaves = f"leaves {who} no time at all."
        told = f"is today, and {leaves}" if works else f"is today, and {closed}: it {leaves}"
    elif no_time:
        told = f"is {closed}, and none lies before it: it leaves {who} no time at all."
    else:
        letters = _letters(chosen, today, holidays, list(rungs))
        told = f"is {closed}: {letters}." if letters else f"is {closed}."
    if no_time:
        found = [add_working_days(today, n, holidays) for n in ENOUGH]
    else:
        found = [add_working_days(chosen, n, holidays) for n in (-1, 1)]
    instead = tuple(
        each
        for each in found
        if (after is None or each > after) and (latest is None or each <= latest)
    )
    words = [
        f"{day(each)} ({count(working_days_between(today, each, holidays), 'working day')} from "
        "today)"
        for each in instead
    ]
    question = f"Take {listing(words, 'or')}?" if words else ""
    return DayRemark(f"{day(chosen)} {told}", instead, question)


def _letters(chosen: date, today: date, holidays: Container[date], rungs: list[Rung]) -> str:
    """When the letters before a day off go out; of that day there is none: nobody is written to."""
    of_due = [rung for rung in rungs if rung.anchor == DUE]
    before = {rung.day(chosen, holidays) for rung in of_due if rung.offset < 0}
    days = [day(each) for each in sorted(before) if each > today]
    usually = any(rung.offset == 0 for rung in of_due)
    if not days:
        return "no letter goes out on the day itself" if usually else ""
    noun = "letter before it goes" if len(days) == 1 else "letters before it go"
    told = f"the {noun} out on {listing(days)}"
    return f"{told}, and none on the day itself" if usually else told
