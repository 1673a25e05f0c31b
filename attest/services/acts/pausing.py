"""Pauses of the chasing: the lead controller holds letters back for a while, and says why.

Rows and no events: why a controller waits is its own, and stands in no log. The contractor is not
told that there is a pause, nor when it ends; letters that were written and not sent are dropped.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from attest.database.tables import Account, ChasePause, Demand, Person
from attest.domain import demand_states, pausing
from attest.domain.refusal import Refused
from attest.domain.wording import day
from attest.services.access import CONTROLLER, READERS, Seat, visible_demands
from attest.services.context import Context
from attest.services.facts.calendars import days_off, today
from attest.services.facts.chase_times import look_again
from attest.services.facts.ladders import pauses_of

_CONTROLLERS = ("lead", "joint")


@dataclass(frozen=True)
class HeldBack:
    """A demand whose letters wait; `reason` is None for who must not know it."""

    reference: str
    until: date
    reason: str | None


def pause(ctx: Context, seat: Seat, reason: str, until: date | None) -> ChasePause:
    """Nobody is chased until the morning of `until`. Raises Refused with the field."""
    demand = live(seat)
    day_now = today(ctx.settings, ctx.now)
    until = pausing.check_until(until, day_now, days_off(demand.calendar))
    kept = pausing.check_reason(reason)
    standing = standing_pause(ctx, demand)
    if standing is not None:
        raise Refused(
            f"Letters are held back until {day(standing.until_on)} already. End that pause first."
        )
    row = ChasePause(
        id=str(uuid4()),
        demand_id=demand.id,
        started_at=ctx.now,
        started_by_id=seat.person.id,
        until_on=until,
        reason=kept,
    )
    ctx.session.add(row)
    ctx.session.flush()
    look_again(ctx, demand)
    return row


def end_pause(ctx: Context, seat: Seat) -> None:
    """Ends the standing pause at once. Raises Refused where there is none."""
    row = standing_pause(ctx, live(seat))
    if row is None:
        raise Refused("Nothing is paused. Letters go out on their days.")
    row.ended_at = ctx.now
    row.ended_by_id = seat.person.id
    ctx.session.flush()
    look_again(ctx, seat.demand)


def live(seat: Seat) -> Demand:
    """The demand, if anybody is chased in it at all. Raises Refused."""
    if seat.demand.state not in demand_states.LIVE:
        raise Refused("This demand is not open: nobody is chased.")
    return seat.demand


def standing_pause(ctx: Context, demand: Demand) -> ChasePause | None:
    """The pause that holds letters back now."""
    return standing_pauses(ctx, [demand]).get(demand.id)


def standing_pauses(ctx: Context, demands: Collection[Demand]) -> dict[str, ChasePause]:
    """The pauses that hold letters back now, by demand."""
    day_now = today(ctx.settings, ctx.now)
    return {
        demand_id: row
        for demand_id, row in pauses_of(ctx, demands).items()
        if pausing.stands(row.until_on, row.ended_at, day_now)
    }


def held_back(ctx: Context, account: Account) -> list[HeldBack]:
    """The standing pauses of every demand that an account sees as a controller, those that end
    first before the others. The reason is for the lead controller alone."""
    own = {
        person.organisation_id
        for person in account.people
        if person.active and person.duties & READERS[CONTROLLER]
    }
    rows = ctx.session.execute(
        visible_demands(account)
        .join(ChasePause, ChasePause.demand_id == Demand.id)
        .add_columns(ChasePause)
        .where(
            Demand.state.in_(sorted(demand_states.LIVE)),
            ChasePause.ended_at.is_(None),
            ChasePause.until_on > today(ctx.settings, ctx.now),
        )
        .order_by(ChasePause.until_on, Demand.reference)
    ).unique()
    return [
        HeldBack(
            demand.reference,
            row.until_on,
            row.reason if demand.organisation_id in own else None,
        )
        for demand, row in rows
        if own & {party.organisation_id for party in demand.parties if party.role in _CONTROLLERS}
    ]


def who_paused(ctx: Context, row: ChasePause) -> str:
    """The name of whoever began a pause."""
    return ctx.session.get_one(Person, row.started_by_id).name
