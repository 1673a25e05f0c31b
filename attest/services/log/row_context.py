"""What a declaration says of the prefix, taken from rows instead of a replayed log.

Enough for attestations and reviews, which name files, stores and the reference. A demand's and
a closure's declarations count what the log lists, so they take the judge's context.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, NamedFile, Store
from attest.log import checkpoint as notes
from attest.services.context import Context
from attest.statements.canonical import decode
from attest.statements.declarations import Listing, listing


@dataclass(frozen=True)
class RowContext:
    """A `declarations.Context` for one demand as it stands now."""

    origin: str
    reference: str | None
    bodies: Mapping[str, bytes]  # fileId -> file.named
    store_rows: Mapping[str, bytes]  # storeId -> store.named, withdrawn ones too
    standing: frozenset[str]

    def file(self, file_id: str) -> Mapping[str, Any]:
        """The `file.named` body; KeyError for a file that was not loaded."""
        found: Mapping[str, Any] = decode(self.bodies[file_id])
        return found

    def store(self, store_id: str) -> Mapping[str, Any]:
        """The `store.named` body; KeyError for an unknown store."""
        found: Mapping[str, Any] = decode(self.store_rows[store_id])
        return found

    def store_bodies(self) -> list[bytes]:
        """The bodies of the stores that stand, in `storeId` order."""
        return [self.store_rows[store_id] for store_id in sorted(self.standing)]

    @property
    def files(self) -> Listing:
        """Not known from rows: no declaration made with this context says it."""
        return listing([])

    @property
    def stores(self) -> Listing:
        """As `files`."""
        return listing([])

    @property
    def withdrawn(self) -> Listing:
        """As `files`."""
        return listing([])


def load_context(ctx: Context, demand: Demand, file_ids: Sequence[str]) -> RowContext:
    """Two queries: the stores of the demand, and these files."""
    stores = ctx.session.execute(
        select(Store.id, Store.body, Store.standing).where(Store.demand_id == demand.id)
    ).all()
    bodies: dict[str, bytes] = {}
    ids = list(file_ids)
    for start in range(0, len(ids), 500):
        rows = ctx.session.execute(
            select(NamedFile.id, NamedFile.body).where(
                NamedFile.demand_id == demand.id, NamedFile.id.in_(ids[start : start + 500])
            )
        )
        bodies.update({file_id: body for file_id, body in rows if body is not None})
    return RowContext(
        origin=notes.origin(ctx.settings.instance_name, demand.id),
        reference=demand.reference,
        bodies=bodies,
        store_rows={store_id: body for store_id, body, _ in stores if body is not None},
        standing=frozenset(store_id for store_id, _, stands in stores if stands),
    )
