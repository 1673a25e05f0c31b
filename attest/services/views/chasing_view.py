"""How a demand is chased, as its controllers see it: what will go out, what holds it back.

"These letters will go out on these days if nothing happens." A joint controller sees those to the
contractor's people and to its own, as in the list of letters.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from attest.database.tables import ChasePause, Demand, Letter
from attest.domain import demand_states, ladder, ladder_rules, working_hours
from attest.domain.calendar import is_working_day
from attest.domain.letter_words import rung_words
from attest.domain.refusal import NotFound
from attest.services.access import Seat
from attest.services.acts import pausing
from attest.services.chasing import ladder_letters
from attest.services.chasing.contractor_ladder import is_chased
from attest.services.chasing.courses import Course, Reached
from attest.services.chasing.forecast import Coming, coming
from attest.services.context import Context
from attest.services.facts import reader_clock
from attest.services.facts.calendars import holidays_of, is_known, why_unknown
from attest.services.facts.readers import contractor_of
from attest.services.letters import letter_list
from attest.services.letters.letter_list import Choice, Failing
from attest.services.views import chasing_drafts

# Letters that went out last, as many as a glance takes in.
LAST = 5
# Of ladder_rules.OTHERS: nobody need be late yet.
UNREACHED = "unreached"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class To:
    """Somebody who will be written to. `local` is the moment on their own clock."""

    name: str
    email: str
    duty: str
    at: datetime
    local: datetime
    elsewhere: str | None  # their time zone, where it is not the instance's
    coming: Coming

    @property
    def key(self) -> str:
        """Tells the reader apart, without an address."""
        return self.coming.reached.course.reader.key


@dataclass(frozen=True)
class Going:
    """One letter on one day, to whoever gets it then. `day` is the readers' own."""

    day: date
    letter: str  # its kind, or UNREACHED
    turn: str  # the name of its rung
    due_on: date | None
    when: str  # "3 working days after the due day"
    to: tuple[To, ...]
    moved: tuple[str, ...] = ()  # holidays that it comes later or earlier for, in sentences
    again: str | None = None  # "then every 2 working days"


@dataclass(frozen=True)
class Plan:
    """What will go out; `why_not` says in a sentence why nothing does."""

    going: tuple[Going, ...]
    why_not: str | None
    pause: ChasePause | None
    failing: Sequence[Failing]
    last: Sequence[Letter]
    unknown: str | None = None  # why its calendar tells no days


def plan(ctx: Context, seat: Seat) -> Plan:
    """The whole of it, for a controller's seat."""
    demand = seat.demand
    draft = demand.state == demand_states.DRAFT
    unknown = None if demand.state in demand_states.ENDED else why_unknown(demand.calendar)
    return Plan(
        unknown=unknown,
        going=_gathered(ctx, seat),
        why_not=why_not(demand),
        pause=None if draft else pausing.standing_pause(ctx, demand),
        failing=letter_list.failing(ctx, seat),
        last=[]
        if draft
        else letter_list.letters(ctx, seat, Choice(kind=letter_list.CHASING)).items[:LAST],
    )


def find(ctx: Context, seat: Seat, turn: str, due_on: str, key: str) -> To:
    """The letter of a rung to a reader, where the plan has it. Raises NotFound."""
    for each in _gathered(ctx, seat):
        if each.turn == turn and str(each.due_on or "") == due_on:
            for to in each.to:
                if to.key == key:
                    return to
    raise NotFound


def why_not(demand: Demand) -> str | None:
    """Why nobody is chased; None where somebody is, or will be once a draft is issued."""
    if demand.state == demand_states.DRAFT:
        return None if demand.due_on else "There is no due date yet. Set one in the terms."
    if demand.state in demand_states.ENDED:
        return "This demand has ended: nobody is chased any more."
    if demand.disputed_at is not None and demand.state == demand_states.ISSUED:
        return "The contractor says that it is not theirs. Nobody is chased until you decide."
    if not is_chased(demand):
        return "Nothing is open with the contractor: nobody is chased."
    return None


