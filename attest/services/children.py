"""Demands raised from a demand, against whom its contractor passed copies on to.

Only controllers learn of them. The contractor of the parent knows what it wrote, and the
reference that it is asked to add; the contractor of a child never learns of the parent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from attest.database.tables import Copy, Demand, NamedFile, Store
from attest.domain import demand_states, lineage
from attest.services.context import Context


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom signed answers say that copies were passed on.

    `files`: how many files; `left`: those that no demand against them covers yet, a draft counting
    as one. `why_not`: why none can be raised, in a sentence. `children`: the demands against them.
    """

    name: str
    files: int
    left: int
    why_not: str | None
    children: Sequence[Demand] = field(default_factory=list)


def children_of(ctx: Context, demand: Demand) -> list[Demand]:
    """The demands that were raised from this one, drafts too."""
    return list(
        ctx.session.scalars(
            select(Demand).where(Demand.parent_id == demand.id).order_by(Demand.reference)
        ).unique()
    )


def ancestors(ctx: Context, demand: Demand) -> list[Demand]:
    """The demand from which this one was raised, the one above that, and so on."""
    found: list[Demand] = []
    above = demand.parent_id
    while above is not None:
        parent = ctx.session.get_one(Demand, above)
        found.append(parent)
        above = parent.parent_id
    return found


def party_names(demand: Demand, *roles: str) -> list[str]:
    """The names of the parties with these roles."""
    return [party.name for party in demand.parties if party.role in roles]


def why_not_raised(ctx: Context, demand: Demand, name: str) -> str | None:
    """Why no demand can be raised from this one against `name`; None where one can be."""
    contractors = [
        (each.reference, contractor)
        for each in (demand, *ancestors(ctx, demand))
        for contractor in party_names(each, "contractor")
    ]
    return lineage.why_not_raised(name, contractors, party_names(demand, "lead", "joint"))


def recipients(ctx: Context, demand: Demand) -> list[Recipient]:
    """To whom signed answers say that copies were passed on, by name."""
    rows = ctx.session.execute(
        select(Copy.passed_to, func.count(func.distinct(Copy.file_id)))
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == demand.id, Copy.passed_to.is_not(None), Store.standing)
        .group_by(Copy.passed_to)
        .order_by(Copy.passed_to)
    ).all()
    spelt: dict[str, list[str]] = {}
    for name, _ in rows:
        spelt.setdefault(lineage.key(name or ""), []).append(name or "")
    raised = children_of(ctx, demand)
    return [
        Recipient(
            names[0],
            len(files_passed(ctx, demand, names)),
            len(files_passed(ctx, demand, names, covered=False)),
            why_not_raised(ctx, demand, names[0]),
            [child for child in raised if lineage.key(child.passed_to or "") == key],
        )
        for key, names in spelt.items()
    ]


def spellings(ctx: Context, demand: Demand, name: str) -> list[str]:
    """Every way in which signed answers spell this recipient's name."""
    written = ctx.session.scalars(
        select(Copy.passed_to)
        .distinct()
        .where(Copy.demand_id == demand.id, Copy.passed_to.is_not(None))
        .order_by(Copy.passed_to)
    )
    return [each for each in written if each and lineage.same(each, name)]


def files_passed(
    ctx: Context, demand: Demand, names: Sequence[str], *, covered: bool | None = None
) -> list[str]:
    """The files of which copies were passed on to whom these spellings mean, in order.

    `covered` False: those only that no demand against them names, a draft counting as one.
    """
    query = (
        select(NamedFile.id)
        .join(Copy, Copy.file_id == NamedFile.id)
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == demand.id, Copy.passed_to.in_(names), Store.standing)
        .group_by(NamedFile.id, NamedFile.position)
        .order_by(NamedFile.position)
    )
    if covered is False:
        against = [
            child.id
            for child in children_of(ctx, demand)
            if any(lineage.same(child.passed_to or "", name) for name in names)
        ]
        theirs = select(NamedFile.parent_file_id).where(
            NamedFile.demand_id.in_(against), NamedFile.parent_file_id.is_not(None)
        )
        query = query.where(NamedFile.id.not_in(theirs))
    return list(ctx.session.scalars(query))


