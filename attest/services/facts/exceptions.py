"""The copies of a demand that are not settled: which exceptions live, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from attest.database.tables import Copy, Demand, NamedFile, Store
from attest.domain import demand_states
from attest.domain.file_states import TO_ANSWER
from attest.domain.outcomes import OUTCOMES
from attest.domain.wording import count, in_days, short_day
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts import children
from attest.services.facts.calendars import today

EXCEPTED = tuple(name for name, outcome in OUTCOMES.items() if not outcome.settled)


@dataclass(frozen=True)
class Exceptions:
    """Excepted copies in one store that stand alike.

    `file`: the first of the files, by its place in the demand's list. `asked_again`: the copy is
    to be answered for anew, so the exception is over. `open`: the file is open, for this copy or
    for another one. `accepted`: every one of these files is.
    """

    outcome: str
    store: str
    until: date | None
    passed_to: str | None
    files: int
    file: int
    asked_again: bool
    open: bool
    accepted: bool
    today: date

    @property
    def what(self) -> str:
        """The copies in words."""
        return f"{count(self.files, 'file')} in “{self.store}”"

    @property
    def lasts(self) -> str:
        """Until when, and what happens then."""
        if self.asked_again:
            return "open again: asked for"
        if self.until is not None:
            said = f"until {short_day(self.until)}, {ends(self.until, self.today)}"
            if self.open:
                said += f"; {'its file is' if self.files == 1 else 'their files are'} open"
            return said
        if self.passed_to is not None:
            return f"to {self.passed_to}"
        return "the controller accepts the risk" if self.accepted else "the controller rules"


def ends(until: date, day: date) -> str:
    """Gives "ends in 3 days", "ends today", "ended 2 days ago"."""
    if until < day:
        return f"ended {in_days(day, until)}"
    return f"ends {in_days(day, until)}"


def asked_again(day: date) -> ColumnElement[bool]:
    """Whether a signed exception is over, of a `Copy` in a query that has its `NamedFile`.

    A file that is open for another copy ends none: what has a day of its own lives until then,
    unless somebody asked for that very copy.
    """
    over = or_(Copy.until.is_(None), Copy.until <= day, Copy.answer.is_(None))
    return and_(NamedFile.state.in_(TO_ANSWER), over)


def exceptions(ctx: Context, demand: Demand) -> list[Exceptions]:
    """Every exception, those that end first at the top."""
    day = today(ctx.settings, ctx.now)
    again = case((asked_again(day), 1), else_=0)
    is_open = case((NamedFile.state.in_(TO_ANSWER), 1), else_=0)
    accepted = case((NamedFile.state == "accepted", 1), else_=0)
    rows = ctx.session.execute(
        select(
            Copy.signed_outcome,
            Store.label,
            Copy.until,
            Copy.passed_to,
            func.count(),
            func.min(NamedFile.position),
            again,
            is_open,
            func.min(accepted),
        )
        .join(Store, Store.id == Copy.store_id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .where(
            Copy.demand_id == demand.id,
            Copy.signed_outcome.in_(EXCEPTED),
            Store.standing,
        )
        .group_by(Copy.signed_outcome, Store.label, Copy.until, Copy.passed_to, again, is_open)
    )
    found = [
        Exceptions(
            outcome or "",
            label,
            until,
            name,
            files,
            first,
            bool(over),
            bool(opened),
            bool(accepted),
            day,
        )
        for outcome, label, until, name, files, first, over, opened, accepted in rows
    ]
    return sorted(found, key=lambda each: (each.until or date.max, each.outcome, each.file))


@dataclass(frozen=True)
class Raised:
    """A demand that was raised from this one, as a controller sees it.

    `state` is one of domain/demand_states.py; `href` is None where the reader is no party to it.
    """

    reference: str
    recipient: str
    state: str
    href: str | None

    @property
    def ended(self) -> bool:
        """Whether the demand above need not wait for it any more."""
        return self.state in demand_states.ENDED


def raised(ctx: Context, seat: Seat) -> Sequence[Raised]:
    """The demands that were raised from this one. Nothing for the contractor."""
    if seat.side != CONTROLLER:
        return ()
    return [
        Raised(
            child.reference,
            child.passed_to or "",
            child.state,
            f"/demands/{child.reference}" if _sees(seat, child) else None,
        )
        for child in children.children_of(ctx, seat.demand)
    ]


def raised_from(ctx: Context, seat: Seat) -> str | None:
    """The reference of the demand from which this one was raised: the lead alone learns it."""
    demand = seat.demand
    if not seat.lead or demand.parent_id is None:
        return None
    return ctx.session.get_one(Demand, demand.parent_id).reference


def _sees(seat: Seat, child: Demand) -> bool:
    """Drafts are the lead's alone; an issued demand is its controllers'."""
    if seat.person.organisation_id == child.organisation_id:
        return True
    return child.issued_at is not None and any(
        party.role == "joint" and party.organisation_id == seat.person.organisation_id
        for party in child.parties
    )
