"""The ladder of letters that chases an unanswered demand: rungs as data, in working days.

A rung is counted from the day of issue, while nobody has acknowledged the demand, or from the day
on which files are due. Nothing is stored but which rungs have had their letter: a worker asks at
each tick. A service that stood still for a week finds several rungs reached; for each reader they
collapse into one letter, the latest. design.md §4 is the source of the usual ladder.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from attest.domain.calendar import (
    NO_HOLIDAYS,
    add_working_days,
    working_days_between,
)

ISSUE = "issue"
DUE = "due"
ANCHORS = (ISSUE, DUE)
# How the name of a turn begins that is counted from the issue.
ISSUED = "issued_"

# Who is written to: duties, and the escalation contact of each side.
LIAISON = "liaison"
OFFICER = "officer"
ESCALATION_CONTACT = "escalation_contact"
SIGNATORY = "signatory"
CASE_HANDLER = "case_handler"
CONTROLLER_CONTACT = "controller_contact"
AUDIENCES = (LIAISON, OFFICER, ESCALATION_CONTACT, CASE_HANDLER, SIGNATORY, CONTROLLER_CONTACT)

# Who is written to in the place of somebody whose address fails, or of nobody: whoever comes next.
ORDER = (LIAISON, OFFICER, ESCALATION_CONTACT, CASE_HANDLER)

# Working days to answer again for a file that was opened again; the ladder starts afresh.
TIME_AGAIN = 5


@dataclass(frozen=True)
class Rung:
    """One step of a ladder.

    `anchor` says from which day it is counted and `offset` how many working days after it (before
    it where negative). `audience` names who is written to, `letter` which kind of letter liaison
    and officer get; everybody else gets the kind of `letter_for`. `every`: working days after
    which the rung comes again, and again; None for once.
    """

    anchor: str
    offset: int
    audience: tuple[str, ...]
    letter: str
    every: int | None = None

    @property
    def name(self) -> str:
        """The name of its first turn."""
        return name_of(self.anchor, self.offset)

    def day(self, anchor_day: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
        """The day on which it is reached first."""
        return add_working_days(anchor_day, self.offset, holidays)


@dataclass(frozen=True)
class Turn:
    """A rung on one of its days."""

    rung: Rung
    offset: int
    day: date

    @property
    def name(self) -> str:
        """What the keys of its letters hold: `after_3`."""
        return name_of(self.rung.anchor, self.offset)


LADDER: tuple[Rung, ...] = (
    Rung(ISSUE, 1, (LIAISON,), "not_acknowledged"),
    Rung(ISSUE, 2, (LIAISON,), "not_acknowledged"),
    Rung(DUE, -5, (LIAISON, OFFICER), "reminder"),
    Rung(DUE, -2, (LIAISON, OFFICER), "reminder"),
    Rung(DUE, 0, (LIAISON, OFFICER), "reminder"),
    Rung(DUE, 1, (LIAISON, OFFICER), "overdue"),
    Rung(DUE, 3, (LIAISON, OFFICER), "escalation", every=2),
    Rung(DUE, 3, (ESCALATION_CONTACT,), "escalation_contact", every=2),
    Rung(DUE, 5, (SIGNATORY, CONTROLLER_CONTACT), "controller_late", every=2),
)

_LETTERS = {
    ESCALATION_CONTACT: "escalation_contact",
    CASE_HANDLER: "controller_late",
    SIGNATORY: "controller_late",
    CONTROLLER_CONTACT: "controller_late",
}


def is_officers_alone(rung: Rung, duty: str = OFFICER) -> bool:
    """Whether the rung names the officer and not the liaison: nobody else could answer it."""
    return duty == OFFICER and OFFICER in rung.audience and LIAISON not in rung.audience


def instead_of(duty: str, alone: bool = False) -> tuple[str, ...]:
    """Who is asked one after the other where nobody of a duty is written to.

    `alone`: of a rung that names the officer and not the liaison, who comes first then.
    """
    if alone:
        return tuple(each for each in ORDER if each != duty)
    return ORDER[ORDER.index(duty) + 1 :] if duty in ORDER else ORDER[-1:]


def letter_for(rung: Rung, duty: str) -> str:
    """The kind of letter that a reader of this duty gets at this rung.

    Only liaison and officer can answer, so only they get the letters that ask for answers.
    """
    return _LETTERS.get(duty, rung.letter)


def name_of(anchor: str, offset: int) -> str:
    """`issued_2`, `before_5`, `on_day`, `after_3`; of other anchors `waits_2`, `decide_before_1`.

    Part of the keys of letters that are written: it never changes.
    """
    if anchor == ISSUE:
        return f"{ISSUED}{offset}"
    prefix = "" if anchor == DUE else f"{anchor}_"
    if anchor in _PLAIN:
        return f"{prefix}{offset}"
    if offset == 0:
        return f"{prefix}on_day"
    return f"{prefix}before_{-offset}" if offset < 0 else f"{prefix}after_{offset}"


def anchor_of(name: str) -> str:
    """From which day a turn of this name is counted: `name_of` the other way round."""
    if name.startswith(ISSUED):
        return ISSUE
    return next((each for each in _OTHERS if name.startswith(f"{each}_")), DUE)


def latest(
    rungs: Iterable[Rung],
    anchor_day: date,
    today: date,
    holidays: Container[date] = NO_HOLIDAYS,
    *,
    since: date | None = None,
) -> Turn | None:
    """The latest turn that is reached `today`, of rungs that share `anchor_day`; None before.

    `since` is the day on which the reader last heard that day itself (issue, or more time
    granted): a turn of that day or an earlier one is passed over, since that letter has just said
    the same. Of two on one day, the one with the larger offset is the latest, then the one that
    stands later in the ladder.
    """
    found: Turn | None = None
    for rung in rungs:
        turn = _reached(rung, anchor_day, today, holidays)
        if turn is None or (since is not None and turn.day <= since):
            continue
        if found is None or turn.offset >= found.offset:
            found = turn
    return found


def following(
    rungs: Iterable[Rung],
    anchor_day: date,
    today: date,
    holidays: Container[date] = NO_HOLIDAYS,
    *,
    since: date | None = None,
) -> Turn | None:
    """The first turn after `today` (and after `since`), of rungs that share `anchor_day`."""
    after = today if since is None else max(today, since)
    ahead: list[Turn] = []
    for rung in rungs:
        turn = _reached(rung, anchor_day, after, holidays)
        if turn is None:
            ahead.append(Turn(rung, rung.offset, rung.day(anchor_day, holidays)))
        elif rung.every:
            day = add_working_days(turn.day, rung.every, holidays)
            ahead.append(Turn(rung, turn.offset + rung.every, day))
    return min(ahead, key=lambda turn: (turn.day, turn.offset), default=None)


def _reached(rung: Rung, anchor_day: date, today: date, holidays: Container[date]) -> Turn | None:
    """The last of a rung's turns up to today; None before the first."""
    day = rung.day(anchor_day, holidays)
    if day > today:
        return None
    if not rung.every:
        return Turn(rung, rung.offset, day)
    times = working_days_between(day, today, holidays) // rung.every
    day = add_working_days(day, times * rung.every, holidays)
    return Turn(rung, rung.offset + times * rung.every, day)


