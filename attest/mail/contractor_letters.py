"""Letters to the contractor's side: a key was confirmed, files were reviewed or opened again."""

from __future__ import annotations

from collections.abc import Sequence

from attest.mail.about import About, Writer, names
from attest.mail.letter import Letter, compose
from attest.mail.marked import CONFIRMATION_METHODS, DEMAND_STATES
from attest.mail.wrapping import quoted


def key_confirmed(about: About, by: Writer, method: str) -> Letter:
    """To the officer: the controller knows that the key is theirs. `method` as in the format."""
    return compose(
        "key_confirmed",
        about=about,
        by=by,
        method=CONFIRMATION_METHODS[method],
        link=f"{about.link}/answer",
    )


def attestations_rejected(about: About, by: Writer, files: Sequence[str], reason: str) -> Letter:
    """To the officer and the liaison: what was rejected, and why."""
    return compose(
        "attestations_rejected",
        about=about,
        by=by,
        files=names(files),
        number_of_files=len(files),
        reason=quoted(reason),
        link=f"{about.link}/answer",
    )


def files_reopened(
    about: About,
    files: Sequence[str],
    reason: str,
    *,
    by: Writer | None = None,
    was: str | None = None,
) -> Letter:
    """To both sides: an exception ended, or somebody found out something new.

    `by`: who opened them again, None for Attest itself. `was`: the state in which the demand had
    ended, if it had.
    """
    return compose(
        "files_reopened",
        about=about,
        by=by,
        was=DEMAND_STATES[was] if was else None,
        files=names(files),
        number_of_files=len(files),
        reason=reason,
        link=f"{about.link}/answer",
    )


def attestations_accepted(
    about: About,
    by: Writer,
    files: Sequence[str],
    *,
    left: int,
    ends: int,
    others: Sequence[str] = (),
) -> Letter:
    """To the officer and the liaison. `left`: files not accepted yet; `ends`: copies that come back
    when an exception ends; `others`: controllers whose own reviews of these files are missing."""
    return compose(
        "attestations_accepted",
        about=about,
        by=by,
        files=names(files),
        number_of_files=len(files),
        left=left,
        ends=ends,
        others=others,
    )
