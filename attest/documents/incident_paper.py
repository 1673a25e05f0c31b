"""The facts of an incident as a paper for the authority, in the order in which it asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from attest.documents.rendering import render

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A demand in a line: to whom, how it stands, and what became of its copies."""

    reference: str
    contractor: str
    state: str
    days: str
    copies: str


@dataclass(frozen=True, slots=True)
class IncidentData:
    """Everything that the paper says, in words. `parts` are headings with questions and answers.

    `timeline`: when, what, and by whom. `as_of` is when the newest of it was recorded, and the
    time that the PDF names as its own.
    """

    reference: str
    organisation: str
    title: str
    clock: str
    parts: Sequence[tuple[str, Pairs]]
    reports: Sequence[tuple[str, Pairs]]
    containment: str
    demands: Sequence[DemandLine]
    timeline: Sequence[tuple[str, str, str]]
    as_of_words: str
    as_of: datetime


def make_incident(data: IncidentData, *, fonts: Path | None = None) -> bytes:
    """The paper as a PDF. The same data and fonts give the same bytes."""
    return render("incident.typ", _told(data), at=data.as_of, fonts=fonts)


def _told(data: IncidentData) -> dict[str, Any]:
    return {
        "title": f"Personal data breach {data.reference}",
        "author": data.organisation,
        "description": "What the controller recorded about an incident, for the authority.",
        "footer": f"{data.reference} · as recorded on {data.as_of_words}",
        "organisation": data.organisation,
        "incident": data.title,
        "clock": data.clock,
        "parts": [{"heading": heading, "pairs": _pairs(pairs)} for heading, pairs in data.parts],
        "reports": [
            {"heading": heading, "pairs": _pairs(pairs)} for heading, pairs in data.reports
        ],
        "containment": data.containment,
        "demands": [
            {
                "reference": demand.reference,
                "contractor": demand.contractor,
                "state": demand.state,
                "days": demand.days,
                "copies": demand.copies,
            }
            for demand in data.demands
        ],
        "timeline": [{"at": at, "what": what, "by": by} for at, what, by in data.timeline],
        "as-of": data.as_of_words,
    }


def _pairs(pairs: Pairs) -> list[list[str]]:
    return [[question, answer or "Not recorded"] for question, answer in pairs]
