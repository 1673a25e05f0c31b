"""The regulator's pack: one zip with the facts, the timeline, every demand and its bundle, and the
letters as proof of service. The same state gives the same bytes, and memory stays flat.

It holds nothing about people affected but counts and what the controller typed about them. Files
that were added as evidence may show more, and are left out unless somebody asks for them: the
bundles verify without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from attest.bundle.layout import Layout, Place
from attest.bundle.zip_writer import ZipWriter
from attest.database.tables import Demand
from attest.domain import csv_cells
from attest.domain.csv_cells import Cell
from attest.domain.demand_states import DRAFT
from attest.domain.wording import DEMAND_STATES
from attest.services.access import CONTROLLER
from attest.services.context import Context
from attest.services.exports import evidence
from attest.services.facts.incident_access import IncidentSeat
from attest.services.letters import letter_list, letter_proof
from attest.services.views import incident_facts
from attest.services.views.incident_timeline import occurrences
from attest.services.views.incident_view import IncidentView, view

_FIXED = ("README.txt", "facts.pdf", "facts.json", "timeline.csv", "demands.csv", "letters.csv")
_EVIDENCE = re.compile(r"bundles/[A-Za-z0-9._-]{1,60}-(bundle\.zip|trust\.json)")


def _place(name: str) -> Place | None:
    if name in _FIXED:
        return (0, _FIXED.index(name), "")
    return (1, 0, name) if _EVIDENCE.fullmatch(name) else None


LAYOUT = Layout("pack", "a pack", _place, lambda name: 2**62, ())


@dataclass(frozen=True)
class _Issued:
    """A demand that has a log, and the names of its files in the pack."""

    demand: Demand

    @property
    def bundle(self) -> str:
        return f"bundles/{self.demand.reference}-bundle.zip"

    @property
    def trust(self) -> str:
        return f"bundles/{self.demand.reference}-trust.json"


def write_pack(
    ctx: Context, seat: IncidentSeat, out: IO[bytes], *, evidence_files: bool = False
) -> None:
    """Writes the pack as things stand."""
    found = view(ctx, seat.incident)
    issued = [
        _Issued(demand)
        for demand in found.demands
        if demand.state != DRAFT and demand.issued_at is not None
    ]
    zone = ZoneInfo(ctx.settings.time_zone)
    writer = ZipWriter(out, LAYOUT)
    writer.add("README.txt", _readme(seat, found, issued, evidence_files).encode("utf-8"))
    writer.add("facts.pdf", incident_facts.paper(ctx, seat, found))
    writer.add("facts.json", incident_facts.as_json(ctx, seat, found))
    timeline = incident_facts.timeline_rows(occurrences(ctx, found), zone)
    writer.add("timeline.csv", _csv(timeline))
    writer.add("demands.csv", _csv([_DEMANDS, *(_demand_row(one) for one in issued)]))
    with NamedTemporaryFile() as kept:
        for line in csv_cells.lines(_letter_rows(ctx, seat, issued)):
            kept.write(line)
        kept.flush()
        writer.add("letters.csv", Path(kept.name))
    for one in issued:
        with NamedTemporaryFile() as kept:
            evidence.write_bundle(ctx, one.demand, kept, evidence_files=evidence_files)
            kept.flush()
            writer.add(one.bundle, Path(kept.name))
        own = evidence.trust_for(ctx, one.demand, seat.person.organisation_id, CONTROLLER)
        writer.add(one.trust, own)
    writer.finish()


_DEMANDS = (
    "Reference", "Contractor", "State", "Issued", "Due, as signed", "Due, with more time", "Ended",
    "Files", "Files accepted", "Stores", "Copies settled", "Copies excepted", "Copies", "Bundle",
)  # fmt: skip


def _demand_row(one: _Issued) -> tuple[Cell, ...]:
    demand = one.demand
    signed_due = demand.signed_due_on or demand.due_on
    return (
        demand.reference,
        incident_facts.contractor_of(demand),
        DEMAND_STATES[demand.state],
        demand.issued_at.date().isoformat() if demand.issued_at else "",
        signed_due.isoformat() if signed_due else "",
        demand.due_on.isoformat() if demand.due_on else "",
        demand.closed_at.date().isoformat() if demand.closed_at else "",
        demand.files_total,
        demand.files_accepted,
        demand.stores_total,
        demand.copies_settled,
        demand.copies_excepted,
        demand.files_total * demand.stores_total,
        one.bundle,
    )


def _letter_rows(
    ctx: Context, seat: IncidentSeat, issued: list[_Issued]
) -> Iterator[tuple[Cell, ...]]:
    """Letters to the contractor's people and to our own; other controllers' are theirs."""
    yield letter_proof.COLUMNS
    for one in issued:
        ours = letter_list.visible_to(one.demand, seat.person.organisation_id, CONTROLLER)
        yield from letter_proof.rows(ctx, one.demand, ours)


def _csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    return b"".join(csv_cells.lines(rows))


def _readme(
    seat: IncidentSeat, found: IncidentView, issued: list[_Issued], evidence_files: bool
) -> str:
    reference = found.incident.reference
    left_out = (
        "Files that were added as evidence are in the bundles."
        if evidence_files
        else "Files that were added as evidence are left out of the bundles, because they may show "
        "people;\nthe log in each bundle names them by their SHA-256, and the organisation can "
        "send them."
    )
    bundles = "\n".join(f"    {one.bundle}" for one in issued) or "    (none was issued yet)"
    example = issued[0] if issued else None
    verify = (
        f"    attest verify {example.bundle} --trust {example.trust}\n\n"
        "Or, with Python and PyNaCl alone:\n\n"
        f"    python -m attest.bundle {example.bundle} --trust {example.trust}\n\n"
        "Or, without installing anything, on the page /verify of any Attest.\n"
        "Exit status: 0 verified, 1 failed, 2 unreadable, 3 intact, but not all of it is trusted."
        if example
        else "    There is no bundle yet."
    )
    return f"""\
Incident {reference}
{seat.person.organisation.name}

What the controller recorded about a personal data breach, and the evidence of what became of the
copies. It names nobody who is affected. {found.figure.sentence}

facts.pdf      the facts, in the order of the authority's form, with the reports made so far
facts.json     the same for a program; days and times as in ISO 8601, UTC
timeline.csv   what happened, oldest first
demands.csv    every deletion demand and how it stands
letters.csv    letters as proof of service: to whom, which rung, each attempt and the mail server's
               answer, what came back, the checkpoint it carried, and the receipt if one was given
bundles/       for each demand its bundle, which is the evidence, and a trust file:
{bundles}

{left_out}

Facts, timeline and lists are the controller's word. The bundles are evidence: each holds everything
that was signed about a demand. Do not believe what they say because they say so. Verify them:

{verify}

The trust files in this pack come from the same server as the bundles. Compare the fingerprints in
the report with those that the parties read out to you on the telephone, or take the trust file that
a party has kept itself.
"""
