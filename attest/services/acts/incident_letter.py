"""The letter to people affected: its versions, and merging it with a list that nobody keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from attest.database.tables import Incident, IncidentLetter, IncidentMerge
from attest.domain.drafting import need_text
from attest.domain.letter_merge import Letter, merged, read_recipients
from attest.domain.refusal import Refused
from attest.services.acts.incident_changes import values_of
from attest.services.context import Context
from attest.services.facts.incident_access import IncidentSeat

LONGEST = 5_000

_MISSING: Mapping[str, str] = {
    "subject": "Give the letter a subject.",
    "opening": "Begin the letter.",
    "nature": "Say what happened (Article 34(2) with 33(3)(a)).",
    "consequences": "Say what may follow from it (Article 33(3)(c)).",
    "measures": "Say what was done about it (Article 33(3)(d)).",
    "contact": "Name a contact point (Article 33(3)(b)).",
    "closing": "End the letter.",
}


@dataclass(frozen=True)
class MergedLetters:
    """The letters of one merge, made one after the other and kept nowhere."""

    letter: Letter
    rows: Sequence[Mapping[str, str]]

    def texts(self) -> Iterator[str]:
        """One letter after the other, in the order of the list."""
        for row in self.rows:
            yield merged(self.letter, row)


def checked(typed: Mapping[str, str]) -> Letter:
    """A letter with all its parts. Raises Refused with the field."""
    return Letter(
        **{
            name: need_text(
                typed.get(name),
                name,
                sentence,
                multiline=name != "subject",
                limit=200 if name == "subject" else LONGEST,
            )
            for name, sentence in _MISSING.items()
        }
    )


def save(ctx: Context, seat: IncidentSeat, typed: Mapping[str, str]) -> IncidentLetter:
    """Keeps a new version; the same text again is the same version. Raises Refused."""
    letter = checked(typed)
    newest = newest_row(ctx, seat.incident)
    if newest is not None and letter_of(newest) == letter:
        return newest
    row = IncidentLetter(
        incident_id=seat.incident.id,
        version=newest.version + 1 if newest else 1,
        kept_at=ctx.now,
        kept_by_id=seat.person.id,
        **asdict(letter),
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def merge(ctx: Context, seat: IncidentSeat, recipients: bytes) -> MergedLetters:
    """Merges the newest version with a list; only how many it made is kept. Raises Refused."""
    row = need_row(ctx, seat.incident)
    letter = letter_of(row)
    found = read_recipients(recipients, letter)
    ctx.session.add(
        IncidentMerge(
            incident_id=seat.incident.id,
            version=row.version,
            letters=len(found.rows),
            at=ctx.now,
            by_id=seat.person.id,
        )
    )
    ctx.session.flush()
    return MergedLetters(letter, found.rows)


def versions_of(ctx: Context, incident: Incident) -> Sequence[IncidentLetter]:
    """Every version, oldest first."""
    return ctx.session.scalars(
        select(IncidentLetter)
        .where(IncidentLetter.incident_id == incident.id)
        .order_by(IncidentLetter.version)
    ).all()


def newest_row(ctx: Context, incident: Incident) -> IncidentLetter | None:
    """The version that is merged."""
    return ctx.session.scalar(
        select(IncidentLetter)
        .where(IncidentLetter.incident_id == incident.id)
        .order_by(IncidentLetter.version.desc())
        .limit(1)
    )


def need_row(ctx: Context, incident: Incident) -> IncidentLetter:
    """As `newest_row`. Raises Refused where no letter was written yet."""
    row = newest_row(ctx, incident)
    if row is None:
        raise Refused("There is no letter yet. Write it first.")
    return row


def merges_of(ctx: Context, incident: Incident) -> Sequence[IncidentMerge]:
    """Every merge, oldest first."""
    return ctx.session.scalars(
        select(IncidentMerge)
        .where(IncidentMerge.incident_id == incident.id)
        .order_by(IncidentMerge.id)
    ).all()


def letter_of(row: IncidentLetter) -> Letter:
    """The letter that a version holds."""
    return Letter(**{name: getattr(row, name) for name in _MISSING})


def proposed(ctx: Context, seat: IncidentSeat) -> dict[str, Any]:
    """What a first version could say, from the facts that are there."""
    facts = values_of(ctx, seat.incident)
    contact = ", ".join(
        str(facts[name])
        for name in ("contact_name", "contact_role", "contact_telephone", "contact_email")
        if facts[name]
    )
    organisation = seat.person.organisation.name
    return {
        "subject": "Your personal data: what happened, and what you can do",
        "opening": f"Dear {{name}},\n\n{organisation} holds data about you. Some of it went to "
        "somebody who should not have had it. We are sorry, and owe you an explanation.",
        "nature": _both(facts["what_happened"], facts["data_affected"]),
        "consequences": facts["consequences"] or "",
        "measures": _both(facts["measures_taken"], facts["measures_planned"]),
        "contact": contact,
        "closing": "If our answers do not satisfy you, you may complain to the Information "
        f"Commissioner’s Office, ico.org.uk.\n\nYours sincerely,\n{organisation}",
    }


def _both(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)
