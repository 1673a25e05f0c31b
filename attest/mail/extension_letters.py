"""Letters about more time: asked for, withdrawn, decided on, and not decided on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attest.mail.about import About, Writer, names
from attest.mail.letter import Letter, compose
from attest.mail.wrapping import quoted


def extension_requested(
    about: About, by: Writer, asked: str, due_on: date, reason: str, files: Sequence[str]
) -> Letter:
    """To the lead controller, who decides.

    `asked` is domain/extensions.asked_words; `due_on` the day that stands until then; `files` the
    names of those that it is about, empty for the whole demand.
    """
    return compose(
        "extension_requested",
        about=about,
        by=by,
        asked=asked,
        due_on=due_on,
        reason=quoted(reason),
        files=names(files),
        link=f"{about.link}/extension",
    )


def extension_withdrawn(about: About, by: Writer, asked: str, due_on: date) -> Letter:
    """To the lead controller: nothing is to be decided any more. Arguments as above."""
    return compose(
        "extension_withdrawn",
        about=about,
        by=by,
        asked=asked,
        due_on=due_on,
    )


def extension_granted(
    about: About,
    by: Writer,
    asked: str,
    due_on: date,
    until: date,
    reason: str | None,
    files: Sequence[str],
    *,
    in_part: bool,
) -> Letter:
    """To both sides: the new day. `files`: for which it counts, empty for the whole demand."""
    return compose(
        "extension_granted",
        about=about,
        by=by,
        asked=asked,
        due_on=due_on,
        until=until,
        reason=quoted(reason) if reason else None,
        files=names(files),
        in_part=in_part,
    )


def extension_refused(about: About, by: Writer, asked: str, due_on: date, reason: str) -> Letter:
    """To both sides: the day stands."""
    return compose(
        "extension_refused",
        about=about,
        by=by,
        asked=asked,
        due_on=due_on,
        reason=quoted(reason),
    )


def extension_undecided(
    about: About,
    asked: str,
    asked_on: date,
    due_on: date,
    *,
    ring: Writer | None = None,
    telephone: str | None = None,
) -> Letter:
    """To the lead controller: a request waits, and the day that it is about is near or past.

    `ring`: at the contractor's, who asks, on `telephone`, where that is known.
    """
    return compose(
        "extension_undecided",
        about=about,
        asked=asked,
        asked_on=asked_on,
        due_on=due_on,
        passed=about.today > due_on,
        ring=ring,
        telephone=telephone,
        link=f"{about.link}/extension",
    )
