"""The daily digest: what somebody at the controller's has to know this morning, in one letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attest.domain.phrases import Phrase, phrase, phrases
from attest.mail.letter import Letter, compose

KIND = "daily_digest"

# Lines of each section: what is late and what waits is the point of the letter, so it has more.
_MOST_NEEDS = 10
_LEAST_WAITS = 3
_MOST = 3


@dataclass(frozen=True)
class Line:
    """A phrase, and the address where it is dealt with.

    `sentence` may also be the subject of a letter, which is in its reader's language already.
    """

    sentence: str
    link: str = ""


@dataclass(frozen=True)
class Digest:
    """What a digest tells, each section with the most pressing first.

    `failing`: addresses at which nothing arrives. `unknown`: letters whose fate nobody knows.
    `came`: what came in since the last digest, as the subjects of the letters that waited.
    """

    late: Sequence[Line]
    waits: Sequence[Line]
    failing: Sequence[Line]
    unknown: Sequence[Line]
    came: Sequence[Line]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say, and no letter to write."""
        return not (self.late or self.waits or self.failing or self.unknown or self.came)


def daily_digest(digest: Digest, *, organisation: str, home: str) -> Letter:
    """One letter a working day. `home` is the address of the page with all that waits."""
    most_late = _MOST_NEEDS - min(_LEAST_WAITS, len(digest.waits))
    late = _first(digest.late, most_late)
    return compose(
        KIND,
        what=_what(digest),
        organisation=organisation,
        home=home,
        late=late,
        waits=_first(digest.waits, _MOST_NEEDS - len(late)),
        failing=_first(digest.failing, _MOST),
        unknown=_first(digest.unknown, _MOST),
        came=_first(digest.came, _MOST),
    )


def _what(digest: Digest) -> list[Phrase]:
    parts = []
    if digest.late:
        parts.append(phrase("%(number)s late", number=len(digest.late)))
    if digest.waits:
        waiting = len(digest.waits)
        parts.append(phrases("%(num)s thing waits for you", "%(num)s things wait for you", waiting))
    if digest.failing:
        parts.append(phrase("letters do not arrive"))
    if digest.unknown and not parts:
        parts.append(phrase("a letter may not have arrived"))
    if digest.came and not parts:
        parts.append(phrases("%(num)s thing came in", "%(num)s things came in", len(digest.came)))
    return parts or [phrase("nothing waits for you")]


def _first(lines: Sequence[Line], most: int) -> list[Line]:
    if len(lines) <= most:
        return list(lines)
    more = phrases("and %(num)s other", "and %(num)s others", len(lines) - most + 1)
    return [*lines[: most - 1], Line(more)]
