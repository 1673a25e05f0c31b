"""How many copies of a demand were open, excepted and settled, day by day (docs/formats.md §3).

A pure rule over what happened, in the order of the log. The copies of a file count as its last
attestation has them while the file is attested or accepted, and all as open while it is open or
rejected; so a reopening, a rejection or a further store makes the figure rise again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise

from attest.domain.wording import capital, count, listing


@dataclass(frozen=True, slots=True)
class FileNamed:
    """A file of the demand, with all its copies."""

    on: date
    file: str


@dataclass(frozen=True, slots=True)
class StoreNamed:
    """A store, with a copy of each file; it opens what was attested without it."""

    on: date
    store: str


@dataclass(frozen=True, slots=True)
class StoreReleased:
    """A store whose withdrawal an amendment covers: nobody has to answer for it any more."""

    on: date
    store: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """A file that has to be answered and signed for again."""

    on: date
    file: str


@dataclass(frozen=True, slots=True)
class Signed:
    """An attestation of a file. `excepted`: its copies that are not settled.

    `excepted_in`: the stores of those; it is only asked for where stores are released later.
    """

    on: date
    file: str
    attestation: str
    excepted: int = 0
    excepted_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The decision of a controller whose review counts, on one attestation."""

    on: date
    file: str
    attestation: str
    organisation: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Something that changes no copy and is worth a word: issued, amended, closed."""

    on: date
    words: str


Event = FileNamed | StoreNamed | StoreReleased | Reopened | Signed | Reviewed | Told


@dataclass(frozen=True, slots=True)
class Day:
    """How things stood at the end of a day; `told` is what had happened on it, in words."""

    on: date
    settled: int
    excepted: int
    open: int
    told: str = ""

    @property
    def copies(self) -> int:
        """All of them."""
        return self.settled + self.excepted + self.open


@dataclass(frozen=True, slots=True)
class BurnDown:
    """The days on which something changed, and the last one: between them nothing did.

    `open_files`: the files that are open now, and the day on which each became so;
    `review_since`: the day on which the oldest attestation that waits for a review was signed.
    """

    days: Sequence[Day]
    open_files: Mapping[str, date] = field(default_factory=dict)
    review_since: date | None = None

    @property
    def open_since(self) -> date | None:
        """The day on which the oldest of the files that are open now became so."""
        return min(self.open_files.values(), default=None)

    @property
    def last(self) -> Day | None:
        """How things stand at the end; None where nothing has happened yet."""
        return self.days[-1] if self.days else None

    @property
    def rises(self) -> bool:
        """Did the open copies ever become more again?"""
        return any(after.open > before.open for before, after in pairwise(self.days))


@dataclass(slots=True)
class _File:
    since: date  # when it last became open, or stopped being so
    attestation: str | None = None  # the last one
    void: bool = False  # reopened since, or a store was named since
    excepted: int = 0
    excepted_in: frozenset[str] = frozenset()
    rejected_by: set[str] = field(default_factory=set)
    accepted_by: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        return self.attestation is None or self.void or bool(self.rejected_by)


class _Count:
    """The running figures."""

    def __init__(self) -> None:
        self.files: dict[str, _File] = {}
        self.stores: set[str] = set()
        self.open = 0  # files
        self.excepted = 0  # copies of files that are not open

    def take(self, event: Event) -> None:
        """One thing that happened, after all those before it."""
        if isinstance(event, FileNamed):
            self.files[event.file] = _File(event.on)
            self.open += 1
        elif isinstance(event, StoreNamed):
            self.stores.add(event.store)
            for file in self.files.values():
                with self._changing(file, event.on):
                    file.void = True
        elif isinstance(event, StoreReleased):
            self._release(event)
        elif not isinstance(event, Told):
            file = self.files[event.file]
            with self._changing(file, event.on):
                _act(file, event, self.stores)

    def day(self, on: date, told: str) -> Day:
        """The figures now."""
        copies = len(self.files) * len(self.stores)
        still = self.open * len(self.stores)
        return Day(on, copies - still - self.excepted, self.excepted, still, told)

    def _release(self, event: StoreReleased) -> None:
        self.stores.discard(event.store)
        for file in self.files.values():
            if event.store in file.excepted_in:
                with self._changing(file, event.on):
                    file.excepted_in -= {event.store}
                    file.excepted -= 1

    @contextmanager
    def _changing(self, file: _File, on: date) -> Iterator[None]:
        was_open = file.open
        if was_open:
            self.open -= 1
        else:
            self.excepted -= file.excepted
        yield
        if file.open:
            self.open += 1
        else:
            self.excepted += file.excepted
        if file.open != was_open:
            file.since = on


def _act(file: _File, event: Reopened | Signed | Reviewed, stores: Collection[str]) -> None:
    if isinstance(event, Reopened):
        file.void = True
    elif isinstance(event, Signed):
        file.attestation, file.void = event.attestation, False
        file.rejected_by, file.accepted_by = set(), set()
        file.excepted_in = event.excepted_in.intersection(stores)
        file.excepted = len(file.excepted_in) if event.excepted_in else event.excepted
    elif event.attestation == file.attestation:
        # Each controller's last word counts.
        ours, other = file.accepted_by, file.rejected_by
        if not event.accepted:
            ours, other = other, ours
        ours.add(event.organisation)
        other.discard(event.organisation)


def burn_down(events: Iterable[Event], *, until: date, reviewers: int = 1) -> BurnDown:
    """The figures, day by day. `events` in the order of the log.

    `until`: today, or the day on which the demand ended. `reviewers`: how many controllers'
    reviews count. Raises KeyError for an event of a file that was not named before it.
    """
    running = _Count()
    days: list[Day] = []
    for on, group in groupby(events, key=lambda event: event.on):
        of_day = list(group)
        for event in of_day:
            running.take(event)
        made = running.day(on, told(of_day))
        before = days[-1] if days else None
        if before is None or made.told or made.copies != before.copies:
            days.append(made)
    if days and days[-1].on < until:
        days.append(running.day(until, ""))
    still = {number: file.since for number, file in running.files.items() if file.open}
    waiting = [
        file.since
        for file in running.files.values()
        if not file.open and len(file.accepted_by) < reviewers
    ]
    return BurnDown(days, still, min(waiting, default=None))


def told(events: Sequence[Event]) -> str:
    """What happened on a day: "2 attestations signed, 1 of them rejected"."""
    said: list[str] = []
    for event in events:
        if isinstance(event, Told) and event.words not in said:
            said.append(event.words)
    counted = [
        (_number(events, FileNamed), "file", "named"),
        (_number(events, StoreNamed), "store", "named"),
        (_number(events, StoreReleased), "store", "no longer asked about"),
        (_number(events, Reopened), "file", "opened again"),
        (_number(events, Signed), "attestation", "signed"),
        (_decided(events, accepted=False), "attestation", "rejected"),
        (_decided(events, accepted=True), "attestation", "accepted"),
    ]
    said += [f"{count(number, noun)} {verb}" for number, noun, verb in counted if number]
    return capital(listing(said))


def _number(events: Sequence[Event], kind: type) -> int:
    return sum(isinstance(event, kind) for event in events)


def _decided(events: Sequence[Event], *, accepted: bool) -> int:
    return len(
        {
            event.attestation
            for event in events
            if isinstance(event, Reviewed) and event.accepted is accepted
        }
    )
