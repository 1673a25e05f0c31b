"""One reader's way up one ladder: which letter is due now, and when something can be due next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from attest.database.tables import Demand
from attest.domain import ladder, working_hours
from attest.domain.ladder import Rung, Turn
from attest.domain.working_hours import Hours, local_day, told_day
from attest.mail.about import About
from attest.mail.letter import Letter
from attest.services.facts.calendars import holidays_of
from attest.services.facts.readers import Reader

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """The rungs at which one reader is written to, all counted from one day.

    Days are those of the reader's own time zone.
    """

    demand: Demand
    reader: Reader
    rungs: tuple[Rung, ...]
    anchor_day: date  # from which the rungs are counted: the issue's day, a due day, a question's
    prefix: str  # how the keys of its letters begin
    # On this day the reader heard of the anchor day itself: turns up to it are passed over.
    since: date | None = None
    # The due day that the letters' rows name; None where letters speak of none.
    due_on: date | None = None
    # The day on which the demand was acknowledged, of the ladder that asks for it: no turn follows.
    last_day: date | None = None
    # The chasing is paused: nothing goes out before this day.
    resumes_on: date | None = None
    # Writes the letter, where it is not one of the contractor's ladder.
    words: Callable[[About], Letter] | None = None
    # Where the anchor is a due day: the time zone in which pages tell the day (its IANA name).
    # Until the due day is over there, nobody is told that it has passed.
    pages: str | None = None

    @property
    def is_issue(self) -> bool:
        """Whether it asks to acknowledge."""
        return self.rungs[0].anchor == ladder.ISSUE

    def today(self, now: datetime) -> date:
        """The reader's day; but the due day for as long as it is that day on the pages."""
        return told_day(now, self.reader.time_zone, self.pages, self.anchor_day)

    def opens(self, day: date, hours: Hours) -> datetime:
        """When a letter of that day can go: inside the reader's hours. UTC."""
        zone, calendar = self.reader.time_zone, self.demand.calendar
        moment = opening(day, zone, hours, calendar)
        if self.pages is None or day <= self.anchor_day:
            return moment
        over = working_hours.midnight(self.anchor_day + _ONE_DAY, self.pages)
        if moment >= over:
            return moment
        return working_hours.next_inside(over, zone, hours, holidays_of(calendar))

    def paused(self, now: datetime) -> bool:
        """Whether nothing goes out today."""
        if self.resumes_on is None:
            return False
        return local_day(now, self.reader.time_zone) < self.resumes_on

    def reached(self, now: datetime) -> set[Turn]:
        """The latest turn by now, whether it has had its letter or not; empty before the first.

        The ladder that asks to acknowledge writes nothing once somebody has. But its last letter
        stands for the rungs of a due day that were reached before it (`without_letter`). So it
        gives each rung's last turn by the day of the acknowledgement, and by the day before: the
        one of the day itself may have come too late to be written.
        """
        if self.last_day is None:
            return self._latest(self.rungs, self.today(now))
        return {
            turn
            for rung in self.rungs
            for day in (self.last_day, self.last_day - _ONE_DAY)
            for turn in self._latest((rung,), day)
        }

    def _latest(self, rungs: tuple[Rung, ...], day: date) -> set[Turn]:
        turn = _latest(rungs, self.anchor_day, day, self.demand.calendar, self.since)
        return set() if turn is None else {turn}

    def following(self, now: datetime) -> Turn | None:
        """The first turn of a later day."""
        if self.last_day is not None:
            return None
        return _following(
            self.rungs, self.anchor_day, self.today(now), self.demand.calendar, self.since
        )


@dataclass(frozen=True)
class Reached:
    """A turn that a course has reached."""

    course: Course
    turn: Turn

    @property
    def key(self) -> str:
        """The key of its letter: whether it was written is asked by it."""
        return key_of(self.course, self.turn.name)

    @property
    def kind(self) -> str:
        """Which letter it is."""
        if self.course.words is not None:
            return self.turn.rung.letter
        return ladder.letter_for(self.turn.rung, self.course.reader.duty)