def due_again(reopened_on: date, due_on: date, holidays: Container[date]) -> date:
    """By when a file that was opened again is due: never earlier than it was (`due_on`)."""
    return max(due_on, add_working_days(reopened_on, TIME_AGAIN, holidays))


# Ladders of other anchors, which chase controllers (services/chasing/missing_reviews.py, others).
WAITS = "waits"
UNDECIDED = "undecided"
DECIDE = "decide"
_OTHERS = (WAITS, UNDECIDED, DECIDE)
_PLAIN = frozenset({WAITS, UNDECIDED})

# A controller whose own review is missing, in working days after the oldest attestation that
# waits for it.
REVIEW_RUNGS: tuple[Rung, ...] = (
    Rung(WAITS, 2, (SIGNATORY,), "review_waits"),
    Rung(WAITS, 5, (SIGNATORY, CASE_HANDLER), "review_waits"),
    Rung(WAITS, 10, (SIGNATORY, CASE_HANDLER), "review_waits"),
)

# A file that the contractor says it never received, or a store that it would leave out, and nobody
# decides: in working days after the oldest of them.
CHANGE_RUNGS: tuple[Rung, ...] = tuple(
    Rung(UNDECIDED, offset, (CASE_HANDLER, SIGNATORY), "changes_undecided") for offset in (2, 5, 10)
)

# A request for more time that nobody has decided, in working days from the day that stands, or
# from that of the request where it came later.
DECISION_RUNGS: tuple[Rung, ...] = tuple(
    Rung(DECIDE, offset, (CASE_HANDLER, SIGNATORY), "extension_undecided") for offset in (-1, 1, 3)
)
