"""Changed minds that wait for the lead controller: claims, stores withdrawn, an amendment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from attest.database.tables import Amendment, StoreWithdrawal
from attest.domain import need_words
from attest.domain.phrases import Phrase
from attest.services.acts import not_received, withdrawing
from attest.services.context import Context


@dataclass(frozen=True)
class Asked:
    """One thing that is asked: of whom (`duty`, None: anybody), a sentence, and where to do it."""

    sentence: Phrase
    action: str
    page: str
    duty: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Pending:
    """What waits in one demand. `stores`: withdrawn by the contractor, and not decided."""

    claims: int = 0
    stores: int = 0
    stores_since: datetime | None = None
    amendment: Amendment | None = None

    def asked(self, contractor: str) -> Iterator[Asked]:
        """What is asked of the lead controller, the most urgent first."""
        row = self.amendment
        if row is not None and row.handed_at is not None:
            yield Asked(
                need_words.amendment_to_sign(),
                "Read and sign the amendment",
                "/amendment/sign",
                "signatory",
                row.handed_at,
            )
        if row is not None and row.return_note:
            yield Asked(
                need_words.amendment_returned(),
                "Go on with the amendment",
                "/amendment",
                "case_handler",
                row.begun_at,
            )
        if self.claims:
            on = "on it" if self.claims == 1 else "on each"
            yield Asked(
                need_words.files_never_received(contractor, self.claims),
                f"Rule {on}",
                "/changes#never-received",
            )
        if self.stores and row is None:
            yield Asked(
                need_words.stores_withdrawn(contractor, self.stores),
                "Decide about it",
                "/changes#stores",
                None,
                self.stores_since,
            )


def pending_in(ctx: Context, demand_ids: Collection[str]) -> dict[str, Pending]:
    """What waits in these demands; three queries, however many there are."""
    ids = list(demand_ids)
    if not ids:
        return {}
    claims = not_received.waiting(ctx, ids)
    stores: dict[str, tuple[int, datetime | None]] = {
        row[0]: (row[1], row[2])
        for row in ctx.session.execute(
            select(StoreWithdrawal.demand_id, func.count(), func.min(StoreWithdrawal.asked_at))
            .where(
                StoreWithdrawal.demand_id.in_(ids),
                StoreWithdrawal.state == withdrawing.ASKED,
                StoreWithdrawal.side == "contractor",
            )
            .group_by(StoreWithdrawal.demand_id)
        )
    }
    amendments = {
        row.demand_id: row
        for row in ctx.session.scalars(select(Amendment).where(Amendment.demand_id.in_(ids)))
    }
    return {
        demand_id: Pending(
            claims.get(demand_id, 0),
            *stores.get(demand_id, (0, None)),
            amendments.get(demand_id),
        )
        for demand_id in {*claims, *stores, *amendments}
    }
