"""What the sentence at the head of a demand's page depends on, read in a few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import func, select

from attest.database.tables import Demand, NamedFile, Person
from attest.domain import demand_states
from attest.domain.calendar import working_days_between
from attest.services.access import CONTROLLER, Seat
from attest.services.accounts.people import acts_as
from attest.services.acts import extending, reviewing
from attest.services.acts.pending_changes import Pending, pending_in
from attest.services.context import Context
from attest.services.facts import children, compromised, concurrence, demand_keys, keys
from attest.services.facts.calendars import days_off, local_day, today
from attest.services.letters import failing_needs
from attest.services.notices.extension_notices import asked_words
from attest.services.views import opened_again, overview, waiting


@dataclass(frozen=True)
class Situation:
    """Everything beside the demand's own row.

    `late_by`: working days since the due date, 0 where the contractor is in time.
    `to_confirm`: the key of the officer that no signatory has confirmed.
    """

    today: date
    late_by: int = 0
    has_key: bool = False  # the reader's own, for the duty that signs on this side
    officer_left: bool = False  # an officer is named, and does not act any more
    officer_key_revoked: bool = False  # and the officer has made no other one yet
    to_confirm: str | None = None
    to_review: int = 0  # files that wait for the reader's own organisation
    to_sign: int = 0  # files answered in full
    again: int = 0  # files opened again whose answers are still those that were signed
    opened_why: str = ""  # the newest reason for that; empty where a store was named again
    answered: int = 0
    copies: int = 0
    rejected: int = 0  # files whose answers are still those that were rejected
    in_doubt: int = 0  # files signed for by a key that may have been in other hands
    untold: int = 0  # files that do not say yet whether a copy was passed on
    asked_for: str = ""  # more time that nobody has decided on yet: domain/extensions.asked_words
    extension_id: str = ""  # that request
    reviews_left: Sequence[Awaited] = ()  # for whose reviews attestations wait
    changes: Pending = field(default_factory=Pending)  # changed minds; amendments the lead's only
    failing: str = ""  # to whom letters do not arrive; the lead's case handlers alone
    # Controllers alone: recipients against whom no demand is raised yet, and the references of
    # demands that were raised and have not ended.
    to_raise: Sequence[str] = ()
    waits_for: Sequence[str] = ()


@dataclass(frozen=True)
class Awaited:
    """A controller whose review is missing: for how many files, asked since which day."""

    organisation: str
    files: int
    since: date


def situation(ctx: Context, seat: Seat) -> Situation:
    """How things stand for this reader now."""
    demand = seat.demand
    day = today(ctx.settings, ctx.now)
    answered, copies = overview.open_copies(ctx, demand)
    controller = seat.side == CONTROLLER
    counts = seat.lead or demand.concurrence == "each"
    duty = "signatory" if controller else "officer"
    done = waiting.Answers()
    if not controller:
        done = waiting.progress(ctx, [demand.id]).get(demand.id, done)
    officer = demand.officer
    left = officer is not None and not acts_as(officer, "officer")
    asked = extending.pending(ctx, demand)
    return Situation(
        today=day,
        officer_left=left,
        officer_key_revoked=not left and _key_revoked(ctx, officer),
        late_by=late_by(seat, day),
        has_key=keys.current_key(ctx, seat.person, duty) is not None,
        to_confirm=key_to_confirm(ctx, seat),
        to_review=len(reviewing.reviewable(ctx, seat)) if controller and counts else 0,
        to_sign=done.ready,
        again=done.again,
        opened_why=_opened_why(ctx, demand) if done.again else "",
        answered=answered,
        copies=copies,
        rejected=done.rejected,
        untold=done.untold,
        in_doubt=len(compromised.files_in_doubt(ctx, demand)),
        asked_for=asked_words(demand, asked) if asked else "",
        extension_id=asked.id if asked else "",
        reviews_left=reviews_left(ctx, demand),
        changes=_changes(ctx, seat),
        failing=failing_needs.names(ctx, seat),
        to_raise=_to_raise(ctx, demand) if controller else (),
        waits_for=children.open_references(ctx, demand) if controller else (),
    )


def _changes(ctx: Context, seat: Seat) -> Pending:
    found = pending_in(ctx, [seat.demand.id]).get(seat.demand.id, Pending())
    # Nobody else knows of an amendment before it is signed.
    return found if seat.lead else replace(found, amendment=None)


def _opened_why(ctx: Context, demand: Demand) -> str:
    return next((each.reason for each in opened_again.opened_again(ctx, demand)), "")


def _to_raise(ctx: Context, demand: Demand) -> Sequence[str]:
    return children.to_raise(ctx, [demand.id]).get(demand.id, ())


def reviews_left(ctx: Context, demand: Demand) -> list[Awaited]:
    """For whose reviews attestations wait, the lead first."""
    if not demand.files_attested:
        return []
    return [
        Awaited(each.organisation, each.files, local_day(ctx.settings, each.since))
        for each in concurrence.waiting_in(ctx, [demand.id]).get(demand.id, [])
    ]


def late_by(seat: Seat, day: date) -> int:
    """Working days since the due date, at least one where the demand is overdue, else 0."""
    demand = seat.demand
    due_on = demand.next_due_on
    if due_on is None or not demand_states.is_overdue(demand.state, due_on, day):
        return 0
    return max(1, working_days_between(due_on, day, days_off(demand.calendar)))


def key_to_confirm(ctx: Context, seat: Seat) -> str | None:
    """The officer's current key, where no controller's signatory has confirmed it."""
    officer = seat.demand.officer
    if officer is None or not acts_as(officer, "officer"):
        return None
    key = keys.current_key(ctx, officer, "officer")
    if key is None or key.keyid in demand_keys.confirmed_keyids(ctx, seat.demand):
        return None
    return key.keyid


def _key_revoked(ctx: Context, officer: Person | None) -> bool:
    """Has the officer's newest key been revoked?"""
    if officer is None:
        return False
    made = [key for key in keys.keys_of(ctx, officer) if key.duty == "officer"]
    return bool(made) and not any(
        key.revoked_at is None and key.replaced_at is None for key in made
    )


def file_states(ctx: Context, seat: Seat) -> dict[str, int]:
    """How many files are in each state; states without files are left out."""
    found = ctx.session.execute(
        select(NamedFile.state, func.count())
        .where(NamedFile.demand_id == seat.demand.id)
        .group_by(NamedFile.state)
    ).all()
    return {row[0]: row[1] for row in found}
