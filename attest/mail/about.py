"""What letters say about a demand and about people, as small frozen facts."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from attest.domain.calendar import NO_HOLIDAYS
from attest.domain.phrases import Phrase, phrase, phrases
from attest.domain.wording import in_working_days

# How many names a letter lists before it says "and 12 more": a letter is one screen.
MOST_NAMES = 10


@dataclass(frozen=True)
class About:
    """The demand that a letter is about.

    `link` is the demand's page, for people who can sign in. `today` is the day on which the
    letter is written, in the place where its readers work: only letters that are worded anew on
    another day tell by it how far the due day is. `extended` is the day that the signed
    demand says and the one to which it was moved, where more time was granted.
    `acknowledged`: where nobody has done so, there is no officer who could sign, and that comes
    first. `asked`: what the contractor has asked for and nobody has decided, for letters that
    chase: "3 more working days, until …".
    """

    reference: str
    controller: str
    contractor: str
    link: str
    due_on: date
    today: date
    holidays: Container[date] = NO_HOLIDAYS
    extended: tuple[date, date] | None = None
    acknowledged: bool = True
    asked: Phrase | None = None

    @property
    def due(self) -> Phrase:
        """ "Monday 18 February 2013 (in 3 working days)"; of an extended day also what it was."""
        if self.extended is None or self.extended[1] != self.due_on:
            return self.due_briefly
        off = in_working_days(self.today, self.due_on, self.holidays)
        return phrase(
            "%(day)s (%(off)s, extended from %(before)s)",
            day=self.due_on,
            off=off,
            before=self.extended[0],
        )

    @property
    def due_day(self) -> Phrase | date:
        """The day alone, which stays true however late the letter comes; of an extended one also
        what it was."""
        if self.extended is None or self.extended[1] != self.due_on:
            return self.due_on
        return phrase(
            "%(day)s (extended from %(before)s)", day=self.due_on, before=self.extended[0]
        )

    @property
    def due_briefly(self) -> Phrase:
        """The same without what it was, for a subject."""
        off = in_working_days(self.today, self.due_on, self.holidays)
        return phrase("%(day)s (%(off)s)", day=self.due_on, off=off)

    @property
    def is_late(self) -> bool:
        """Whether the due day has passed; the day itself is still in time."""
        return self.today > self.due_on

    @property
    def late(self) -> Phrase:
        """ "3 working days late" """
        return in_working_days(self.today, self.due_on, self.holidays)


@dataclass(frozen=True)
class Writer:
    """Somebody whom a letter names: who did it, or who asks."""

    name: str
    role: str
    organisation: str

    def __str__(self) -> str:
        return f"{self.name}, {self.role}, {self.organisation}"

    @property
    def full(self) -> Phrase:
        """ "Helen Marsh, Senior Information Risk Owner at Northshire Constabulary" """
        return phrase(
            "%(name)s, %(role)s at %(organisation)s",
            name=self.name,
            role=self.role,
            organisation=self.organisation,
        )


def names(items: Sequence[str], total: int | None = None) -> list[str]:
    """The first few of `items`, and how many more there are: one line each.

    `total` is how many there are where `items` holds the first `MOST_NAMES` of them only.
    """
    total = len(items) if total is None else total
    if total <= MOST_NAMES:
        return list(items)
    more = phrases("and %(num)s other", "and %(num)s others", total - MOST_NAMES + 1)
    return [*items[: MOST_NAMES - 1], more]