def _theirs(seat: Seat) -> set[str | None]:
    return {seat.person.organisation_id, contractor_of(seat.demand)}


def _gathered(ctx: Context, seat: Seat) -> tuple[Going, ...]:
    demand = seat.demand
    if not is_known(demand.calendar):
        return ()
    if demand.state == demand_states.DRAFT:
        found = chasing_drafts.coming(ctx, demand)
    elif demand.state in demand_states.LIVE:
        found = coming(ctx, demand)
    else:
        return ()
    found = [each for each in found if _may_see(seat, each.reached.course)]
    lines: dict[tuple[object, ...], list[Coming]] = {}
    for each in found:
        course = each.reached.course
        day = working_hours.local_day(each.at, course.reader.time_zone)
        lines.setdefault(
            (day, _letter(each.reached), each.reached.turn.name, course.due_on, each.again), []
        ).append(each)
    going = [_going(ctx, group) for group in lines.values()]
    return _with_holidays(demand, sorted(going, key=lambda one: (one.day, one.to[0].at)))


def _may_see(seat: Seat, course: Course) -> bool:
    """What a controller's own people are reminded of, no other controller reads: nor the lead."""
    if seat.lead and course.words is None:
        return True
    return course.reader.organisation_id in _theirs(seat)


def _going(ctx: Context, group: Sequence[Coming]) -> Going:
    first = group[0]
    turn = first.reached.turn
    zone = ctx.settings.time_zone
    return Going(
        day=working_hours.local_day(first.at, first.reached.course.reader.time_zone),
        letter=_letter(first.reached),
        turn=turn.name,
        due_on=None if turn.rung.anchor == ladder.ISSUE else first.reached.course.due_on,
        when=_when(first.reached),
        to=tuple(_to(each, zone) for each in group),
        again=ladder_rules.every_words(first.again) if first.again else None,
    )


def _letter(reached: Reached) -> str:
    unreached = reached.course.words is None and ladder_letters.stands_in(reached)
    return UNREACHED if unreached else reached.kind


def _when(reached: Reached) -> str:
    turn = reached.turn
    if turn.rung.anchor not in ladder.ANCHORS:
        return rung_words(turn.name)
    return ladder_rules.when_words(replace(turn.rung, offset=turn.offset, every=None))


def _to(each: Coming, zone: str) -> To:
    reader = each.reached.course.reader
    local = reader_clock.local(each.at, reader.time_zone)
    same = local.utcoffset() == reader_clock.local(each.at, zone).utcoffset()
    return To(
        reader.name,
        reader.email,
        reader.duty,
        each.at,
        local,
        None if same else reader.time_zone,
        each,
    )


def _with_holidays(demand: Demand, going: Sequence[Going]) -> tuple[Going, ...]:
    """Each holiday is named once, at the first letter whose day it moves."""
    holidays = holidays_of(demand.calendar)
    named: set[date] = set()
    found = []
    for each in going:
        moving = [day for day in _moving(each, holidays) if day not in named]
        named.update(moving)
        words = tuple(f"{reader_clock.why_no_work(day, demand.calendar)}." for day in moving)
        found.append(replace(each, moved=words))
    return tuple(found)


def _moving(each: Going, holidays: Container[date]) -> list[date]:
    """The days off that lie between the day that is counted from and the letter's.

    A weekend is counted over without a word; one is named only where the very day falls on it.
    """
    reached = each.to[0].coming.reached
    anchor, turn = reached.course.anchor_day, reached.turn.day
    first, last = min(anchor, turn, each.day), max(anchor, turn, each.day)
    between = [first + _ONE_DAY * n for n in range((last - first).days + 1)]
    return [
        day
        for day in between
        if not is_working_day(day, holidays)
        and (is_working_day(day) or (day == turn and turn != each.day))
    ]
