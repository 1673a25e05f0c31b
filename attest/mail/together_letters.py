"""What goes to one reader about several demands at once: one letter for all that is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attest.domain.phrases import Phrase, phrase, phrases
from attest.mail.about import About, Writer
from attest.mail.letter import Letter, compose

KIND = "together"

# A letter is one screen: so many lines of open files over all its demands, then counts.
MOST_LINES = 10

# From the mildest to the harshest: the harshest of a letter's parts sets its tone.
_TONES = (
    "not_acknowledged",
    "reminder",
    "overdue",
    "escalation",
    "escalation_contact",
    "controller_late",
)


@dataclass(frozen=True)
class Part:
    """What the letter says of one demand.

    `kind` is the letter's that it would have had by itself. `files`: the names of the first open
    files; `total`: how many are open. `issued_on`: of a demand that nobody has acknowledged.
    `stands_in`: the reader gets it because letters do not arrive at the contractor's.
    """

    kind: str
    about: About
    files: Sequence[str]
    total: int
    issued_on: date | None = None
    stands_in: bool = False

    @property
    def link(self) -> str:
        """Where the reader goes on; who has no access reads where their colleagues do."""
        if self.asks_first:
            return f"{self.about.link}/acknowledge"
        page = {"not_acknowledged": "/acknowledge"} | dict.fromkeys(_ANSWERED, "/answer")
        return f"{self.about.link}{page.get(self.kind, '')}"

    @property
    def asks_first(self) -> bool:
        """Whether somebody has to acknowledge before anything can be answered."""
        return self.kind in _ANSWERED and not self.about.acknowledged

    @property
    def rank(self) -> tuple[int, date, str]:
        """The most pressing first."""
        tone = _TONES.index(self.kind) if self.kind in _TONES else 0
        return (-tone, self.about.due_on, self.about.reference)


@dataclass(frozen=True)
class _Shown:
    """A part, and those of its lines that the letter has room for."""

    part: Part
    lines: Sequence[str]


_ANSWERED = ("reminder", "overdue", "escalation")


def together(parts: Sequence[Part], *, ring: Writer | None, telephone: str | None) -> Letter:
    """One letter for `parts`, one at least: demands of one controller.

    `ring`: whom to ring at the controller's, the same one in all of them.
    """
    ordered = sorted(parts, key=lambda part: part.rank)
    first = ordered[0]
    contractors = list(dict.fromkeys(part.about.contractor for part in ordered))
    references = list(dict.fromkeys(part.about.reference for part in ordered))
    ours = first.kind == "controller_late"  # who reads it is at the controller's
    return compose(
        KIND,
        named=_named(references),
        what=_what(ordered),
        parts=_shown(ordered),
        number_of_demands=len(references),
        controller=first.about.controller,
        contractors=contractors,
        references=references,
        tone=first.kind,
        stands_in=any(part.stands_in for part in ordered),
        ring=None if ours else ring,
        telephone=telephone,
    )


def _named(references: Sequence[str]) -> str:
    """ "ND-2013-004 and 2 more demands" """
    if len(references) == 1:
        return references[0]
    return phrases(
        "%(reference)s and %(num)s more demand",
        "%(reference)s and %(num)s more demands",
        len(references) - 1,
        reference=references[0],
    )


def _what(parts: Sequence[Part]) -> Phrase:
    late = [part for part in parts if part.kind != "not_acknowledged" and part.about.is_late]
    if late:
        open_files = sum(part.total for part in late)
        return phrases("%(num)s file is overdue", "%(num)s files are overdue", open_files)
    waiting = [part for part in parts if part.kind != "not_acknowledged"]
    if waiting:
        open_files = sum(part.total for part in waiting)
        return phrases("%(num)s file is still open", "%(num)s files are still open", open_files)
    return phrase("not acknowledged yet")


def _shown(parts: Sequence[Part]) -> list[_Shown]:
    """Shares the lines out, one each in turn, so that no demand takes another one's room."""
    room = dict.fromkeys(range(len(parts)), 0)
    wanted = {
        place: 0 if part.kind == "not_acknowledged" else min(part.total, MOST_LINES)
        for place, part in enumerate(parts)
    }
    left = MOST_LINES
    while left and any(room[place] < wanted[place] for place in room):
        for place in room:
            if left and room[place] < wanted[place]:
                room[place] += 1
                left -= 1
    return [_Shown(part, _lines(part, room[place])) for place, part in enumerate(parts)]


def _lines(part: Part, room: int) -> list[str]:
    if part.total <= room:
        return list(part.files[:room])
    if room < 2:
        return []  # the number of files stands above anyway
    names = list(part.files[: room - 1])
    return [*names, phrases("and %(num)s other", "and %(num)s others", part.total - len(names))]
