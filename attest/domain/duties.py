"""Duties: what a person may do in an organisation, in words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DutyWords:
    """One duty, as the page that hands it out explains it."""

    name: str
    label: str
    may: str  # a sentence
    side: str | None  # controller, contractor, or None for neither
    signs: bool = False


DUTIES: Mapping[str, DutyWords] = {
    duty.name: duty
    for duty in (
        DutyWords(
            "case_handler",
            "Case handler",
            "Drafts demands, names files and stores, follows what is open, invites people.",
            "controller",
        ),
        DutyWords(
            "signatory",
            "Signatory",
            "Signs demands, confirms keys, accepts or rejects attestations, closes demands.",
            "controller",
            signs=True,
        ),
        DutyWords(
            "liaison",
            "Liaison",
            "Acknowledges a demand, names the assurance officer and further stores.",
            "contractor",
        ),
        DutyWords(
            "officer",
            "Assurance officer",
            "Records what was done to each copy and signs for each file.",
            "contractor",
            signs=True,
        ),
        DutyWords(
            "administrator",
            "Administrator",
            "Runs this installation. Sees no demand and signs nothing.",
            None,
        ),
    )
}

# Who may invite colleagues and end their access, within the same organisation.
INVITING = frozenset({"case_handler", "liaison", "administrator"})

# The duties that each inviting duty may hand out: nobody hands out more than their own side's.
MAY_HAND_OUT: Mapping[str, frozenset[str]] = {
    "case_handler": frozenset({"case_handler", "signatory"}),
    "liaison": frozenset({"liaison", "officer"}),
    "administrator": frozenset({"case_handler", "administrator"}),
}


def may_invite(duties: frozenset[str]) -> bool:
    """Whether a person with these duties may invite others to the organisation."""
    return bool(duties & INVITING)


def may_hand_out(duties: frozenset[str]) -> tuple[str, ...]:
    """The duties that a person with `duties` may give to somebody, in the order of pages."""
    allowed = frozenset[str]().union(*(MAY_HAND_OUT.get(duty, frozenset()) for duty in duties))
    return tuple(name for name in DUTIES if name in allowed)


def key_side(duty: str) -> str:
    """The side on which a key with this duty signs. Raises KeyError for one that signs nothing."""
    words = DUTIES[duty]
    if not words.signs or words.side is None:
        raise KeyError(duty)
    return words.side


def signing_duties(duties: frozenset[str]) -> tuple[str, ...]:
    """Those of `duties` that need a signing key."""
    return tuple(name for name, words in DUTIES.items() if words.signs and name in duties)
