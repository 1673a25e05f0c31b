"""Requests for more time as pages show them: what was asked, by whom, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from attest.database.tables import Demand, Extension, Person
from attest.domain import demand_states, extensions
from attest.domain.wording import day
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.notices.extension_notices import asked_words, file_names, stands

LAPSED = "not decided before the demand ended"
TONES = {
    extensions.REQUESTED: "waiting",
    extensions.GRANTED: "settled",
    extensions.GRANTED_IN_PART: "settled",
    extensions.REFUSED: "refused",
}


@dataclass(frozen=True)
class ExtensionView:
    """One request, newest first in the history. `files`: the names, none for the demand."""

    id: str
    state: str
    tone: str
    asked: str
    due_on: date  # when it was asked
    stands: date  # now
    overtaken: bool  # an amendment has given more than was asked for, so nothing can be granted
    until: date
    reason: str
    asked_by: str
    asked_at: datetime
    files: Sequence[str]
    decided: str  # a sentence, empty while undecided
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    granted_files: Sequence[str]
    undecided: bool
    may_withdraw: bool


def history(ctx: Context, seat: Seat) -> list[ExtensionView]:
    """Every request of a demand, newest first."""
    rows = ctx.session.scalars(
        select(Extension)
        .where(Extension.demand_id == seat.demand.id)
        .order_by(Extension.seq.desc())
    ).all()
    return [view(ctx, seat, row) for row in rows]


def decided_lines(ctx: Context, demand: Demand) -> list[str]:
    """The decided requests, oldest first, a line each: what the log holds, and no more."""
    rows = ctx.session.scalars(
        select(Extension)
        .where(Extension.demand_id == demand.id, Extension.decided_seq.is_not(None))
        .order_by(Extension.decided_seq)
    )
    return [f"Asked for {asked_words(demand, row)}. {_decided(demand, row)}." for row in rows]


def view(ctx: Context, seat: Seat, row: Extension) -> ExtensionView:
    """One request in words."""
    demand = seat.demand
    undecided = row.state == extensions.REQUESTED
    lapsed = undecided and demand.state in demand_states.ENDED
    day_now = stands(ctx, demand, row)
    return ExtensionView(
        id=row.id,
        state=LAPSED if lapsed else extensions.STATES[row.state],
        tone="plain" if lapsed else TONES.get(row.state, "plain"),
        asked=asked_words(demand, row),
        due_on=row.due_on,
        stands=day_now,
        overtaken=undecided and row.until <= day_now,
        until=row.until,
        reason=row.reason,
        asked_by=_who(seat, row.asked_by),
        asked_at=row.asked_at,
        files=file_names(ctx, row),
        decided=_decided(demand, row),
        decided_by=_who(seat, row.decided_by),
        decided_at=row.decided_at,
        decision_reason=row.decision_reason or "",
        granted_files=file_names(ctx, row, granted=True),
        undecided=undecided and not lapsed,
        may_withdraw=undecided
        and not lapsed
        and seat.side != CONTROLLER
        and (row.asked_by_id == seat.person.id or "liaison" in seat.duties),
    )


def _decided(demand: Demand, row: Extension) -> str:
    if row.granted_until is not None:
        part = "Granted in part" if row.state == extensions.GRANTED_IN_PART else "Granted"
        some = sum(each.granted for each in row.files)
        which = f", for {some:,} of {demand.files_total:,} files" if some else ""
        return f"{part}, until {day(row.granted_until)}{which}"
    if row.state == extensions.REFUSED:
        return "Refused: the day stands"
    return "Withdrawn by the contractor" if row.state == extensions.WITHDRAWN else ""


def _who(seat: Seat, person: Person | None) -> str:
    """A person with the name that the demand gives the organisation; "" where that was erased."""
    if person is None:
        return ""
    for party in seat.demand.parties:
        if party.organisation_id == person.organisation_id:
            return f"{person.name}, {party.name}"
    return person.name
