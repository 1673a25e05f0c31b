"""A file that the contractor says it never received: it says so, and the lead controller rules.

A named file stays named: the formats know no event that takes it out. So a ruling is a row and a
letter, and its way into the evidence is what both sides sign afterwards: the attestation of nil
returns and its review, or a withdrawal of the whole demand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import uuid4

from sqlalchemy import func, select

from attest.database.tables import NamedFile, NotReceived
from attest.domain.drafting import need_text
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.access import CONTRACTOR, Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts.chase_times import look_again
from attest.services.notices import change_notices

STANDS, NIL_RETURN = "stands", "nil_return"
RULINGS: Mapping[str, str] = {
    STANDS: "It was sent, and stands",
    NIL_RETURN: "Nil returns will do",
}


def claims(ctx: Context, demand_id: str, file_id: str | None = None) -> list[NotReceived]:
    """The claims of a demand, or of one of its files, newest first."""
    query = select(NotReceived).where(NotReceived.demand_id == demand_id)
    if file_id is not None:
        query = query.where(NotReceived.file_id == file_id)
    return list(ctx.session.scalars(query.order_by(NotReceived.claimed_at.desc(), NotReceived.id)))


def waiting(ctx: Context, demand_ids: Collection[str]) -> dict[str, int]:
    """How many claims wait for a ruling, by demand. One on a file that was signed for does not."""
    rows = ctx.session.execute(
        select(NotReceived.demand_id, func.count())
        .join(NamedFile, NamedFile.id == NotReceived.file_id)
        .where(
            NotReceived.demand_id.in_(list(demand_ids)),
            NotReceived.ruling.is_(None),
            NamedFile.state.in_(TO_ANSWER),
        )
        .group_by(NotReceived.demand_id)
    )
    return {demand_id: number for demand_id, number in rows}  # noqa: C416 (a row is no pair)


def why_not(seat: Seat, file: NamedFile, told: Collection[NotReceived]) -> str | None:
    """Why this reader cannot say that the file never came, in a sentence; None where they can."""
    if seat.side != CONTRACTOR:
        return "Only the contractor can say this."
    if file.state not in TO_ANSWER:
        return f"“{file.name}” has been signed for. What was signed stands."
    mine = [row for row in told if row.file_id == file.id]
    if any(row.ruling is None for row in mine):
        return "You have said so already. The lead controller rules on it."
    if any(row.ruling == NIL_RETURN for row in mine):
        return "The lead controller has ruled: nil returns will do. Search each store and say so."
    return None


def claim(ctx: Context, seat: Seat, file_id: str, reason: str) -> None:
    """The contractor says that it never received a file, and why it thinks so. Raises Refused."""
    live(seat)
    why = need_text(reason, "reason", "Say how you know.", multiline=True)
    file = ctx.session.get(NamedFile, file_id)
    if file is None or file.demand_id != seat.demand.id:
        raise NotFound
    refused = why_not(seat, file, claims(ctx, seat.demand.id, file.id))
    if refused:
        raise Refused(refused)
    ctx.session.add(
        NotReceived(
            id=str(uuid4()),
            demand_id=seat.demand.id,
            file_id=file.id,
            reason=why,
            claimed_at=ctx.now,
            claimed_by_id=seat.person.id,
        )
    )
    look_again(ctx, seat.demand)
    ctx.session.flush()
    change_notices.never_received(ctx, seat, file, why)


def rule(ctx: Context, seat: Seat, claim_id: str, ruling: str, reason: str) -> None:
    """The lead controller rules, with a reason. Raises Refused with the field, and NotFound."""
    live(seat)
    if not seat.lead:
        raise NotAllowed("Only the lead controller rules on this.")
    row = ctx.session.get(NotReceived, claim_id)
    if row is None or row.demand_id != seat.demand.id:
        raise NotFound
    if row.ruling is not None:
        raise Refused("Somebody has ruled on this already.")
    if ruling not in RULINGS:
        raise Refused("Choose how you rule.", field="ruling")
    row.ruling_reason = need_text(reason, "reason", "Say why you rule so.", multiline=True)
    row.ruling = ruling
    row.ruled_at = ctx.now
    row.ruled_by_id = seat.person.id
    ctx.session.flush()
    change_notices.ruled(ctx, seat, row)
