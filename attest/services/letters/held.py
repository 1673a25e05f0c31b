"""Letters that wait for their reader's daily digest, and what may wait at all.

A held letter is an ordinary row of the outbox whose turn comes an hour after the digest that
should carry it (`next_attempt_at`). So nothing is lost where no digest comes: it goes out alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Select, select, update

from attest.database import outbox
from attest.database.tables import Demand, Letter, Person
from attest.domain import demand_states
from attest.domain.calendar import (
    NO_HOLIDAYS,
    Calendar,
    add_working_days,
    is_weekend,
    is_working_day,
)
from attest.domain.working_hours import local_day, opening
from attest.services.context import Context
from attest.services.facts.calendars import days_off, is_known
from attest.services.facts.preferences import zone_of

# What can wait until the next morning, and why. All else goes at once: whatever holds the other
# side up (`not_us`, `never_received`, a store to be left out, a key that was revoked, an officer
# who left), whatever failed (`delivery_problem`), what a signatory is to sign, every letter that
# chases, and every letter with a one-use link.
CAN_WAIT: Mapping[str, str] = {
    "demand_issued": "they asked for it themselves",
    "demand_amended": "their own signatory has just signed it",
    "demand_closed": "their own signatory has just signed it",
    "acknowledged": "nothing is asked of them",
    "officer_named": "nothing is asked of them before there is a key",
    "stores_named": "nothing is asked of them",
    "key_to_confirm": "the officer answers meanwhile; a call waits for the morning anyway",
    "attestations_to_review": "the officer goes on meanwhile; one look at all of them is better",
    "ready_to_close": "nothing is late any more",
    "children_ended": "nothing is late any more",
    "extension_requested": "unless the day that stands is near (NEAR)",
    "extension_withdrawn": "nothing is left to decide",
}

# A request for more time does not wait where, on the day of the digest, so few working days are
# left.
NEAR = 2

# Who may have a digest.
READERS = frozenset({"case_handler", "signatory"})

# How long after the digest's time a letter goes out alone.
_GRACE = timedelta(hours=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _OffInAll(Calendar):
    """The days on which nobody works in any of several calendars, each with its own weekends."""

    calendars: tuple[Container[date], ...]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and not any(
            is_working_day(day, calendar) for calendar in self.calendars
        )

    def is_weekend(self, day: date) -> bool:
        """In all of them."""
        return all(is_weekend(day, calendar) for calendar in self.calendars)


def wants_digest(person: Person) -> bool:
    """Whether their letters come together each morning."""
    return bool(person.daily_digest and person.active and person.duties & READERS)


def until(ctx: Context, person: Person, kind: str, demand_id: str | None) -> datetime | None:
    """When a new letter to `person` goes out by itself, where it waits for the digest; else None.

    `demand_id`: the demand that it is about.
    """
    if kind not in CAN_WAIT or not wants_digest(person):
        return None
    holidays = off_in_all(ctx, [person.organisation_id])[person.organisation_id]
    zone = zone_of(ctx.settings, person)
    hours = ctx.settings.working_hours
    comes = opening(local_day(ctx.now, zone), zone, hours, holidays, after=ctx.now)
    if kind == "extension_requested" and _near(ctx, demand_id, local_day(comes, zone)):
        return None
    return comes + _GRACE


def off_in_all(ctx: Context, organisation_ids: Collection[str]) -> Mapping[str, Container[date]]:
    """The days on which nobody of each controller works, in any calendar of its running demands;
    of one that leads none, Saturdays and Sundays. One query."""
    rows = ctx.session.execute(
        select(Demand.organisation_id, Demand.calendar)
        .where(
            Demand.organisation_id.in_(sorted(organisation_ids)),
            Demand.state.in_(sorted(demand_states.LIVE)),
        )
        .distinct()
        .order_by(Demand.organisation_id, Demand.calendar)
    )
    found: defaultdict[str, list[Container[date]]] = defaultdict(list)
    for organisation_id, calendar in rows:
        found[organisation_id].append(_holidays(calendar))
    return {each: _OffInAll(tuple(found[each] or [NO_HOLIDAYS])) for each in organisation_ids}


def held_for(ctx: Context, person: Person) -> list[Letter]:
    """What waits for this person's digest, in the order in which it came."""
    return list(ctx.session.scalars(_held(person).order_by(Letter.queued_at, Letter.id)))


def carry(ctx: Context, letters: Collection[Letter], carrier: Letter) -> int:
    """Lets held letters go along in `carrier`; gives how many still waited."""
    return len(
        ctx.session.scalars(
            update(Letter)
            .where(
                Letter.id.in_([letter.id for letter in letters]),
                Letter.state == outbox.QUEUED,
                Letter.carried_by_id.is_(None),
            )
            .values(
                carried_by_id=carrier.id,
                message_id=carrier.message_id,
                next_attempt_at=carrier.next_attempt_at,
            )
            .returning(Letter.id)
        ).all()
    )


def release(ctx: Context, person: Person) -> int:
    """Lets what is held go out now, each by itself; gives how many letters."""
    held = held_for(ctx, person)
    for letter in held:
        letter.next_attempt_at = ctx.now
    ctx.session.flush()
    return len(held)


def _held(person: Person) -> Select[Letter]:
    return select(Letter).where(
        Letter.state == outbox.QUEUED,
        Letter.next_attempt_at > Letter.queued_at,
        Letter.attempts == 0,
        Letter.kind.in_(sorted(CAN_WAIT)),
        Letter.organisation_id == person.organisation_id,
        Letter.to_email == person.account.email,
        Letter.carried_by_id.is_(None),
    )


def _near(ctx: Context, demand_id: str | None, day: date) -> bool:
    demand = None if demand_id is None else ctx.session.get(Demand, demand_id)
    if demand is None or demand.next_due_on is None:
        return True
    return demand.next_due_on <= add_working_days(day, NEAR, _holidays(demand.calendar))


def _holidays(calendar: str) -> Container[date]:
    """A calendar's holidays. One that is gone stops no other letters, and the journal names it."""
    if not is_known(calendar):
        _log.error("no such calendar", calendar=calendar)
    return days_off(calendar)
