"""Demands raised from a demand, against whom its contractor passed copies on to.

Only controllers learn of them. The contractor of the parent knows what it wrote, and the
reference that it is asked to add; the contractor of a child never learns of the parent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from attest.database.tables import Demand, NamedFile, PassedOn, Review, ReviewSubject, Store
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
    return _why_not(_contractors(ctx, demand), demand, name)


def _contractors(ctx: Context, demand: Demand) -> list[tuple[str, str]]:
    """Reference and contractor of this demand and of each one above it."""
    return [
        (each.reference, contractor)
        for each in (demand, *ancestors(ctx, demand))
        for contractor in party_names(each, "contractor")
    ]


def _why_not(contractors: Sequence[tuple[str, str]], demand: Demand, name: str) -> str | None:
    return lineage.why_not_raised(name, contractors, party_names(demand, "lead", "joint"))


def recipients(ctx: Context, demand: Demand) -> list[Recipient]:
    """To whom signed answers say that copies were passed on, by name."""
    one = (
        select(
            PassedOn.key,
            PassedOn.name,
            PassedOn.file_id,
            case((_covered(), None), else_=PassedOn.file_id).label("left"),
        )
        .outerjoin(Store, Store.id == PassedOn.store_id)
        .where(PassedOn.demand_id == demand.id, _stands())
        .subquery()
    )
    rows = ctx.session.execute(
        select(
            one.c.key,
            func.min(one.c.name),
            func.count(func.distinct(one.c.file_id)),
            func.count(func.distinct(one.c.left)),
        )
        .group_by(one.c.key)
        .order_by(func.min(one.c.name))
    ).all()
    if not rows:
        return []
    raised, contractors = children_of(ctx, demand), _contractors(ctx, demand)
    return [
        Recipient(
            name,
            files,
            left,
            _why_not(contractors, demand, name),
            [child for child in raised if child.passed_to_key == key],
        )
        for key, name, files, left in rows
    ]


def spelling(ctx: Context, demand: Demand, name: str) -> str | None:
    """How signed answers spell this recipient's name; None where they name nobody like it."""
    return ctx.session.scalar(
        select(func.min(PassedOn.name))
        .outerjoin(Store, Store.id == PassedOn.store_id)
        .where(PassedOn.demand_id == demand.id, PassedOn.key == lineage.key(name), _stands())
    )


def not_covered(ctx: Context, demand: Demand, name: str) -> list[str]:
    """The files of which copies were passed on to this recipient and that no demand against them
    covers, a draft counting as one; in the demand's order."""
    return list(
        ctx.session.scalars(
            select(NamedFile.id)
            .join(PassedOn, PassedOn.file_id == NamedFile.id)
            .outerjoin(Store, Store.id == PassedOn.store_id)
            .where(
                PassedOn.demand_id == demand.id,
                PassedOn.key == lineage.key(name),
                _stands(),
                ~_covered(),
            )
            .group_by(NamedFile.id, NamedFile.position)
            .order_by(NamedFile.position)
        )
    )


