"""More time: what may be asked for, and what may be granted.

The contractor asks for a later day, for the demand or for some files. The lead controller grants
that, grants less (an earlier day, or fewer files), or refuses. One request at a time, any number
after each other. Until somebody decides, the day stands.
"""

from collections.abc import Collection, Mapping
from datetime import date

from attest.domain.phrases import Phrase, phrase, phrases
from attest.domain.refusal import Refused
from attest.domain.wording import count, day, listing

REQUESTED = "requested"
GRANTED = "granted"
GRANTED_IN_PART = "granted_in_part"
REFUSED = "refused"
WITHDRAWN = "withdrawn"

MORE_TIME = frozenset({GRANTED, GRANTED_IN_PART})

STATES: Mapping[str, str] = {
    REQUESTED: "not decided yet",
    GRANTED: "granted",
    GRANTED_IN_PART: "granted in part",
    REFUSED: "refused",
    WITHDRAWN: "withdrawn",
}

MOST_FILES = 1_000  # of one request (docs/formats.md §4)
MOST_REASON = 5_000
MOST_YEARS = 5
_MOST_NAMES = 20


def check_until(until: date | None, due_on: date, today: date) -> date:
    """The new day that is asked for. `due_on`: the latest day of what it is about. Raises
    Refused."""
    if until is None:
        raise Refused("Enter the day by which you will be done.", field="until")
    _check_future(until, today)
    if until <= due_on:
        raise Refused(f"It is due on {day(due_on)} already. Enter a day after that.", field="until")
    if until.year > today.year + MOST_YEARS:
        raise Refused(
            f"The day is more than {MOST_YEARS} years away. Check the year.", field="until"
        )
    return until


def check_granted(until: date | None, asked: date, due_on: date, today: date) -> date:
    """The new day that is granted: never later than asked for. Raises Refused."""
    if asked <= due_on:
        raise Refused(
            f"It is due on {day(due_on)} by now, and they ask for no day after that. "
            "There is nothing to grant: refuse it, and say so.",
            field="answer",
        )
    if until is None:
        raise Refused("Enter the day until which you grant more time.", field="until")
    if until > asked:
        raise Refused(
            f"They ask for time until {day(asked)}. Grant that day, or an earlier one.",
            field="until",
        )
    _check_future(until, today)
    if until <= due_on:
        raise Refused(
            f"It is due on {day(due_on)} already. Grant a day after that, or refuse.",
            field="until",
        )
    return until


def _check_future(until: date, today: date) -> None:
    if until < today:
        raise Refused(f"{day(until)} has passed. Enter today or a later day.", field="until")


def granted_state(
    asked_until: date, until: date, asked: Collection[str], granted: Collection[str]
) -> str:
    """Whether a grant gives all that was asked for.

    `asked` and `granted` are files; empty for the whole demand.
    """
    whole = set(asked) == set(granted)
    return GRANTED if whole and until == asked_until else GRANTED_IN_PART


def due_words(due_on: date, signed_on: date | None) -> str:
    """A due day, and the one that it was: "Monday 18 February 2013, extended to Wednesday 20
    February 2013". `signed_on`: the signed demand's, where more time was granted since."""
    if signed_on is None or signed_on == due_on:
        return day(due_on)
    return f"{day(signed_on)}, extended to {day(due_on)}"


def asked_words(until: date, due_on: date, days: int, files: int, total: int) -> Phrase:
    """What is asked for: "3 more working days, until Thursday 21 February 2013, for 2 of 5
    files". `days` are the working days between `due_on` and `until`; `files` is 0 for the whole
    demand."""
    if days > 0:
        more = phrases("%(num)s more working day", "%(num)s more working days", days)
    else:
        more = phrases("%(num)s more day", "%(num)s more days", (until - due_on).days)
    if not files:
        return phrase("%(more)s, until %(day)s", more=more, day=until)
    return phrases(
        "%(more)s, until %(day)s, for %(files)s of %(num)s file",
        "%(more)s, until %(day)s, for %(files)s of %(num)s files",
        total,
        more=more,
        day=until,
        files=files,
    )


def reason_in_log(reason: str | None, names: Collection[str], total: int) -> str | None:
    """The reason as `extension.decided` holds it.

    The event has no member for files, so that a grant for some of those asked for says which
    (`names`) in its reason. `total`: how many were asked for.
    """
    if not names:
        return reason
    which = f"Only for {len(names):,} of {count(total, 'file')}"
    if len(names) <= _MOST_NAMES:
        named = f"{which}: {listing(f'“{name}”' for name in sorted(names))}"
        which = named if len(named) + len(reason or "") < 2 * MOST_REASON - 10 else which
    return f"{which}.\n{reason}" if reason else f"{which}."
