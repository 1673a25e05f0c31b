"""A demand's year, made up at random, and a naive telling of which letters it has to bring.

The telling shares nothing with the code but the numbers of the usual ladder: it goes through the
year day by day, counts working days on its fingers, and looks at each moment at which anything
happened while the reader was at work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

CALENDARS = ("GB-ENG", "GB-SCT", "GB-NIR", "DE")
ZONES = (
    *("Europe/London", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"),
    *("Pacific/Auckland", "Pacific/Chatham", "Australia/Lord_Howe", "America/Los_Angeles"),
)
PAGES = "Europe/London"  # where the installation's pages tell the day
DAY = timedelta(days=1)
YEAR = 365


@dataclass(frozen=True)
class Demand:
    """How a demand stands at a moment."""

    due_on: date
    heard_at: datetime  # when the contractor last heard that day
    acknowledged_at: datetime | None = None
    settled: bool = False
    paused_until: date | None = None


@dataclass(frozen=True)
class Year:
    """What happens to one demand, and where its readers work."""

    calendar: str
    zones: tuple[str, str, str]  # of the liaison, the contractor's contact, the signatory
    issued_at: datetime
    due_on: date
    acknowledged_at: datetime | None
    settled_at: datetime | None
    granted: tuple[datetime, date] | None
    paused: tuple[datetime, date] | None
    down: tuple[datetime, datetime] | None
    days: int = YEAR  # for how many it is told

    @property
    def ends_at(self) -> datetime:
        return self.issued_at + self.days * DAY

    def at(self, moment: datetime) -> Demand:
        found = Demand(self.due_on, self.issued_at)
        if self.acknowledged_at is not None and self.acknowledged_at <= moment:
            found = replace(found, acknowledged_at=self.acknowledged_at)
        if self.granted is not None and self.granted[0] <= moment:
            found = replace(found, due_on=self.granted[1], heard_at=self.granted[0])
        if self.paused is not None and self.paused[0] <= moment:
            found = replace(found, paused_until=self.paused[1])
        return replace(found, settled=self.settled_at is not None and self.settled_at <= moment)

    def is_up(self, moment: datetime) -> bool:
        return self.down is None or not self.down[0] <= moment < self.down[1]

    @property
    def moments(self) -> list[datetime]:
        """When something happens that the next tick sees."""
        happened = [
            self.issued_at,
            self.acknowledged_at,
            self.settled_at,
            self.granted and self.granted[0],
            self.paused and self.paused[0],
            self.down and self.down[1],
        ]
        return sorted(each for each in happened if each is not None)


@st.composite
def years(draw: Any) -> Year:
    minutes = st.integers(0, 90 * 24 * 60).map(lambda number: timedelta(minutes=number))
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    issued_at = begin + timedelta(minutes=draw(st.integers(0, YEAR * 24 * 60)))

    def later() -> datetime | None:
        ahead: timedelta | None = draw(st.none() | minutes)
        return None if ahead is None else issued_at + ahead

    def span(longest: int) -> Any:
        start = later()
        return start and (start, start + timedelta(hours=draw(st.integers(1, longest))))

    def granted() -> tuple[datetime, date] | None:
        at = later()
        if at is None:
            return None
        return at, max(due_on, at.date()) + timedelta(days=draw(st.integers(1, 40)))

    def zone() -> str:
        return str(draw(st.sampled_from(ZONES)))

    due_on = issued_at.date() + timedelta(days=draw(st.integers(1, 60)))
    paused = span(40 * 24)
    return Year(
        calendar=draw(st.sampled_from(CALENDARS)),
        zones=(zone(), zone(), zone()),
        issued_at=issued_at,
        due_on=due_on,
        acknowledged_at=later(),
        settled_at=later(),
        granted=granted(),
        paused=paused and (paused[0], paused[1].date()),
        down=span(30 * 24),
    )


# --- The naive telling ---------------------------------------------------------------------------

# From which working day on, which letter: of the liaison, the contractor's contact, the signatory.
AFTER_ISSUE = ((1, 2), (), ())
BY_DUE_DAY = ((-5, -2, 0, 1, 3), (3,), (5,))
COMES_AGAIN = 2


def pages_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(PAGES)).date()


def told_day(moment: datetime, due_on: date, zone: ZoneInfo) -> date:
    """The reader's day; the due day for as long as the pages say so."""
    day = moment.astimezone(zone).date()
    return min(day, due_on) if pages_day(moment) <= due_on else day


