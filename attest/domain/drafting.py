"""What a deletion demand needs before it can be signed, section by section.

The sections are the task list of a draft. A section is done when it has no gaps, and a
gap is a sentence that says what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from attest.domain import text
from attest.domain.refusal import Refused

SECTIONS: Mapping[str, str] = {
    "incident": "What happened",
    "parties": "The parties",
    "files": "The files",
    "stores": "The stores to be searched",
    "terms": "What is demanded, and by when",
}

ACTIONS = ("delete", "return", "delete_or_return")
CONCURRENCE = ("lead", "each")
MAX_NAME = 200
MAX_TEXT = 10_000


@dataclass(frozen=True)
class Party:
    """A party as typed: role is lead, joint, contractor or carrier."""

    role: str
    name: str
    contact_name: str = ""
    contact_role: str = ""
    contact_email: str = ""
    contact_point: bool = False  # for the people affected (UK GDPR Art 26(1))


@dataclass(frozen=True)
class Draft:
    """A draft as its rules see it."""

    title: str | None
    what_happened: str | None
    noticed_at: datetime | None
    parties: Sequence[Party]
    concurrence: str
    files: int
    stores: int
    basis: str | None
    action: str
    instruction: str | None
    due_on: date | None


def gaps(draft: Draft, today: date) -> dict[str, list[str]]:
    """What is missing, by section; a section without gaps has an empty list."""
    return {
        "incident": _incident_gaps(draft),
        "parties": _party_gaps(draft.parties, draft.concurrence),
        "files": [] if draft.files else ["Name at least one file."],
        "stores": [] if draft.stores else ["Name at least one store to be searched."],
        "terms": _terms_gaps(draft, today),
    }


def _incident_gaps(draft: Draft) -> list[str]:
    found = []
    if not draft.what_happened:
        found.append("Say what happened.")
    if draft.noticed_at is None:
        found.append("Say when it was noticed.")
    return found


def _party_gaps(parties: Sequence[Party], concurrence: str) -> list[str]:
    found = []
    contractors = [party for party in parties if party.role == "contractor"]
    if not contractors:
        found.append("Name the contractor.")
    elif not contractors[0].contact_email or not contractors[0].contact_name:
        found.append("Name the contractor's liaison, with an email address.")
    if concurrence == "each":
        # Without an address nobody there could review, and no file would ever be accepted.
        found += [
            f"Name a contact at {party.name} with an email address: each controller reviews."
            for party in parties
            if party.role == "joint" and not party.contact_email
        ]
    return found


def _terms_gaps(draft: Draft, today: date) -> list[str]:
    found = []
    if not draft.basis:
        found.append("Say on what basis you may demand this.")
    if not draft.instruction:
        found.append("Write the instruction.")
    if draft.due_on is None:
        found.append("Set a due date.")
    elif draft.due_on < today:
        found.append("The due date has passed: set a later one.")
    return found


def check_parties(parties: Sequence[Party]) -> None:
    """Names are there once each, a contractor is not a controller, and one controller at most is
    the contact point. Raises Refused."""
    seen: dict[str, str] = {}
    for party in parties:
        key = party.name.casefold()
        if not key:
            raise Refused("Type the organisation's name.", field=party.role)
        if key in seen:
            raise Refused(
                f"“{party.name}” is named twice. Each organisation has one part in a demand.",
                field=party.role,
            )
        seen[key] = party.role
    if sum(party.contact_point for party in parties) > 1:
        raise Refused(
            "Only one controller is the contact point for the people affected. Tick one.",
            field="joint_point",
        )


def check_due(due_on: date, today: date) -> None:
    """A demand leaves time to answer it. Raises Refused."""
    if due_on < today:
        raise Refused("The due date is in the past. Choose today or a later day.", field="due_on")
    if due_on.year > today.year + 5:
        raise Refused("The due date is more than five years away. Check the year.", field="due_on")


def check_text(
    value: str | None, field: str, *, multiline: bool = False, limit: int = MAX_TEXT
) -> str | None:
    """Typed text, tidied, or None where there is none. Raises Refused with the field."""
    tidy = text.typed(value or "")
    if not tidy:
        return None
    wrong = text.problem(tidy, multiline=multiline)
    if wrong:
        raise Refused(wrong, field=field)
    if len(tidy) > limit:
        raise Refused(
            f"This is {len(tidy):,} characters long. At most {limit:,} fit: shorten it.",
            field=field,
        )
    return tidy


def need_text(
    value: str | None, field: str, missing: str, *, multiline: bool = False, limit: int = MAX_TEXT
) -> str:
    """As `check_text`, but something must be there; `missing` is the sentence."""
    tidy = check_text(value, field, multiline=multiline, limit=limit)
    if tidy is None:
        raise Refused(missing, field=field)
    return tidy
