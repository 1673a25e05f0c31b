"""A draft as its pages show it: parties by role, files page by page, stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import Demand, DemandParty, NamedFile, Store
from attest.services.context import Context
from attest.services.facts import contact_points, paging
from attest.services.facts.paging import Page
from attest.services.views import overview

FILES_A_PAGE = 100


@dataclass(frozen=True)
class DraftView:
    """What a demand says, ready to be read."""

    demand: Demand
    lead: DemandParty
    joint: Sequence[DemandParty]
    carriers: Sequence[DemandParty]
    contractor: DemandParty | None
    files: Page
    stores: Sequence[Store]
    contact_point: DemandParty | None = None


def draft_view(ctx: Context, demand: Demand, *, page: int = 1) -> DraftView:
    """Reads the whole demand, and one page of its files."""

    def named(role: str) -> list[DemandParty]:
        return [party for party in demand.parties if party.role == role]

    return DraftView(
        demand,
        named("lead")[0],
        named("joint"),
        named("carrier"),
        next(iter(named("contractor")), None),
        files_of(ctx, demand, page),
        overview.stores(ctx, demand),
        contact_points.party(demand),
    )


def files_of(ctx: Context, demand: Demand, page: int) -> Page:
    """One page of the named files, in the order of the list."""
    query = select(NamedFile).where(NamedFile.demand_id == demand.id).order_by(NamedFile.position)
    return paging.page_of(ctx, query, page, FILES_A_PAGE)