def newest_against(ctx: Context, demand: Demand, name: str) -> Demand | None:
    """The newest demand that was raised from this one against this recipient."""
    return ctx.session.scalar(
        select(Demand)
        .where(Demand.parent_id == demand.id, Demand.passed_to_key == lineage.key(name))
        .order_by(Demand.created_at.desc(), Demand.reference.desc())
        .limit(1)
    )


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

    Not for files that a controller accepted with a reason: it says why none is raised. One query,
    and one more for each demand on the way up.
    """
    if not demand_ids:
        return {}
    rows = ctx.session.execute(
        select(PassedOn.demand_id, func.min(PassedOn.name))
        .join(Demand, Demand.id == PassedOn.demand_id)
        .join(NamedFile, NamedFile.id == PassedOn.file_id)
        .outerjoin(Store, Store.id == PassedOn.store_id)
        .where(
            PassedOn.demand_id.in_(demand_ids),
            Demand.state.in_(sorted(demand_states.LIVE)),
            _stands(),
            or_(NamedFile.state != "accepted", ~_explained()),
            ~_covered(),
        )
        .group_by(PassedOn.demand_id, PassedOn.key)
        .order_by(func.min(PassedOn.name))
    ).all()
    named: dict[str, list[str]] = {}
    for demand_id, name in rows:
        named.setdefault(demand_id, []).append(name)
    found: dict[str, list[str]] = {}
    for demand_id, names in named.items():
        demand = ctx.session.get_one(Demand, demand_id)
        contractors = _contractors(ctx, demand)
        names = [name for name in names if _why_not(contractors, demand, name) is None]
        if names:
            found[demand_id] = names
    return found


def uncovered(ctx: Context, demand: Demand, file_ids: Collection[str]) -> list[str]:
    """To whom copies of these files were passed on, and against whom no issued demand covers them.

    Whoever accepts these files says why none is raised.
    """
    names: dict[str, str] = {}
    ids = sorted(file_ids)
    for start in range(0, len(ids), 500):
        for key, name in ctx.session.execute(
            select(PassedOn.key, func.min(PassedOn.name))
            .outerjoin(Store, Store.id == PassedOn.store_id)
            .where(
                PassedOn.demand_id == demand.id,
                PassedOn.file_id.in_(ids[start : start + 500]),
                _stands(),
                ~_covered(issued=True),
            )
            .group_by(PassedOn.key)
        ):
            names.setdefault(key, name)
    return sorted(names.values())


def unexplained(ctx: Context, demand: Demand) -> list[str]:
    """To whom copies were passed on of files that were accepted without a reason, because of a
    demand that does not cover them any more: it was withdrawn since."""
    return list(
        ctx.session.scalars(
            select(func.min(PassedOn.name))
            .join(NamedFile, NamedFile.id == PassedOn.file_id)
            .outerjoin(Store, Store.id == PassedOn.store_id)
            .where(
                PassedOn.demand_id == demand.id,
                NamedFile.state == "accepted",
                _stands(),
                ~_explained(),
                ~_covered(),
            )
            .group_by(PassedOn.key)
            .order_by(func.min(PassedOn.name))
        )
    )


def _stands() -> ColumnElement[bool]:
    """Whether the copy's store stands; a disclosure is of no store."""
    return or_(PassedOn.store_id.is_(None), Store.standing)


def _covered(*, issued: bool = False) -> ColumnElement[bool]:
    """Whether a demand against this recipient deals with this file; a draft counts, or not.

    One that was withdrawn deals with nothing; one that was closed, with what was said before.
    """
    child, file = aliased(Demand), aliased(NamedFile)
    query = (
        select(file.id)
        .join(child, child.id == file.demand_id)
        .where(
            child.parent_id == PassedOn.demand_id,
            file.parent_file_id == PassedOn.file_id,
            child.passed_to_key == PassedOn.key,
            child.state != demand_states.WITHDRAWN,
            or_(child.closed_at.is_(None), child.closed_at >= PassedOn.since),
        )
        .correlate(PassedOn)
    )
    if issued:
        query = query.where(child.state != demand_states.DRAFT)
    return query.exists()


def _explained() -> ColumnElement[bool]:
    """Whether whoever accepted this file gave a reason."""
    return (
        select(ReviewSubject.review_hash)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(
            ReviewSubject.attestation_hash == NamedFile.last_attestation,
            Review.decision == "accepted",
            Review.reason.is_not(None),
        )
        .correlate(NamedFile)
        .exists()
    )


def references(ctx: Context, demand: Demand) -> list[tuple[str, str]]:
    """Recipient and reference of each issued demand, for the officer to add to the answers."""
    return [
        (child.passed_to or "", child.reference)
        for child in children_of(ctx, demand)
        if child.state not in (demand_states.DRAFT, demand_states.WITHDRAWN)
    ]
