"""What waits for a time that lies further ahead than it ever should: a clock once ran far ahead.

`attest check` names it, and `attest tidy` lets it go on. Nothing else looks at it before that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from attest.database import outbox
from attest.database.tables import Demand, Letter
from attest.domain import demand_states
from attest.domain.wording import count
from attest.services.context import Context
from attest.services.facts import chase_times
from attest.services.letters import held
from attest.services.upkeep.findings import Finding

PLACE = "Letters"
# Longer than a letter is put off (outbox.PAUSES).
_PUT_OFF = timedelta(days=2)
# Of one that waits for working days besides: no calendar has more than twelve days off in a row.
_DAYS_OFF = timedelta(days=21)


@dataclass(frozen=True)
class FarAhead:
    """How many letters, and how many demands that nobody looks at."""

    letters: int
    demands: int

    def __bool__(self) -> bool:
        """Is there anything?"""
        return bool(self.letters or self.demands)


def check(ctx: Context) -> Iterator[Finding]:
    """What waits for too long, demand by demand; then letters that are about none."""
    demands = select(Demand.reference, Demand.chase_at).where(_not_looked_at(ctx))
    for reference, chase_at in ctx.session.execute(demands.order_by(Demand.reference)):
        until = "is going to be chased" if chase_at is None else f"looks before {_utc(chase_at)}"
        yield Finding(reference, f"Files are open, and nobody {until}: `attest tidy`.")
    letters = (
        select(Demand.reference, func.count(), func.min(Letter.next_attempt_at))
        .join(Demand, Demand.id == Letter.demand_id, isouter=True)
        .where(_not_tried(ctx))
        .group_by(Demand.reference)
        .order_by(Demand.reference.is_(None), Demand.reference)
    )
    for reference, number, first in ctx.session.execute(letters):
        yield Finding(
            reference or PLACE,
            f"Nobody tries to send {count(number, 'letter')} before {_utc(first)}, and nothing "
            "holds letters back so long. Once the clock is right: `attest tidy`.",
        )


def find(ctx: Context) -> FarAhead:
    """What `bring_near` would let go on."""
    letters = select(func.count()).select_from(Letter).where(_not_tried(ctx))
    demands = select(func.count()).select_from(Demand).where(_not_looked_at(ctx))
    return FarAhead(ctx.session.scalar(letters) or 0, ctx.session.scalar(demands) or 0)


def bring_near(ctx: Context) -> FarAhead:
    """Lets them have their turn now. One that chases still waits for its reader's working hours:
    whoever claims it asks (services/sending/still_asked.py)."""
    # The demands first, as every act does: two who wait for each other never meet.
    demands = update(Demand).where(_not_looked_at(ctx)).values(chase_at=ctx.now)
    letters = update(Letter).where(_not_tried(ctx)).values(next_attempt_at=ctx.now)
    looked_at = ctx.session.scalars(demands.returning(Demand.id)).all()
    return FarAhead(len(ctx.session.scalars(letters.returning(Letter.id)).all()), len(looked_at))


def _not_looked_at(ctx: Context) -> ColumnElement[bool]:
    return and_(
        Demand.state.in_(sorted(demand_states.LIVE)),
        Demand.files_open > 0,
        or_(Demand.chase_at.is_(None), Demand.chase_at > ctx.now + chase_times.LONGEST),
    )


def _not_tried(ctx: Context) -> ColumnElement[bool]:
    # What another letter carries is tried with that one.
    return and_(
        Letter.state.in_(outbox.WAITING),
        Letter.carried_by_id.is_(None),
        or_(
            Letter.next_attempt_at > ctx.now + _DAYS_OFF,
            and_(
                Letter.next_attempt_at > ctx.now + _PUT_OFF,
                Letter.time_zone.is_(None),
                Letter.kind.not_in(sorted(held.CAN_WAIT)),
            ),
        ),
    )


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
