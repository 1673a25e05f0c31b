"""What the attestations of some files leave to the controller's ruling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import Copy, Demand, Store
from attest.domain import rulings
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.facts import children


@dataclass(frozen=True)
class Ruling:
    """`lost`: the stores in which copies could not be located. `uncovered`: to whom copies were
    passed on, and against whom no issued demand covers these files."""

    lost: Sequence[str]
    uncovered: Sequence[str]

    @property
    def reason_missing(self) -> str | None:
        """Why accepting these files needs a reason; None where it needs none."""
        return rulings.reason_missing(self.lost, self.uncovered)


def ruling(ctx: Context, demand: Demand, file_ids: Collection[str]) -> Ruling:
    """What is to be ruled about these files."""
    lost: dict[str, int] = {}
    ids = sorted(file_ids)
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ids), 500):
        for label, position in ctx.session.execute(
            select(Store.label, Store.position)
            .distinct()
            .join(Copy, Copy.store_id == Store.id)
            .where(
                Copy.demand_id == demand.id,
                Copy.file_id.in_(ids[start : start + 500]),
                Copy.signed_outcome == "cannot_locate",
                Store.standing,
            )
        ):
            lost[label] = position
    return Ruling(sorted(lost, key=lost.__getitem__), children.uncovered(ctx, demand, ids))


def expect_reason(
    ctx: Context, demand: Demand, file_ids: Collection[str], decision: str, reason: str | None
) -> None:
    """An acceptance that needs a reason has one. Raises Refused with the field."""
    if decision == "accepted" and not reason:
        missing = ruling(ctx, demand, file_ids).reason_missing
        if missing:
            raise Refused(missing, field="reason")