def key_of(course: Course, turn_name: str) -> str:
    """The key of the letter that tells the course's reader of a turn. Neither the turn's name nor
    the reader's part has a colon."""
    return f"{course.prefix}:{turn_name}:{course.reader.key}"


def prefix_of(key: str) -> str:
    """The course's prefix in the key of one of its letters: all that share it are of one ladder."""
    return key.rsplit(":", 2)[0]


def all_reached(courses: Iterable[Course], now: datetime) -> list[Reached]:
    """What each course has reached by now, but for those that are paused."""
    return [
        Reached(course, turn)
        for course in courses
        if not course.paused(now)
        for turn in course.reached(now)
    ]


def without_letter(reached: Sequence[Reached], written: Collection[str]) -> list[Reached]:
    """Those of them whose letter is still to be written, `written` being the keys that exist.

    For each reader of a demand only the latest day counts, whatever it is counted from: a letter
    that asks to acknowledge stands for the rungs of a due day that were reached before it, and the
    other way round. Rungs of several due days go out beside each other.
    """
    of_reader: defaultdict[tuple[str, str], list[Reached]] = defaultdict(list)
    for each in reached:
        of_reader[each.course.demand.id, each.course.reader.key].append(each)
    return [
        each
        for group in of_reader.values()
        for each in _latest_of(group, written)
        if each.key not in written
    ]


def _latest_of(group: Sequence[Reached], written: Collection[str]) -> Sequence[Reached]:
    """What counts of all that one reader has reached in one demand: the turns of due days, where
    one of them is as late as the one that asks to acknowledge; else that one alone."""
    rest = [each for each in group if not each.course.is_issue]
    asks = [
        each
        for each in group
        # Once acknowledged, only a letter that was written can stand for others.
        if each.course.is_issue and (each.course.last_day is None or each.key in written)
    ]
    issue = max(asks, key=lambda each: each.turn.day, default=None)
    if issue is None or any(each.turn.day >= issue.turn.day for each in rest):
        return rest
    return [issue] if issue.course.last_day is None else []


def next_moment(
    courses: Iterable[Course], waiting: Iterable[Reached], now: datetime, hours: Hours
) -> datetime | None:
    """When a letter can be due next: the first opening of a reader's hours at which one is.

    `waiting` are those that are due, and whose readers are not at work.
    """
    moments = [
        working_hours.next_inside(
            now, each.course.reader.time_zone, hours, holidays_of(each.course.demand.calendar)
        )
        for each in waiting
    ]
    for course in courses:
        if course.resumes_on is not None and course.paused(now):
            zone, calendar = course.reader.time_zone, course.demand.calendar
            moments.append(opening(course.resumes_on, zone, hours, calendar))
        elif (turn := course.following(now)) is not None:
            moments.append(course.opens(turn.day, hours))
    return min(moments, default=None)


def is_at_work(reader: Reader, calendar: str, now: datetime, hours: Hours) -> bool:
    """Whether letters that chase may go to this reader now."""
    return working_hours.is_inside(now, reader.time_zone, hours, holidays_of(calendar))


# Many demands share their days, so each question is answered once.


@lru_cache(maxsize=8192)
def _latest(
    rungs: tuple[Rung, ...], anchor: date, today: date, calendar: str, since: date | None
) -> Turn | None:
    return ladder.latest(rungs, anchor, today, holidays_of(calendar), since=since)


@lru_cache(maxsize=8192)
def _following(
    rungs: tuple[Rung, ...], anchor: date, today: date, calendar: str, since: date | None
) -> Turn | None:
    return ladder.following(rungs, anchor, today, holidays_of(calendar), since=since)


@lru_cache(maxsize=8192)
def opening(day: date, zone: str, hours: Hours, calendar: str) -> datetime:
    """When work begins on that day, or on the first working day after it. UTC."""
    return working_hours.opening(day, zone, hours, holidays_of(calendar))
