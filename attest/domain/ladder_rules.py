"""What a ladder of a demand's own may say: how many rungs, how far, which letter, to whom.

A letter has to be true on its day. Before the due day, and while nobody has acknowledged, only
those can be asked who can answer; everybody else is written to because something is late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from attest.domain import ladder
from attest.domain.ladder import DUE, ISSUE, Rung
from attest.domain.refusal import Refused
from attest.domain.wording import count, listing

MOST_RUNGS = 20
MOST_BEFORE = 60  # working days before the due day
MOST_AFTER = 120  # working days after it
MOST_SINCE_ISSUE = 60
MOST_EVERY = 60

NOT_ACKNOWLEDGED = "not_acknowledged"
REMINDER, OVERDUE, ESCALATION = "reminder", "overdue", "escalation"
TO_CONTACT, TO_CONTROLLER = "escalation_contact", "controller_late"
# A letter that follows the first ones asks for somebody who can decide.
_ESCALATES_FROM = 3

# Who can answer for the contractor, and so who can be asked for answers.
ANSWERING = (ladder.LIAISON, ladder.OFFICER)

AUDIENCES: Mapping[str, str] = {
    ladder.LIAISON: "the liaison",
    ladder.OFFICER: "the assurance officer",
    ladder.ESCALATION_CONTACT: "the contractor's escalation contact",
    ladder.CASE_HANDLER: "the lead controller's case handlers",
    ladder.SIGNATORY: "the lead controller's signatories",
    ladder.CONTROLLER_CONTACT: "the lead controller's escalation contact",
}
LETTERS: Mapping[str, str] = {
    NOT_ACKNOWLEDGED: "Please acknowledge the demand",
    REMINDER: "Reminder of what is still open",
    OVERDUE: "It is overdue",
    ESCALATION: "It is late: put it before somebody who can decide",
    TO_CONTACT: "To the contractor's escalation contact: step in",
    TO_CONTROLLER: "To your own side: the contractor is late",
}
# Of letters that no rung of a ladder's rows can be, for lists of what will go out.
OTHERS: Mapping[str, str] = {
    "review_waits": "To your own side: your review is waited for",
    "extension_undecided": "To your own side: decide on more time",
    "changes_undecided": "To your own side: decide what the contractor asks",
    # In the place of somebody at the contractor's, whom no letter reaches.
    "unreached": "To your own side: letters do not arrive",
}


def added_to(own: Sequence[Rung], others: Sequence[Rung], duty: str) -> list[Rung]:
    """A contact's rungs, for a reader who has `duty` and rungs of their `own` too.

    Liaison and officer can answer, so they get the letters that ask for it. What comes again is
    left out where their own do: nobody is written to by two rows that come again.
    """
    again = any(rung.every for rung in own)
    found = [rung for rung in others if not (rung.every and again)]
    if duty not in ANSWERING:
        return found
    return [replace(rung, letter=usual_letter(rung.anchor, rung.offset, (duty,))) for rung in found]


def usual_letter(anchor: str, offset: int, audience: Sequence[str]) -> str:
    """The kind of letter of a rung for which nobody chose one."""
    if anchor == ISSUE:
        return NOT_ACKNOWLEDGED
    if offset <= 0:
        return REMINDER
    if not set(audience) & set(ANSWERING):
        return TO_CONTACT if ladder.ESCALATION_CONTACT in audience else TO_CONTROLLER
    return OVERDUE if offset < _ESCALATES_FROM else ESCALATION


def fitting(rung: Rung) -> tuple[str, ...]:
    """The kinds of letters that are true on the rung's days, for those who get them there."""
    if rung.anchor == ISSUE:
        return (NOT_ACKNOWLEDGED,)
    if rung.offset <= 0:
        # One that comes again would still say that something is due when it is late.
        return (REMINDER,)
    if set(rung.audience) & set(ANSWERING):
        return (OVERDUE, ESCALATION)
    return (usual_letter(rung.anchor, rung.offset, rung.audience),)


