"""Puts letters into the outbox, in the transaction of the act that causes them.

An act says what the letter says (attest/mail), its key, and who gets it. The key makes a letter
unique, so that an act that is repeated writes no second one; it reads `<what>:<which>`, and where
several people get the same letter each one's id is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy import select

from attest.database import outbox
from attest.database.tables import Demand, Duty, Invitation, Person
from attest.mail import own_templates
from attest.mail.letter import LINK, Letter, Words
from attest.mail.places import without_places
from attest.services.context import Context
from attest.services.facts import preferences
from attest.services.letters import held


def queue_letter(ctx: Context, *, letter: Letter, key: str, **to: Unpack[To]) -> bool:
    """Writes one letter to a person, or to a name and address. False where its key is known.

    It is in the person's language (preferences.py); of a name and address, in `language`.
    `invitation` is a must where the text holds the link, and only then: raises `ValueError`
    otherwise, and without a reader.
    """
    return outbox.queue(ctx.session, **row_of(ctx, letter=letter, key=key, **to))


class To(TypedDict, total=False):
    """To whom a letter goes, and what its row says of it.

    Of a letter that chases, `rung` is the name of its rung, `due_on` the day that it speaks of. Of
    that and a daily digest, `time_zone` is where its reader works: it goes out in working hours
    there, and only then.
    """

    person: Person | None
    to_name: str | None
    to_email: str | None
    organisation_id: str | None
    demand_id: str | None
    invitation: Invitation | None
    rung: str | None
    due_on: date | None
    time_zone: str | None
    language: str | None


def row_of(ctx: Context, *, letter: Letter, key: str, **to: Unpack[To]) -> dict[str, Any]:
    """The columns of a letter's row, as `outbox.queue_all` takes many; raises as `queue_letter`."""
    person, invitation = to.get("person"), to.get("invitation")
    to_name, to_email = to.get("to_name"), to.get("to_email")
    organisation_id, language = to.get("organisation_id"), to.get("language")
    if person is not None:
        to_name = person.name
        to_email = person.account.email
        organisation_id = person.organisation_id
        language = preferences.language_of(person)
    if not to_name or not to_email:
        raise ValueError(f"{letter.kind}: to whom?")
    words = words_for(ctx, letter, language)
    if (LINK in words.text) != (invitation is not None):
        raise ValueError(f"{letter.kind}: a link needs an invitation, and an invitation a link")
    letter_id = str(uuid4())
    domain = ctx.settings.mail_from.rpartition("@")[2]
    return {
        "id": letter_id,
        "key": key,
        "kind": letter.kind,
        "demand_id": to.get("demand_id"),
        "organisation_id": organisation_id,
        "invitation_id": None if invitation is None else invitation.id,
        "to_name": to_name,
        "to_email": to_email,
        "subject": words.subject,
        "text": addressed(words, to_name),
        "language": words.language,
        "queued_at": ctx.now,
        "next_attempt_at": _turn(ctx, letter, person, to.get("demand_id")),
        # Not the letter's own id: where messages carry several, who sees one letter could tell.
        "message_id": f"<{uuid4()}@{domain}>",
        "rung": to.get("rung"),
        "due_on": to.get("due_on"),
        "time_zone": to.get("time_zone"),
    }


def _turn(ctx: Context, letter: Letter, person: Person | None, demand_id: str | None) -> datetime:
    """When it goes out: at once, or later where it waits for its reader's daily digest."""
    waits = None if person is None else held.until(ctx, person, letter.kind, demand_id)
    return waits or ctx.now


def words_for(ctx: Context, letter: Letter, language: str | None) -> Words:
    """What the letter says in a language, by the administrator's templates where they will do."""
    return own_templates.words(letter, language, ctx.settings.letters_path)


def addressed(words: Words, to_name: str) -> str:
    """The text as this reader gets it."""
    return f"{words.dear(without_places(to_name))}\n\n{words.text}"


def write_to(
    ctx: Context, people: Iterable[Person], *, letter: Letter, key: str, demand: Demand | None
) -> int:
    """Writes the same letter to each of `people` once; gives how many letters are new.

    Somebody with two duties, or two people behind one address, get one letter.
    """
    new = 0
    written: set[str] = set()
    for person in people:
        if person.active and person.account.email not in written:
            written.add(person.account.email)
            new += queue_letter(
                ctx,
                letter=letter,
                key=f"{key}:{person.id}",
                person=person,
                demand_id=None if demand is None else demand.id,
            )
    return new


def occasion(ctx: Context) -> str:
    """The end of a key: tells apart letters about the same thing that may happen again."""
    return f"{ctx.now:%Y%m%d%H%M%S}"


def people_of(ctx: Context, organisation_ids: Iterable[str], *duties: str) -> list[Person]:
    """The active people of these organisations who have any of `duties`, by name."""
    chosen = (
        select(Person)
        .where(
            Person.organisation_id.in_(list(organisation_ids)),
            Person.active,
            Person.id.in_(select(Duty.person_id).where(Duty.name.in_(duties))),
        )
        .order_by(Person.name, Person.id)
    )
    return list(ctx.session.scalars(chosen).unique())


def signatories(ctx: Context, demand: Demand) -> list[Person]:
    """The lead controller's signatories."""
    return people_of(ctx, [demand.organisation_id], "signatory")


def case_handlers(ctx: Context, demand: Demand) -> list[Person]:
    """The lead controller's case handlers."""
    return people_of(ctx, [demand.organisation_id], "case_handler")


def lead_controller(ctx: Context, demand: Demand) -> list[Person]:
    """The lead controller's case handlers and signatories."""
    return people_of(ctx, [demand.organisation_id], "case_handler", "signatory")


def joint_controllers(ctx: Context, demand: Demand) -> list[Person]:
    """The case handlers and signatories of every joint controller that has an account here."""
    joint = [p.organisation_id for p in demand.parties if p.role == "joint" and p.organisation_id]
    return people_of(ctx, joint, "case_handler", "signatory") if joint else []


def reviewing_signatories(ctx: Context, demand: Demand) -> list[Person]:
    """The signatories whose reviews count: the lead's; under `each`, every controller's."""
    ids = [demand.organisation_id]
    if demand.concurrence == "each":
        ids += [
            p.organisation_id for p in demand.parties if p.role == "joint" and p.organisation_id
        ]
    return people_of(ctx, ids, "signatory")


def contractor_people(demand: Demand) -> list[Person]:
    """The contractor's liaison and assurance officer of this demand, as far as they are named."""
    people = [p for p in (demand.liaison, demand.officer) if p is not None]
    return list({person.id: person for person in people}.values())
