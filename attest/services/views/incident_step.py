"""Where an incident stands, in a sentence, and the one thing to do next.

A pure function of what the page shows: the same rows give the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attest.domain import breach_clock
from attest.domain.wording import count
from attest.services.views.incident_view import IncidentView


@dataclass(frozen=True)
class Step:
    """One sentence, and the button's words and address. `post`: the button sends a form."""

    sentence: str
    action: str
    href: str
    post: bool = False


def next_step(found: IncidentView, *, may_raise: bool) -> Step:
    """What the head of the incident's page says. `may_raise`: the reader is a case handler."""
    return next(_steps(found, may_raise))


def _steps(found: IncidentView, may_raise: bool) -> Iterator[Step]:
    here = f"/incidents/{found.incident.reference}"
    clock = found.clock
    if clock.state == breach_clock.NOT_STARTED:
        yield Step(
            breach_clock.sentence(clock), "Say when it was noticed", f"{here}/facts/happened"
        )
    if clock.asks:
        yield Step(breach_clock.sentence(clock), "Record the report", f"{here}/report")
    if clock.reasons_missing:
        yield Step(
            "It was reported later than 72 hours, and no reasons are recorded.",
            "Record the reasons",
            f"{here}/report",
        )
    if found.missing:
        first = found.missing[0]
        yield Step(
            f"{count(len(found.missing), 'answer')} that Article 33(3) asks for "
            f"{'is' if len(found.missing) == 1 else 'are'} missing.",
            "Complete the facts",
            f"{here}/facts/{first.section}",
        )
    if clock.more_to_follow:
        yield Step(
            f"{found.authority} waits for more: you told them that it will follow.",
            "Report more",
            f"{here}/report",
        )
    if not found.told.people and found.not_told is None:
        yield Step(
            "Nobody who is affected has been told, and no reasons are recorded.",
            "Record who was told",
            f"{here}/people/told",
        )
    if not found.demands and may_raise:
        yield Step(
            "No deletion demand has been raised.", "Raise a demand", f"{here}/demands", post=True
        )
    yield Step(
        "What you owe the authority and the people affected is recorded.",
        "Download the regulator’s pack",
        f"{here}/pack.zip",
    )
