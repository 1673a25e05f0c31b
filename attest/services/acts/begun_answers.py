"""Answers that an officer began and has not sent, for the page that lists copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attest.domain.outcomes import OUTCOMES
from attest.services.access import Seat
from attest.services.acts import answers
from attest.services.context import Context
from attest.services.facts import unsent


@dataclass(frozen=True)
class BegunAnswer:
    """One of them: its outcome in words, how many copies it is for, and when it was begun."""

    id: str
    words: str
    copies: int
    began_at: datetime


def begun(ctx: Context, seat: Seat, form: str) -> Sequence[BegunAnswer]:
    """Those whose files all still wait for an attestation, newest first."""
    listed = unsent.begun(ctx, seat.person, seat.demand, form)
    if not listed:
        return []
    waiting = {str(file.position) for file in answers.open_files(ctx, seat)}
    found = []
    for each in listed:
        copies = each.first("cell").split()
        outcome = OUTCOMES.get(each.first("outcome"))
        if copies and outcome and {copy.partition(".")[0] for copy in copies} <= waiting:
            found.append(BegunAnswer(each.id, outcome.words, len(copies), each.began_at))
    return found
