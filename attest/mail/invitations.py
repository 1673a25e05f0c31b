"""Letters with a one-use link: to colleagues, to the contractor, to who forgot a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attest.mail.about import About, Writer
from attest.mail.letter import LINK, Letter, compose
from attest.mail.marked import ACTIONS, DUTIES


@dataclass(frozen=True)
class Issuer:
    """Who signed the demand, and the fingerprints that the reader should compare."""

    signatory: Writer
    signatory_fingerprint: str
    log_key_fingerprint: str


def invitation_of_colleague(
    invited_by: Writer, duties: Sequence[str], expires_on: date, home: str
) -> Letter:
    """To somebody whom a colleague, or `attest init`, gives an account.

    `duties` are names of domain/duties.py; `home` is the address of this Attest.
    """
    return compose(
        "invitation_of_colleague",
        invited_by=invited_by,
        duties=[DUTIES[duty] for duty in duties],
        expires_on=expires_on,
        home=home,
        link=LINK,
    )


def invitation_of_liaison(
    about: About,
    issuer: Issuer,
    *,
    files: int,
    action: str,
    basis: str,
    expires_on: date | None,
) -> Letter:
    """The demand itself, to the contractor's liaison, who may never have heard of Attest.

    It looks like phishing, so it says what can be checked, and advises to ring on a number found
    elsewhere. `action` is the demand's. `expires_on` is the link's last day; None for a liaison who
    can sign in already.
    """
    return compose(
        "invitation_of_liaison",
        about=about,
        issuer=issuer,
        files=files,
        action=ACTIONS[action],
        basis=basis,
        expires_on=expires_on,
        link=about.link if expires_on is None else LINK,
    )


def joint_controller_told(
    about: About, issuer: Issuer, *, files: int, concurrence: str, expires_on: date | None
) -> Letter:
    """To a joint controller: the lead has issued a demand in their name too.

    `concurrence` is the demand's (`lead` or `each`: then their review counts).
    """
    return compose(
        "joint_controller_told",
        about=about,
        issuer=issuer,
        files=files,
        each=concurrence == "each",
        expires_on=expires_on,
        link=about.link if expires_on is None else LINK,
    )


def officer_invited(
    about: About, named_by: Writer, *, files: int, stores: int, expires_on: date | None
) -> Letter:
    """To the assurance officer whom the liaison named: what is asked, and how to begin."""
    return compose(
        "officer_invited",
        about=about,
        named_by=named_by,
        files=files,
        stores=stores,
        expires_on=expires_on,
        link=about.link if expires_on is None else LINK,
    )


def password_reset(minutes: int, home: str) -> Letter:
    """To somebody who asked for a new password; `minutes` is how long the link works."""
    return compose("password_reset", minutes=minutes, home=home, link=LINK)
