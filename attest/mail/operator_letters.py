"""Letters about the installation itself, and about somebody whom its operator let in (`attest
organisation invite`): to them, to their colleagues, and to the other side of each demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from attest.mail.about import About, Writer
from attest.mail.letter import LINK, Letter, compose
from attest.mail.marked import DUTIES
from attest.mail.wrapping import quoted


def invitation_by_operator(
    organisation: str, duties: Sequence[str], expires_on: date | None, home: str
) -> Letter:
    """To whoever is let in. `duties` are names of domain/duties.py; `home` is the address of this
    Attest. `expires_on` is the link's last day; None for somebody who has a password."""
    return compose(
        "invitation_by_operator",
        organisation=organisation,
        duties=[DUTIES[duty] for duty in duties],
        liaison="liaison" in duties,
        expires_on=expires_on,
        home=home,
        link=home if expires_on is None else LINK,
    )


def colleague_let_in(
    person: Writer, email: str, duties: Sequence[str], by: str, home: str
) -> Letter:
    """To the other people of the organisation. `by` is who did it, as the operator says."""
    return compose(
        "colleague_let_in",
        person=person,
        email=email,
        duties=[DUTIES[duty] for duty in duties],
        by=by,
        page=f"{home}/people",
    )


def let_in_elsewhere(
    about: About, person: Writer, email: str, duties: Sequence[str], by: str
) -> Letter:
    """To the other side of a demand, who should know and can ring them."""
    return compose(
        "let_in_elsewhere",
        about=about,
        person=person,
        email=email,
        duties=[DUTIES[duty] for duty in duties],
        by=by,
    )


def timestamps_stopped(
    host: str, *, since: datetime, waiting: int, answer: str, home: str
) -> Letter:
    """To the administrators: the time-stamping service `host` gives nothing since then.

    `waiting`: demands whose newest checkpoint has no timestamp because of that; `answer`: what
    happened at the last attempt, a clause in English.
    """
    return compose(
        "timestamps_stopped",
        host=host,
        since=since,
        waiting=waiting,
        answer=quoted(answer),
        page=f"{home}/instance",
    )
