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
from attest.domain.file_states import TO_ANSWER
from attest.domain.working_hours import local_day, next_inside
from attest.mail import digest_letters
from attest.services.acts import chase_now
from attest.services.chasing import together, undecided_changes
from attest.services.chasing.courses import prefix_of
from attest.services.context import Context
from attest.services.facts import concurrence, deadlines
from attest.services.facts.calendars import days_off, today
from attest.services.letters import held
from attest.services.sending.still_reader import has_left, no_reader

# What a letter that says the same or more may have become: it makes the earlier one needless.
_WRITTEN = (*outbox.NOT_GONE, outbox.SENT)
_LATER = "a later letter says the same to this reader"
# Made once: each new alias is read anew, column by column, which was a third of the question.
_later = aliased(Letter)


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
    now = _stands(ctx, letter)
    if now.state not in demand_states.LIVE:
        return Needless("the demand has ended")
    if now.gone:
        return Needless("its reader is no reader of this demand any more", comes_again=True)
    anchor = ladder.anchor_of(letter.rung)
    if anchor in ladder.ANCHORS:
        why = _of_the_contractor(now, anchor)
    else:
        why = _of_a_controller(ctx, letter, now, anchor)
    return Needless(_LATER) if why is None and now.has_later else why


@dataclass(frozen=True)
class _Stands:
    """How a letter's demand stands when its turn comes."""

    state: str
    disputed: bool  # "not us", and the controller has not decided
    attested: int  # files that wait for a review
    paused: bool
    is_open: bool  # a file that is due on the day of which the letter speaks
    has_later: bool  # another letter of this ladder to this reader, which was written after it
    undecided: bool  # a request for more time
    gone: bool  # its reader


def _stands(ctx: Context, letter: Letter) -> _Stands:
    # A pause ends on its reader's morning, as in the ladder (courses.py).
    zone = letter.time_zone
    day = today(ctx.settings, ctx.now) if zone is None else local_day(ctx.now, zone)
    paused = exists().where(
        ChasePause.demand_id == Demand.id,
        ChasePause.ended_at.is_(None),
        ChasePause.until_on > day,
    )
    is_open = exists().where(
        NamedFile.demand_id == Demand.id,
        NamedFile.state.in_(TO_ANSWER),
        deadlines.file_due == letter.due_on,
    )
    has_later = exists().where(
        _later.demand_id == Demand.id,
        _same_ladder(_later, letter),
        _later.to_email == letter.to_email,
        _later.rung.is_not(None),
        _later.state.in_(_WRITTEN),
        _later.queued_at > letter.queued_at,
    )
    undecided = exists().where(
        Extension.demand_id == Demand.id, Extension.state == extensions.REQUESTED
    )
    row = ctx.session.execute(
        select(
            Demand.state,
            Demand.disputed_at.is_not(None),
            Demand.files_attested,
            paused,
            is_open,
            has_later,
            undecided,
            no_reader(letter),
        ).where(Demand.id == letter.demand_id)
    ).one()
    return _Stands(*row)


def _of_the_contractor(now: _Stands, anchor: str) -> Needless | None:
    """Of a rung that is counted from the issue, or from a due day."""
    if anchor == ladder.ISSUE and now.state != demand_states.ISSUED:
        return Needless("the demand was acknowledged, or answered, meanwhile")
    if anchor == ladder.DUE and not now.is_open:
        return Needless("nothing is open any more that is due on the day that it speaks of")
    if now.disputed:
        return Needless("the contractor says that the demand is not for it", comes_again=True)
    if now.paused:
        return Needless("the chasing was paused meanwhile", comes_again=True)
    return None


def _of_a_controller(ctx: Context, letter: Letter, now: _Stands, anchor: str) -> Needless | None:
    """Of a rung that asks a controller for something. A pause holds none of these back."""
    if anchor == ladder.DECIDE and not now.undecided:
        return Needless("the request for more time was decided, or withdrawn, meanwhile")
    if anchor == ladder.WAITS:
        if not now.attested:
            return Needless("nothing waits for a review any more")
        if not _waits_for_review(ctx, letter):
            return Needless("this controller has reviewed all that waited for it")
    if anchor == ladder.UNDECIDED and letter.demand_id is not None:
        since = undecided_changes.waits_since(ctx, letter.demand_id)
        if since is None or since > letter.queued_at:
            return Needless("what the contractor asked for was decided, or withdrawn, meanwhile")
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
    # A controller's: its rows name no day.
    return later.key.startswith(f"{prefix_of(letter.key)}:", autoescape=True)


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
        return list(held.off_in_all(ctx, [first.organisation_id]).values())
    ids = {letter.demand_id for letter in message if letter.demand_id}
    calendars = sorted(
        set(ctx.session.scalars(select(Demand.calendar).where(Demand.id.in_(sorted(ids)))))
    )
    return [days_off(calendar) for calendar in calendars] or [NO_HOLIDAYS]
