"""The states of a deletion demand, derived from what has happened to it.

draft → issued → acknowledged → in_progress → awaiting_review → closed,
closed_with_exceptions or withdrawn. Overdue is no state: it follows from the due
date and today.
"""

from datetime import date

DRAFT = "draft"
ISSUED = "issued"
ACKNOWLEDGED = "acknowledged"
IN_PROGRESS = "in_progress"
AWAITING_REVIEW = "awaiting_review"
CLOSED = "closed"
CLOSED_WITH_EXCEPTIONS = "closed_with_exceptions"
WITHDRAWN = "withdrawn"

ENDED = frozenset({CLOSED, CLOSED_WITH_EXCEPTIONS, WITHDRAWN})
WITH_CONTRACTOR = frozenset({ISSUED, ACKNOWLEDGED, IN_PROGRESS})
LIVE = WITH_CONTRACTOR | {AWAITING_REVIEW}


def state_of(
    *, issued: bool, acknowledged: bool, started: bool, files_open: int, outcome: str | None
) -> str:
    """The state of a demand.

    `started`: an answer was recorded or an attestation signed. `files_open`: files whose
    state is open or rejected. `outcome`: the closure's, where there is one.
    """
    if not issued:
        return DRAFT
    if outcome is not None:
        return outcome
    if files_open == 0:
        return AWAITING_REVIEW
    if started:
        return IN_PROGRESS
    return ACKNOWLEDGED if acknowledged else ISSUED


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    """Whether the contractor is late: the due day itself is still in time.

    `due_on` is the day on which the next open file is due.
    """
    return state in WITH_CONTRACTOR and due_on is not None and today > due_on
