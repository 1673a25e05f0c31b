"""Raising a demand against whom a contractor passed copies on to, prepared from its parent.

One step makes a draft: the same incident and controllers, the recipient as contractor, the files
concerned with their descriptors, the terms, and a due date. What would tell the recipient who
passed the copies on is left out (leaks.py); so is how and when the files were sent, because that
was to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from attest.database.tables import Demand, DemandParty, NamedFile, Store
from attest.domain import drafting, lineage
from attest.domain.calendar import add_working_days, working_days_between
from attest.domain.refusal import NotFound, Refused
from attest.domain.stores import PROPOSED
from attest.services.access import Seat
from attest.services.acts import drafts
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import children, draft_lock
from attest.services.facts.calendars import days_off, today
from attest.services.facts.leaks import TEXTS, secrets

CHUNK = 5_000  # rows an INSERT
LEAST_DAYS = 5  # working days for a recipient to answer


@dataclass(frozen=True)
class Proposal:
    """What the new draft would hold. `left_out`: what names the contractor, so is not copied."""

    recipient: str
    files: Sequence[NamedFile]
    due_on: date
    left_out: Sequence[str]


class RaisedAlready(Refused):
    """Every file is in a demand against this recipient; `reference` is the newest one's."""

    def __init__(self, recipient: str, reference: str) -> None:
        super().__init__(f"{reference} against “{recipient}” names all of these files already.")
        self.reference = reference


def propose(ctx: Context, seat: Seat, name: str) -> Proposal:
    """What a demand against this recipient would hold.

    Raises NotFound where nothing was passed on to them, RaisedAlready where demands name all of
    it, and Refused where none can be raised.
    """
    live(seat)
    demand = seat.demand
    spelt = children.spelling(ctx, demand, name)
    if spelt is None:
        raise NotFound
    why_not = children.why_not_raised(ctx, demand, spelt)
    if why_not:
        raise Refused(why_not)
    ids = children.not_covered(ctx, demand, spelt)
    if not ids:
        newest = children.newest_against(ctx, demand, spelt)
        raise RaisedAlready(spelt, newest.reference if newest else demand.reference)
    files = _files(ctx, ids)
    secret = secrets(ctx, demand)
    return Proposal(spelt, files, _due(ctx, demand), list(_left_out(demand, files, secret)))


def raise_demand(ctx: Context, seat: Seat, name: str) -> Demand:
    """Begins the draft of a demand against this recipient. Raises as `propose` does."""
    proposal = propose(ctx, seat, name)
    parent = seat.demand
    secret = secrets(ctx, parent)
    child = drafts.create_for(ctx, seat.person, parent.incident)
    child.parent_id = parent.id
    child.passed_to = proposal.recipient[:500]
    child.passed_to_key = lineage.key(proposal.recipient)
    child.concurrence = parent.concurrence
    child.action = parent.action
    child.calendar = parent.calendar
    child.due_on = proposal.due_on
    child.basis = _clean(parent.basis, secret)
    child.instruction = _clean(parent.instruction, secret)
    _add_parties(parent, child, proposal.recipient)
    _add_files(ctx, child, proposal.files, secret)
    _add_stores(ctx, parent, child)
    draft_lock.recount(ctx, child)
    return child


def _files(ctx: Context, ids: Sequence[str]) -> list[NamedFile]:
    found: list[NamedFile] = []
    for start in range(0, len(ids), 500):
        found += ctx.session.scalars(
            select(NamedFile)
            .where(NamedFile.id.in_(ids[start : start + 500]))
            .order_by(NamedFile.position)
        )
    return found


def _due(ctx: Context, demand: Demand) -> date:
    """As many working days from today as the parent gave."""
    day, holidays = today(ctx.settings, ctx.now), days_off(demand.calendar)
    given = LEAST_DAYS
    if demand.issued_at is not None and demand.due_on is not None:
        issued_on = today(ctx.settings, demand.issued_at)
        given = max(given, working_days_between(issued_on, demand.due_on, holidays))
    return add_working_days(day, given, holidays)


def _left_out(demand: Demand, files: Sequence[NamedFile], secret: Sequence[str]) -> Iterator[str]:
    for words, text in (("the basis", demand.basis), ("the instruction", demand.instruction)):
        if lineage.named_in(text, secret):
            yield words
    for file in files:
        if any(lineage.named_in(getattr(file, field), secret) for field in TEXTS):
            yield f"“{file.name}”"


def _clean(text: str | None, secret: Sequence[str]) -> str | None:
    return lineage.without(text, secret) if text else None


def _add_parties(parent: Demand, child: Demand, recipient: str) -> None:
    """The same controllers. Carriers carried to the parent's contractor, and are left out."""
    for party in parent.parties:
        if party.role == "joint":
            child.parties.append(
                DemandParty(
                    id=str(uuid4()),
                    organisation_id=party.organisation_id,
                    role="joint",
                    position=len(child.parties),
                    name=party.name,
                    contact_name=party.contact_name,
                    contact_role=party.contact_role,
                    contact_email=party.contact_email,
                    telephone=party.telephone,
                    contact_point=party.contact_point,
                )
            )
        elif party.role == "lead":
            child.parties[0].contact_point = party.contact_point
    child.parties.append(
        DemandParty(
            id=str(uuid4()),
            role="contractor",
            position=len(child.parties),
            name=recipient[: drafting.MAX_NAME],
        )
    )


def _add_files(
    ctx: Context, child: Demand, files: Sequence[NamedFile], secret: Sequence[str]
) -> None:
    names: set[str] = set()
    rows: list[dict[str, Any]] = []
    for position, file in enumerate(files, start=1):
        name = plain = lineage.without(file.name, secret)[:1000]
        copies = 1
        while name in names:
            copies += 1
            name = f"{plain[:990]} ({copies})"
        names.add(name)
        rows.append(
            {
                "id": str(uuid4()),
                "demand_id": child.id,
                "position": position,
                "state": "open",
                "name": name,
                "kind": file.kind,
                "description": _clean(file.description, secret),
                "size": file.size,
                "sha256": file.sha256,
                "data_categories": _clean(file.data_categories, secret),
                "subjects": file.subjects,
                "parent_file_id": file.id,
            }
        )
    for start in range(0, len(rows), CHUNK):
        ctx.session.execute(insert(NamedFile), rows[start : start + CHUNK])


def _add_stores(ctx: Context, parent: Demand, child: Demand) -> None:
    """Of the parent's stores those that every demand is proposed: the others are its own."""
    labels = set(ctx.session.scalars(select(Store.label).where(Store.demand_id == parent.id)))
    general = [each for each in PROPOSED if each.label in labels]
    ctx.session.add_all(
        Store(
            id=str(uuid4()),
            demand_id=child.id,
            position=position,
            label=each.label,
            medium=each.medium,
            kind=each.kind,
            named_by_side="controller",
        )
        for position, each in enumerate(general, start=1)
    )
