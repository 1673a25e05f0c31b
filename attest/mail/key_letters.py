"""Letters about keys that change: revoked ones, a signatory's new one, an officer who has left."""

from __future__ import annotations

from datetime import datetime

from attest.mail.about import About, Writer
from attest.mail.letter import Letter, compose
from attest.mail.marked import DUTIES
from attest.mail.wrapping import quoted


def key_revoked(
    about: About | None,
    holder: Writer,
    by: Writer,
    reason: str,
    *,
    duty: str,
    since: datetime | None,
    touched: int,
    newer: bool,
    link: str,
) -> Letter:
    """To the holder and to everybody in whose demand the key signs.

    `since`: from when it may have been in other hands; `touched`: how many things it signed in this
    demand from then on; `newer`: its holder has another key already. Without a demand (`about`
    None) the key was used in none.
    """
    return compose(
        "key_revoked",
        about=about,
        holder=holder,
        by=by,
        reason=quoted(reason),
        duty=DUTIES[duty],
        officer=duty == "officer",
        since=since,
        touched=touched,
        newer=newer,
        link=link,
    )


def key_to_compare(about: About, signatory: Writer, *, rotated: bool) -> Letter:
    """To the contractor: a signatory of the controller has made another key.

    `rotated`: the earlier key signed the new one.
    """
    return compose(
        "key_to_compare",
        about=about,
        signatory=signatory,
        rotated=rotated,
        link=f"{about.link}/keys",
    )


def officer_left(about: About, officer: Writer, by: Writer, *, files: int) -> Letter:
    """To both sides: nobody signs for the contractor until another officer is named.

    `files`: how many are not signed for.
    """
    return compose(
        "officer_left",
        about=about,
        officer=officer,
        by=by,
        files=files,
        link=f"{about.link}/officer",
    )