def not_ended(ctx: Context, demand_ids: Collection[str]) -> dict[str, list[Demand]]:
    """The children that have not ended, drafts too, by their parent: what a closing waits for."""
    found: dict[str, list[Demand]] = {}
    if demand_ids:
        for child in ctx.session.scalars(
            select(Demand)
            .where(
                Demand.parent_id.in_(demand_ids),
                Demand.state.not_in(sorted(demand_states.ENDED)),
            )
            .order_by(Demand.reference)
        ).unique():
            found.setdefault(child.parent_id or "", []).append(child)
    return found


def open_references(ctx: Context, demand: Demand) -> list[str]:
    """The references of the demand's children that have not ended."""
    return [child.reference for child in not_ended(ctx, [demand.id]).get(demand.id, ())]


def to_raise(ctx: Context, demand_ids: Collection[str]) -> dict[str, list[str]]:
    """Against whom demands are still to be raised, by demand.

    Not for files that a controller accepted as they stand: their review says why. One query, and
    one more for each demand that was raised from another.
    """
    if not demand_ids:
        return {}
    rows = ctx.session.execute(
        select(Demand, Copy.passed_to)
        .join(Copy, Copy.demand_id == Demand.id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .join(Store, Store.id == Copy.store_id)
        .where(
            Copy.demand_id.in_(demand_ids),
            Demand.state.in_(sorted(demand_states.LIVE)),
            Copy.passed_to.is_not(None),
            Store.standing,
            NamedFile.state != "accepted",
            ~_covered(),
        )
        .distinct()
        .order_by(Copy.passed_to)
    ).unique()
    found: dict[str, list[str]] = {}
    for demand, name in rows:
        names = found.setdefault(demand.id, [])
        if name is None or any(lineage.same(name, other) for other in names):
            continue
        if why_not_raised(ctx, demand, name) is None:
            names.append(name)
    return {demand_id: names for demand_id, names in found.items() if names}


def uncovered(ctx: Context, demand: Demand, file_ids: Collection[str]) -> list[str]:
    """To whom copies of these files were passed on, and against whom no issued demand names them.

    Whoever accepts these files says why none is raised.
    """
    names: list[str] = []
    ids = sorted(file_ids)
    for start in range(0, len(ids), 500):
        for name in ctx.session.scalars(
            select(Copy.passed_to)
            .distinct()
            .join(Demand, Demand.id == Copy.demand_id)
            .join(Store, Store.id == Copy.store_id)
            .where(
                Copy.demand_id == demand.id,
                Copy.file_id.in_(ids[start : start + 500]),
                Copy.passed_to.is_not(None),
                Store.standing,
                ~_covered(issued=True),
            )
            .order_by(Copy.passed_to)
        ):
            if name and not any(lineage.same(name, other) for other in names):
                names.append(name)
    return names


def _covered(*, issued: bool = False) -> ColumnElement[bool]:
    """Whether a demand against this copy's recipient names its file; a draft counts, or not."""
    child, file = aliased(Demand), aliased(NamedFile)
    query = (
        select(file.id)
        .join(child, child.id == file.demand_id)
        .where(
            child.parent_id == Copy.demand_id,
            file.parent_file_id == Copy.file_id,
            func.lower(child.passed_to) == func.lower(Copy.passed_to),
        )
        .correlate(Copy)
    )
    if issued:
        query = query.where(child.state != demand_states.DRAFT)
    return query.exists()


def references(ctx: Context, demand: Demand) -> list[tuple[str, str]]:
    """Recipient and reference of each issued demand, for the officer to add to the answers."""
    return [
        (child.passed_to or "", child.reference)
        for child in children_of(ctx, demand)
        if child.state != demand_states.DRAFT
    ]
