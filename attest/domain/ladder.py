"""The ladder of letters that chases an unanswered demand, in working days from its due date.

Nothing is stored but which rungs have had their letter: a worker asks at each tick. A service that
stood still for a week finds several rungs reached; they collapse into one letter, the latest.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from attest.domain.calendar import NO_HOLIDAYS, add_working_days

LIAISON = "liaison"
OFFICER = "officer"
ESCALATION_CONTACT = "escalation_contact"
SIGNATORY = "signatory"
CASE_HANDLER = "case_handler"

# Working days to answer again for a file that was opened again; every rung lies after that day.
TIME_AGAIN = 5


@dataclass(frozen=True)
class Rung:
    """One step of the ladder.

    `offset` is in working days from the due date, negative before it. `audience` names who is
    written to: duties of the contractor's people, and `escalation_contact`, who is left out where
    the contractor gave none. `letter` is the kind of letter.
    """

    name: str
    offset: int
    audience: tuple[str, ...]
    letter: str

    def day(self, due_on: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
        """The day on which the rung is reached."""
        return add_working_days(due_on, self.offset, holidays)


@dataclass(frozen=True)
class Step:
    """The letter to send now: `rung`'s. Once it is queued, all of `covers` count as done."""

    rung: Rung
    covers: tuple[str, ...]


RUNGS: tuple[Rung, ...] = (
    Rung("before_2", -2, (LIAISON, OFFICER), "reminder"),
    Rung("on_day", 0, (LIAISON, OFFICER), "reminder"),
    Rung("after_1", 1, (LIAISON, OFFICER), "overdue"),
    Rung("after_3", 3, (LIAISON, OFFICER, ESCALATION_CONTACT), "escalation"),
)

# Those of them that reach the escalation contact. It is counted by itself, so that somebody who
# is named late still gets the letter of the rung that was reached.
CONTACT_RUNGS = tuple(rung for rung in RUNGS if ESCALATION_CONTACT in rung.audience)

# A controller whose own review is missing, in working days after the oldest attestation that
# waits for it.
REVIEW_RUNGS: tuple[Rung, ...] = (
    Rung("waits_2", 2, (SIGNATORY,), "review_waits"),
    Rung("waits_5", 5, (SIGNATORY, CASE_HANDLER), "review_waits"),
    Rung("waits_10", 10, (SIGNATORY, CASE_HANDLER), "review_waits"),
)

# A file that the contractor says it never received, or a store that it would leave out, and nobody
# decides: in working days after the oldest of them.
CHANGE_RUNGS: tuple[Rung, ...] = (
    Rung("undecided_2", 2, (CASE_HANDLER, SIGNATORY), "changes_undecided"),
    Rung("undecided_5", 5, (CASE_HANDLER, SIGNATORY), "changes_undecided"),
    Rung("undecided_10", 10, (CASE_HANDLER, SIGNATORY), "changes_undecided"),
)

# A request for more time that nobody has decided, in working days from the day that stands, or
# from that of the request where it came later.
DECISION_RUNGS: tuple[Rung, ...] = (
    Rung("decide_before_1", -1, (CASE_HANDLER, SIGNATORY), "extension_undecided"),
    Rung("decide_after_1", 1, (CASE_HANDLER, SIGNATORY), "extension_undecided"),
    Rung("decide_after_3", 3, (CASE_HANDLER, SIGNATORY), "extension_undecided"),
)


def due_again(reopened_on: date, due_on: date, holidays: Container[date]) -> date:
    """By when a file that was opened again is due: never earlier than it was (`due_on`)."""
    return max(due_on, add_working_days(reopened_on, TIME_AGAIN, holidays))


def rungs_due(
    due_on: date,
    today: date,
    holidays: Container[date],
    already: Container[str],
    *,
    since: date | None = None,
    rungs: Sequence[Rung] = RUNGS,
) -> Step | None:
    """The latest rung reached, unless it has had its letter; None where there is nothing to send.

    `already` holds the names of the rungs that count as done for this very due date: an extension
    starts the ladder afresh, so a caller keys them by demand and due date. `since` is the day on
    which the contractor last heard this due date (issue, or extension granted): a rung that fell
    on that day or before it is passed over, since that letter has just said the same. `rungs` is
    another ladder than the contractor's, counted from another day.
    """
    reached = [
        rung
        for rung in sorted(rungs, key=lambda rung: rung.offset)
        if rung.day(due_on, holidays) <= today
        and (since is None or rung.day(due_on, holidays) > since)
    ]
    if not reached or reached[-1].name in already:
        return None
    return Step(reached[-1], tuple(rung.name for rung in reached if rung.name not in already))


def next_rung(
    due_on: date, today: date, holidays: Container[date], already: Container[str]
) -> tuple[Rung, date] | None:
    """The first rung still ahead of `today` and its day, for "we will write again on …"."""
    ahead = [
        (rung, rung.day(due_on, holidays))
        for rung in RUNGS
        if rung.name not in already and rung.day(due_on, holidays) > today
    ]
    return min(ahead, key=lambda step: step[1]) if ahead else None