def check(rungs: Sequence[Rung]) -> None:
    """Whether these can be a demand's ladder. Raises Refused.

    Its field is `rungs`, or of one rung `rungs.<index from 0>.<part>`, where the part is `days`,
    `every`, `to` or `letter`.
    """
    if not rungs:
        raise Refused(
            "Keep one letter at least. To hold letters back for a while, pause the chasing.",
            field="rungs",
        )
    if len(rungs) > MOST_RUNGS:
        raise Refused(
            f"These are {count(len(rungs), 'row')}; {MOST_RUNGS} at most can be kept. Let a "
            "letter come again instead.",
            field="rungs",
        )
    for index, rung in enumerate(rungs):
        _check_days(rung, index)
        _check_audience(rung, index)
        if rung.letter not in fitting(rung):
            raise _wrong(index, "letter", f"{_fits(rung)} Choose the usual one.")
    for (first, one), (second, other) in combinations(enumerate(rungs), 2):
        _check_pair(first, one, second, other)


def in_order(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The rungs as their days follow each other: those after the issue first."""
    return tuple(sorted(rungs, key=lambda rung: (rung.anchor == DUE, rung.offset)))


def when_words(rung: Rung) -> str:
    """ "5 working days before the due day, then every 2 working days"; no full stop."""
    if rung.anchor == ISSUE:
        words = f"{count(rung.offset, 'working day')} after issue, while not acknowledged"
    elif rung.offset == 0:
        words = "on the due day"
    else:
        side = "before" if rung.offset < 0 else "after"
        words = f"{count(abs(rung.offset), 'working day')} {side} the due day"
    return f"{words}, {every_words(rung.every)}" if rung.every else words


def every_words(every: int) -> str:
    """ "then every 2 working days" """
    return f"then every {count(every, 'working day') if every > 1 else 'working day'}"


def audience_words(audience: Sequence[str]) -> str:
    """ "the liaison and the assurance officer" """
    return listing(AUDIENCES[name] for name in ladder.AUDIENCES if name in audience)


def _check_days(rung: Rung, index: int) -> None:
    if rung.anchor not in ladder.ANCHORS:
        raise _wrong(index, "when", "Choose from which day it is counted.")
    if rung.anchor == ISSUE and not 1 <= rung.offset <= MOST_SINCE_ISSUE:
        raise _wrong(
            index, "days", f"Enter from 1 to {MOST_SINCE_ISSUE} working days after the issue."
        )
    if rung.anchor == DUE and not -MOST_BEFORE <= rung.offset <= MOST_AFTER:
        raise _wrong(
            index,
            "days",
            f"Enter at most {MOST_BEFORE} working days before the due day, or {MOST_AFTER} "
            "after it.",
        )
    if rung.every is None:
        return
    if not 1 <= rung.every <= MOST_EVERY:
        raise _wrong(index, "every", f"Enter from 1 to {MOST_EVERY} working days, or nothing.")
    if rung.anchor == DUE and rung.offset <= 0:
        raise _wrong(
            index, "every", "A letter comes again only after the due day. Add a row for each."
        )


def _check_audience(rung: Rung, index: int) -> None:
    if not rung.audience:
        raise _wrong(index, "to", "Tick at least one reader.")
    if not set(rung.audience) <= set(ladder.AUDIENCES):
        raise _wrong(index, "to", "Choose from these readers only.")
    if rung.anchor == ISSUE and set(rung.audience) != {ladder.LIAISON}:
        raise _wrong(index, "to", "Until somebody acknowledges, only the liaison can be asked to.")
    others = [name for name in rung.audience if name not in ANSWERING]
    if others and rung.offset <= 0:
        raise _wrong(
            index,
            "to",
            f"Nothing is late before the due day has passed: leave out {audience_words(others)}.",
        )


def _check_pair(first: int, one: Rung, second: int, other: Rung) -> None:
    both = [name for name in one.audience if name in other.audience]
    if one.anchor != other.anchor or not both:
        return
    if one.offset == other.offset:
        raise _wrong(
            second,
            "days",
            f"Row {first + 1} writes to {audience_words(both)} on that day already.",
        )
    if one.every and other.every:
        raise _wrong(
            second,
            "every",
            f"Row {first + 1} writes to {audience_words(both)} again and again already.",
        )


def _fits(rung: Rung) -> str:
    if rung.letter not in LETTERS:
        return "There is no such letter."
    return f"“{LETTERS[rung.letter]}” would not be true then, or not for these readers."


def _wrong(index: int, part: str, sentence: str) -> Refused:
    return Refused(sentence, field=f"rungs.{index}.{part}")
