"""The letters of the contractor's ladder: from a rung that is reached to what its letter says."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime

from attest.database.tables import Demand, Invitation, Person
from attest.domain import ladder
from attest.mail import letters
from attest.mail.about import About
from attest.services.accounts.membership import link_for
from attest.services.chasing.courses import Reached
from attest.services.context import Context
from attest.services.facts.readers import Reader, Readers
from attest.services.letters import post
from attest.services.letters.letter_facts import telephone_of, writer

NOT_ACKNOWLEDGED = "not_acknowledged"

_TO_ANSWER: Mapping[str, Callable[..., letters.Letter]] = {
    "reminder": letters.reminder,
    "overdue": letters.overdue,
    "escalation": letters.escalation,
}


def in_place(each: Reached) -> bool:
    """Whether the reader gets it in the place of somebody whose address fails."""
    return each.course.reader.duty not in each.turn.rung.audience


def stands_in(each: Reached) -> bool:
    """Whether case handlers get it because letters reach nobody at the contractor's."""
    return each.course.reader.duty == ladder.CASE_HANDLER and in_place(each)


def letter_of(
    ctx: Context,
    readers: Readers,
    each: Reached,
    facts: About,
    files: Sequence[str],
    total: int,
    failing: Container[str],
) -> letters.Letter:
    """The letter of a rung about these open files, but for `not_acknowledged`.

    `failing`: the demand's failing addresses, in small letters.
    """
    demand = each.course.demand
    if each.kind in _TO_ANSWER:
        ring = _to_ring(ctx, readers, demand)
        return _TO_ANSWER[each.kind](
            facts, files, total, ring=writer(ring, facts.controller), telephone=telephone_of(ring)
        )
    colleagues = _who_has_it(readers, demand)
    if each.kind == "escalation_contact":
        ring = _to_ring(ctx, readers, demand)
        return letters.escalation_contact(
            facts,
            files,
            total,
            ring=writer(ring, facts.controller),
            telephone=telephone_of(ring),
            colleagues=_names(
                reader for reader in colleagues if reader.email.lower() not in failing
            ),
            unreached=_names(
                reader
                for reader in colleagues
                if in_place(each)
                and reader.email.lower() in failing
                and reader.duty in each.turn.rung.audience
            ),
        )
    contact = readers.of(demand, ladder.ESCALATION_CONTACT)
    return letters.controller_late(
        facts,
        files,
        total,
        colleagues=_names([*colleagues, *contact]),
        unreachable=stands_in(each),
    )


def _who_has_it(readers: Readers, demand: Demand) -> list[Reader]:
    """Those of the contractor who can answer."""
    return [
        reader for duty in (ladder.LIAISON, ladder.OFFICER) for reader in readers.of(demand, duty)
    ]


def _names(readers: Iterable[Reader]) -> list[str]:
    """Their names, each once."""
    return list(dict.fromkeys(reader.name for reader in readers))


def not_acknowledged(
    ctx: Context, reader: Reader, demand: Demand, facts: About, issued_on: date
) -> tuple[letters.Letter, Invitation | None]:
    """The letter that asks to acknowledge, with a new link for who has no password yet."""
    invitation = None if reader.person is None else link_for(ctx, reader.person)
    ends = invitation.expires_at if invitation else None
    return asks_to_acknowledge(ctx, demand, facts, issued_on, ends), invitation


def asks_to_acknowledge(
    ctx: Context, demand: Demand, facts: About, issued_on: date, link_ends_at: datetime | None
) -> letters.Letter:
    """Its words. `link_ends_at`: until when its link works; None for who has a password."""
    return letters.not_acknowledged(
        facts,
        issued_on=issued_on,
        files=demand.files_open,
        expires_on=None if link_ends_at is None else link_ends_at.date(),
        ring=writer(to_ring(ctx, demand), facts.controller),
    )


def to_ring(ctx: Context, demand: Demand) -> Person:
    """Who drafted the demand, where they still act, else a case handler of the lead's."""
    return _chosen(ctx, demand, post.case_handlers(ctx, demand))


def _to_ring(ctx: Context, readers: Readers, demand: Demand) -> Person:
    """The same, of readers that are known already."""
    handlers = [
        reader.person
        for reader in readers.of(demand, ladder.CASE_HANDLER)
        if reader.person is not None
    ]
    return _chosen(ctx, demand, handlers)


def _chosen(ctx: Context, demand: Demand, handlers: Sequence[Person]) -> Person:
    drafted = [person for person in handlers if person.id == demand.created_by_id]
    people = drafted or list(handlers) or post.lead_controller(ctx, demand)
    return people[0] if people else ctx.session.get_one(Person, demand.created_by_id)
