"""What the demand's pages show, put together from the read models: no rules, only order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from attest.database.tables import Demand, Store
from attest.domain import demand_states, wording
from attest.domain.burn_down import BurnDown
from attest.domain.wording import count, day, listing
from attest.services.access import CONTROLLER, Seat
from attest.services.acts import evidence_list, evidence_uses
from attest.services.acts.evidence_list import EvidenceView
from attest.services.context import Context
from attest.services.facts import concurrence, exceptions
from attest.services.facts.differences import sentences
from attest.services.facts.exceptions import Raised
from attest.services.views import glance, overview
from attest.services.views.glance import Open
from attest.services.views.next_letters import TO_ACKNOWLEDGE, next_letters
from attest.services.views.next_step import party_name
from attest.services.views.overview import Cell
from attest.services.views.situation import Situation
from attest.web.demand.cells import CellWords, cell_words


@dataclass(frozen=True)
class CopyView:
    """One copy of a file in words: its cell, and what the officer said about it."""

    store: Store
    cell: CellWords
    lines: Sequence[str]
    evidence: Sequence[Mapping[str, Any]] = ()  # what a signed entry names


@dataclass(frozen=True)
class FileEvidence:
    """The evidence of one file: what its signed copies name, by SHA-256, and what waits."""

    known: Mapping[str, EvidenceView]
    unsigned: Sequence[EvidenceView]


def has_log(ctx: Context, demand: Demand) -> bool:
    """Whether the demand has a log yet."""
    return overview.newest_checkpoint(ctx, demand) is not None


def open_with(ctx: Context, seat: Seat, now: Situation, found: BurnDown) -> list[Open]:
    """What is open, with whom, since when, and what comes next.

    After the end: exceptions, and the demands raised from this one that go on.
    """
    demand = seat.demand
    contractor = party_name(demand, "contractor")
    excepted = glance.exceptions(ctx, demand, contractor)
    below = [each for each in exceptions.raised(ctx, seat) if not each.ended]
    if demand.state not in demand_states.LIVE:
        return [*_below(below, "This demand has ended; that one goes on."), *excepted]
    controllers = concurrence.counting(demand)
    letters = next_letters(ctx, demand) if seat.side == CONTROLLER else None
    told = []
    if demand.acknowledged_at is None and demand.disputed_at is not None:
        told.append(Open(f"{contractor} says “not us”: to be decided", party_name(demand, "lead")))
    elif demand.acknowledged_at is None:
        told.append(
            Open(
                "The demand is to be acknowledged",
                _with(contractor, demand.liaison),
                then=(letters or {}).get(TO_ACKNOWLEDGE, ""),
            )
        )
    elif demand.officer_id is None:
        told.append(Open("The assurance officer is to be named", _with(contractor, demand.liaison)))
    elif now.officer_left:
        told.append(
            Open("Another assurance officer is to be named", _with(contractor, demand.liaison))
        )
    if now.to_confirm:
        told.append(Open("The officer's signing key is to be confirmed", listing(controllers)))
    with_whom = _with(contractor, demand.officer)
    left = now.copies - now.answered
    told += glance.open_copies(ctx, demand, found, left=left, with_whom=with_whom, letters=letters)
    if now.in_doubt:
        what = f"{count(now.in_doubt, 'file')} signed for by a key that was in other hands, perhaps"
        told.append(Open(what, f"{party_name(demand, 'lead')} and {contractor}: see Keys"))
    if now.asked_for:
        told.append(
            Open(f"To be decided: {now.asked_for}, as asked for", party_name(demand, "lead"))
        )
    if now.changes.claims:
        what = f"{count(now.changes.claims, 'file')} never received, says {contractor}"
        told.append(Open(f"{what}: to be ruled on", party_name(demand, "lead")))
    if now.changes.stores:
        what = f"{count(now.changes.stores, 'store')} withdrawn by {contractor}: to be decided"
        told.append(Open(what, party_name(demand, "lead")))
    for each in now.reviews_left:
        what = f"{count(each.files, 'attestation')} to be reviewed, asked on {day(each.since)}"
        told.append(Open(what, each.organisation))
    told += _below(below, "It has to end first.")
    if demand.files_total and demand.files_accepted == demand.files_total and not below:
        told.append(Open("The demand is to be closed", controllers[0] if controllers else ""))
    return [*told, *excepted]


def _below(children: Sequence[Raised], then: str) -> list[Open]:
    """The demands raised from this one that have not ended."""
    return [
        Open(
            f"{child.reference}, raised from this one: {wording.DEMAND_STATES[child.state]}",
            child.recipient,
            then=then,
            href=child.href,
        )
        for child in children
    ]


def _with(organisation: str, person: object) -> str:
    name = getattr(person, "name", None)
    return f"{organisation} ({name})" if name else organisation


def copy_view(cell: Cell, store: Store, today: date) -> CopyView:
    """A copy in words. Answers that nobody signed are not shown to anybody but their officer."""
    entry = dict(cell.entry) if cell.signed and cell.entry else {}
    # Shown beside it, with more than a name and a hash.
    evidence = entry.pop("evidence", ())
    return CopyView(store, cell_words(cell, today), sentences(entry) if entry else [], evidence)


def file_evidence(
    ctx: Context, demand: Demand, file_id: str, copies: Sequence[CopyView]
) -> FileEvidence:
    """What is attached to a file and its copies, signed for or not yet."""
    named = [one["digest"]["sha256"] for copy in copies for one in copy.evidence]
    attached = evidence_uses.of_files(ctx, demand, [file_id]).get(file_id)
    waiting = [row for row in (attached.all() if attached else ()) if row.digest not in named]
    return FileEvidence(
        evidence_list.of_digests(ctx, demand, named), evidence_list.view(ctx, demand, waiting)
    )
