"""Letters to both sides when a demand ends."""

from __future__ import annotations

from collections.abc import Sequence

from attest.mail.about import About, Writer
from attest.mail.letter import Letter, compose
from attest.mail.marked import DEMAND_STATES
from attest.mail.wrapping import quoted


def demand_closed(
    about: About, by: Writer, outcome: str, *, files: int, reason: str | None = None
) -> Letter:
    """To both sides. `outcome` is `closed` or `closed_with_exceptions`."""
    return compose(
        "demand_closed",
        about=about,
        by=by,
        outcome=DEMAND_STATES[outcome],
        excepted=outcome == "closed_with_exceptions",
        files=files,
        reason=quoted(reason) if reason else None,
    )


def children_ended(
    about: About,
    ended: Sequence[tuple[str, str, str]],
    *,
    files_left: int,
    to_review: int,
    undealt: Sequence[str] = (),
    excepted: bool = True,
) -> Letter:
    """To the lead controller of a demand from which others were raised: the last has ended.

    `ended`: reference, recipient and state of each. `files_left`: files that are not accepted yet,
    `to_review` of them waiting for a review. `undealt`: recipients whose demand was withdrawn, so
    that none deals with what they have. `excepted`: copies of this demand are not settled.
    """
    return compose(
        "children_ended",
        about=about,
        ended=[(reference, name, DEMAND_STATES[state]) for reference, name, state in ended],
        files_left=files_left,
        to_review=to_review,
        undealt=undealt,
        excepted=excepted,
    )


def demand_withdrawn(about: About, by: Writer, reason: str | None = None) -> Letter:
    """To both sides: nothing more is asked."""
    return compose(
        "demand_withdrawn",
        about=about,
        by=by,
        reason=quoted(reason) if reason else None,
    )
