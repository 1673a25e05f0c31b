"""Which copies an officer chose in the matrix, from what the page sent.

A page names a copy "3.STORE": the file's place in the demand and the store's id. A whole column is
the store's id alone, and means every file that is still open, on other pages of the matrix too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import Demand, NamedFile, Store
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import listing
from attest.services.acts.answers import MAX_CELLS, Cell
from attest.services.context import Context


@dataclass(frozen=True)
class Selection:
    """The chosen copies, with their files and stores in the order of the matrix."""

    files: Sequence[NamedFile]
    stores: Sequence[Store]
    places: Sequence[tuple[int, str]]  # a file's position and a store's id, as pages send them
    cells: Sequence[Cell]

    @property
    def tokens(self) -> list[str]:
        """What a page sends for them."""
        return [f"{position}.{store_id}" for position, store_id in self.places]

    def files_in(self, store: Store) -> list[NamedFile]:
        """The chosen files of one store."""
        chosen = {position for position, store_id in self.places if store_id == store.id}
        return [file for file in self.files if file.position in chosen]


@dataclass(frozen=True)
class Keepers:
    """Who else keeps stores. `everywhere`: the one body that keeps all of them, else nothing;
    `told`: a sentence for each body, or nothing where the organisation keeps them itself."""

    everywhere: str
    told: str


def keepers(stores: Sequence[Store], organisation: str) -> Keepers:
    """Who keeps these stores, beside the organisation that answers for them."""
    own = organisation.casefold()
    found: dict[str, list[str]] = {}
    for store in stores:
        body = (store.custodian or "").strip()
        if body and body.casefold() != own:
            found.setdefault(body, []).append(f"“{store.label}”")
    told = " ".join(f"{body} keeps {listing(labels)}." for body, labels in found.items())
    whole = len(found) == 1 and sum(map(len, found.values())) == len(stores)
    return Keepers(next(iter(found)) if whole else "", told)


def select_copies(
    ctx: Context, demand: Demand, tokens: Sequence[str], columns: Sequence[str] = ()
) -> Selection:
    """The copies that a page sent. Raises Refused, and NotFound for one that isn't there."""
    places = list(dict.fromkeys(_place(token) for token in tokens))
    if columns:
        every = ctx.session.scalars(
            select(NamedFile.position)
            .where(NamedFile.demand_id == demand.id, NamedFile.state.in_(TO_ANSWER))
            .order_by(NamedFile.position)
        ).all()
        whole = ((position, column) for column in dict.fromkeys(columns) for position in every)
        places = list(dict.fromkeys([*places, *whole]))
    if not places:
        raise Refused("Choose at least one copy in the table.", field="cell")
    if len(places) > MAX_CELLS:
        raise Refused(f"Choose at most {MAX_CELLS:,} copies at once.", field="cell")
    files = _files(ctx, demand, {position for position, _ in places})
    wanted = {store_id for _, store_id in places}
    stores = ctx.session.scalars(
        select(Store)
        .where(Store.demand_id == demand.id, Store.id.in_(wanted))
        .order_by(Store.medium, Store.position)
    ).all()
    if {store.id for store in stores} != wanted:
        raise NotFound
    cells = [(files[position].id, store_id) for position, store_id in places]
    return Selection([files[position] for position in sorted(files)], stores, places, cells)


def _place(token: str) -> tuple[int, str]:
    position, stop, store_id = token.partition(".")
    if not (stop and position.isascii() and position.isdigit() and 0 < len(position) < 9):
        raise NotFound
    return int(position), store_id[:36]


def _files(ctx: Context, demand: Demand, positions: set[int]) -> dict[int, NamedFile]:
    ordered = sorted(positions)
    found: dict[int, NamedFile] = {}
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ordered), 500):
        for file in ctx.session.scalars(
            select(NamedFile).where(
                NamedFile.demand_id == demand.id,
                NamedFile.position.in_(ordered[start : start + 500]),
            )
        ):
            found[file.position] = file
    if found.keys() != positions:
        raise NotFound
    return found