def is_work(day: date, free: Any) -> bool:
    return day.weekday() not in (5, 6) and day not in free


def count_on(start: date, number: int, free: Any) -> date:
    day = start
    for _ in range(abs(number)):
        day += DAY if number > 0 else -DAY
        while not is_work(day, free):
            day += DAY if number > 0 else -DAY
    return day


def name(offset: int) -> str:
    return "on_day" if offset == 0 else f"{'after' if offset > 0 else 'before'}_{abs(offset)}"


def expected(year: Year, reader: int) -> list[tuple[datetime, str]]:
    """Which letters the reader gets, and when the tick writes them."""
    zone = ZoneInfo(year.zones[reader])
    country, _, part = year.calendar.partition("-")
    free = {*holidays.country_holidays(country, subdiv=part or None, years=range(2023, 2029))}
    asked = {
        count_on(year.issued_at.astimezone(zone).date(), offset, free): f"issued_{offset}"
        for offset in AFTER_ISSUE[reader]
    }
    ladders: dict[date, dict[date, str]] = {}
    letters: list[tuple[datetime, str]] = []
    had: set[tuple[date, str]] = set()
    last = date.min  # the rung's day of the last letter: older rungs are in it
    # When letters were written, and of which ladder each was (date.min: since issue).
    written: list[tuple[datetime, date]] = []
    day = year.issued_at.astimezone(zone).date() - DAY
    while (day := day + DAY) <= year.ends_at.astimezone(zone).date():
        if not is_work(day, free):
            continue
        opens = datetime.combine(day, time(9), tzinfo=zone).astimezone(UTC)
        closes = datetime.combine(day, time(17), tzinfo=zone).astimezone(UTC)
        # The moments at which a due day is over on the pages are moments too.
        midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(PAGES)).astimezone(UTC)
        seen = [*year.moments, midnight, midnight + DAY]
        for now in sorted({opens, *(each for each in seen if opens <= each < closes)}):
            if not year.issued_at <= now < year.ends_at or not year.is_up(now):
                continue
            demand = year.at(now)
            if demand.settled or (demand.paused_until or date.min) > day:
                continue
            rungs = ladders.setdefault(demand.due_on, by_due_day(demand.due_on, reader, free))
            on_pages = pages_day(now)
            heard = min(demand.heard_at.astimezone(zone).date(), demand.due_on)
            open_to = [
                (on, 1, demand.due_on, what)
                for on, what in rungs.items()
                if heard < on <= day and (on <= demand.due_on or on_pages > demand.due_on)
            ]
            if demand.acknowledged_at is None:
                open_to += [(on, 0, date.min, what) for on, what in asked.items() if on <= day]
            if not open_to:
                continue
            on, _, of, what = max(open_to)
            # Whoever was told on that day is not asked once more by an older rung.
            if any(
                on <= told_day(at, of, zone)
                for at, its in written
                if of == its or date.min in (of, its)
            ):
                continue
            if on >= last and (of, what) not in had:
                had.add((of, what))
                last = on
                letters.append((now, what))
                written.append((now, of))
    return letters


def by_due_day(due_on: date, reader: int, free: Any) -> dict[date, str]:
    """Each rung by its day; of two on one day the later one."""
    offsets = BY_DUE_DAY[reader]
    found = {count_on(due_on, offset, free): name(offset) for offset in offsets if offset <= 0}
    day, worked = due_on, 0
    while day < due_on + (YEAR + 90) * DAY:
        day += DAY
        if not is_work(day, free):
            continue
        worked += 1
        if worked in offsets or (worked > offsets[-1] and not (worked - offsets[-1]) % COMES_AGAIN):
            found[day] = name(worked)
    return found
