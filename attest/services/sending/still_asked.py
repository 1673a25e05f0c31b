"""Whether a letter that chases still has something to ask when its turn comes, and when that is.

Hours or days may lie between the tick that wrote it and the mail server that takes it. Nobody gets
a reminder of what is settled, of a day that was moved, once they left or somebody else has their
duty, while the controller holds letters back, or at night. A query or two a letter.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from attest.database import outbox
from attest.database.tables import ChasePause, Demand, Extension, Letter, NamedFile
from attest.domain import demand_states, extensions, ladder
from attest.domain.calendar import NO_HOLIDAYS
from attest.domain.working_hours import local_day, next_inside
from attest.mail import digest_letters
from attest.services.acts import chase_now
from attest.services.chasing import together, undecided_changes
from attest.services.context import Context
from attest.services.facts import concurrence, deadlines
from attest.services.facts.calendars import days_off, today
from attest.services.letters import held
from attest.services.sending.still_reader import has_left, no_reader

_ISSUE = "issued_"
_DECIDE = f"{ladder.DECIDE}_"
_REVIEW = f"{ladder.WAITS}_"
_CHANGE = f"{ladder.UNDECIDED}_"
_DUE = ("before_", "on_day", "after_")
# What a letter that says the same or more may have become: it makes the earlier one needless.
_WRITTEN = (outbox.QUEUED, outbox.DEFERRED, outbox.SENDING, outbox.SENT)
_LATER = "a later letter says the same to this reader"


@dataclass(frozen=True)
class Needless:
    """Why a letter is not sent. `comes_again`: the ladder may write it once more, later."""

    why: str
    comes_again: bool = False


def needless(ctx: Context, letter: Letter) -> Needless | None:
    """Why this letter is not sent any more; None where it is."""
    if letter.kind == chase_now.KIND and letter.demand_id is not None:
        return _at_once(ctx, letter)
    if letter.rung is None or letter.demand_id is None:
        # What carries others goes as long as they do.
        if letter.kind != together.KIND and has_left(ctx, letter):
            return Needless("its reader's access has ended")
        return None
    # A pause ends on its reader's morning, as in the ladder (courses.py).
    zone = letter.time_zone
    day = today(ctx.settings, ctx.now) if zone is None else local_day(ctx.now, zone)
    later = aliased(Letter)
    pause = exists().where(
        ChasePause.demand_id == Demand.id,
        ChasePause.ended_at.is_(None),
        ChasePause.until_on > day,
    )
    asked = exists().where(
        NamedFile.demand_id == Demand.id,
        NamedFile.state.in_(("open", "rejected")),
        deadlines.file_due == letter.due_on,
    )
    overtaken = exists().where(
        later.demand_id == Demand.id,
        _same_ladder(later, letter),
        later.to_email == letter.to_email,
        later.rung.is_not(None),
        later.state.in_(_WRITTEN),
        later.queued_at > letter.queued_at,
    )
    undecided = exists().where(
        Extension.demand_id == Demand.id, Extension.state == extensions.REQUESTED
    )
    row = ctx.session.execute(
        select(
            Demand.state,
            Demand.disputed_at,
            Demand.files_attested,
            pause,
            asked,
            overtaken,
            undecided,
            no_reader(letter),
        ).where(Demand.id == letter.demand_id)
    ).one()
    state, disputed_at, attested, paused, open_then, has_later, undecided_yet, gone = row
    if state not in demand_states.LIVE:
        return Needless("the demand has ended")
    if gone:
        return Needless("its reader is no reader of this demand any more", comes_again=True)
    if letter.rung.startswith(_DECIDE) and not undecided_yet:
        return Needless("the request for more time was decided, or withdrawn, meanwhile")
    if letter.rung.startswith(_REVIEW) and not attested:
        return Needless("nothing waits for a review any more")
    if letter.rung.startswith(_REVIEW) and not _waits_for_review(ctx, letter):
        return Needless("this controller has reviewed all that waited for it")
    if letter.rung.startswith(_CHANGE):
        since = undecided_changes.waits_since(ctx, letter.demand_id)
        if since is None or since > letter.queued_at:
            return Needless("what the contractor asked for was decided, or withdrawn, meanwhile")
    issue, due = letter.rung.startswith(_ISSUE), letter.rung.startswith(_DUE)
    if not (issue or due):
        return Needless(_LATER) if has_later else None
    if issue and state != demand_states.ISSUED:
        return Needless("the demand was acknowledged, or answered, meanwhile")
    if due and not open_then:
        return Needless("nothing is open any more that is due on the day that it speaks of")
    if disputed_at is not None:
        return Needless("the contractor says that the demand is not for it", comes_again=True)
    if paused:
        return Needless("the chasing was paused meanwhile", comes_again=True)
    if has_later:
        return Needless(_LATER)
    return None


def _at_once(ctx: Context, letter: Letter) -> Needless | None:
    """A person decided to write: at any hour, and while letters that chase are held back."""
    row = ctx.session.execute(
        select(Demand.state, Demand.files_open, no_reader(letter)).where(
            Demand.id == letter.demand_id
        )
    ).one()
    state, files_open, gone = row
    if not chase_now.is_open(state, files_open):
        return Needless("nothing is open with the contractor any more")
    if gone:
        return Needless("its reader is no reader of this demand any more")
    return None


def _same_ladder(later: type[Letter], letter: Letter) -> ColumnElement[bool]:
    """Whether another letter is of the ladder of this one, which speaks of one day or question."""
    if letter.due_on is not None:
        return later.due_on == letter.due_on
    # A controller's: its key ends with the turn and the reader (courses.py).
    return later.key.startswith(f"{letter.key.rsplit(':', 2)[0]}:", autoescape=True)


def _waits_for_review(ctx: Context, letter: Letter) -> bool:
    """Whether this letter's controller still has to review what waited when it was written."""
    if letter.organisation_id is None or letter.demand_id is None:
        return True  # it is not known whose it is
    return any(
        each.organisation_id == letter.organisation_id and each.since <= letter.queued_at
        for each in concurrence.waiting_in(ctx, [letter.demand_id]).get(letter.demand_id, [])
    )


def next_turn(ctx: Context, message: Sequence[Letter], moment: datetime) -> datetime:
    """When the letters of one message may go, not before `moment`.

    Those that chase go while their reader works, on working days of every demand that they are
    about; a daily digest on those on which one is written; all others at any time.
    """
    zone = message[0].time_zone
    if zone is None:
        return moment
    off = _days_off(ctx, message)
    before = None
    while moment != before:
        before = moment
        for holidays in off:
            moment = next_inside(moment, zone, ctx.settings.working_hours, holidays)
    return moment


def _days_off(ctx: Context, message: Sequence[Letter]) -> list[Container[date]]:
    """The days off of those who are written to: none of them may be one."""
    first = message[0]
    if first.kind == digest_letters.KIND and first.organisation_id is not None:
        return list(held.days_off(ctx, [first.organisation_id]).values())
    ids = {letter.demand_id for letter in message if letter.demand_id}
    calendars = sorted(
        set(ctx.session.scalars(select(Demand.calendar).where(Demand.id.in_(sorted(ids)))))
    )
    return [days_off(calendar) for calendar in calendars] or [NO_HOLIDAYS]
