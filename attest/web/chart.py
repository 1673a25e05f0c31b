"""The geometry of a burn-down: what templates/components/burn_down.html draws, and nothing else.

Two sizes of one figure: text in an SVG shrinks with it, so that a telephone gets a narrow one.
A day is a slot from its own line to the next one's; its figures are those of its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from attest.domain.burn_down import BurnDown, Day
from attest.domain.wording import cell_day, count, number, short_day

_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 22, 30
_MANY_DAYS = 300  # beyond these an axis tells months


@dataclass(frozen=True)
class Mark:
    """A line across the figure, where it lies and what it says; `anchor` as in SVG."""

    at: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Area:
    """One of the three stacked areas. `name`: settled, excepted or open."""

    name: str
    path: str


@dataclass(frozen=True)
class Chart:
    """A figure `width` by `height` units, its plot between `left`, `right`, `top`, `bottom`."""

    size: str  # wide | narrow
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    areas: Sequence[Area]
    outline: str
    days: Sequence[Mark]
    counts: Sequence[Mark]
    due: Mark | None
    description: str


def charts(found: BurnDown, due_on: date | None) -> list[Chart]:
    """The figure in both sizes; nothing where there is no copy yet."""
    if not found.days or not max(day.copies for day in found.days):
        return []
    return [
        _chart("wide", 760, 290, found, due_on, ticks=7),
        _chart("narrow", 340, 230, found, due_on, ticks=3),
    ]


def _chart(
    size: str, width: int, height: int, found: BurnDown, due_on: date | None, *, ticks: int
) -> Chart:
    first, last = found.days[0].on, found.days[-1].on
    shown = due_on if due_on is not None and due_on >= first else None
    end = max(last, shown or last) + timedelta(days=1)
    most = max(day.copies for day in found.days)
    left, right, top, bottom = _LEFT, width - _RIGHT, _TOP, height - _BOTTOM

    def x(day: date) -> float:
        return round(left + (right - left) * (day - first).days / (end - first).days, 2)

    def y(copies: int) -> float:
        return round(bottom - (bottom - top) * copies / most, 2)

    due = None
    if shown is not None:
        place = x(shown + timedelta(days=1))
        anchor = "end" if place > (left + right) / 2 else "start"
        due = Mark(place, f"due {short_day(shown)}", anchor)
    opened = [day.open for day in found.days]
    excepted = [day.open + day.excepted for day in found.days]
    return Chart(
        size,
        width,
        height,
        left,
        right,
        top,
        bottom,
        [
            Area("open", _between(found.days, [0] * len(opened), opened, x, y)),
            Area("excepted", _between(found.days, opened, excepted, x, y)),
            Area("settled", _between(found.days, excepted, [d.copies for d in found.days], x, y)),
        ],
        _path(_steps(found.days, opened, x, y)),
        _days(first, end, ticks, x),
        [Mark(y(copies), number(copies)) for copies in _counts(most)],
        due,
        describe(found),
    )


def describe(found: BurnDown) -> str:
    """The figure in words, for who does not see it."""
    last, first = found.days[-1], found.days[0]
    words = (
        f"From {short_day(first.on)} to {short_day(last.on)}. {count(first.open, 'copy')} open at "
        f"first; at the end {number(last.open)} open, {number(last.excepted)} excepted and "
        f"{number(last.settled)} settled, of {count(last.copies, 'copy')}."
    )
    return f"{words} In between they became more again." if found.rises else words


Scale = Callable[[int], float]


def _steps(
    days: Sequence[Day], values: Sequence[int], x: Callable[[date], float], y: Scale
) -> list[tuple[float, float]]:
    """A line of steps, from the first day's slot to the end of the last one's."""
    points: list[tuple[float, float]] = []
    for index, (day, value) in enumerate(zip(days, values, strict=True)):
        after = days[index + 1].on if index + 1 < len(days) else day.on + timedelta(days=1)
        points += [(x(day.on), y(value)), (x(after), y(value))]
    return points


def _between(
    days: Sequence[Day],
    low: Sequence[int],
    high: Sequence[int],
    x: Callable[[date], float],
    y: Scale,
) -> str:
    if low == high:
        return ""
    return _path([*_steps(days, high, x, y), *reversed(_steps(days, low, x, y))]) + "Z"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _days(first: date, end: date, ticks: int, x: Callable[[date], float]) -> list[Mark]:
    span = (end - first).days
    step = max(1, -(-span // ticks))
    # Whole weeks and months are easier to count.
    step = next((nice for nice in (1, 2, 7, 14, 28, 56, 91, 182, 365) if nice >= step), step)
    found = []
    for offset in range(0, span, step):
        on = first + timedelta(days=offset)
        words = cell_day(on).split()
        said = " ".join(words[1:] if span > _MANY_DAYS else words[:2])
        found.append(Mark(x(on), said, "start" if not offset else "middle"))
    return found


def _counts(most: int) -> list[int]:
    step = 1
    while most / step > 4:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, most + 1, step))
