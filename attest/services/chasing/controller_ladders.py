"""Ladders that chase a controller: who reads them, each by their own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from attest.database.tables import Demand, Person
from attest.domain import ladder
from attest.domain.ladder import Rung
from attest.mail.about import About
from attest.mail.letter import Letter
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.courses import Course
from attest.services.context import Context


def at_the_contractor(ctx: Context, demand: Demand, asked_by_id: str | None) -> Person | None:
    """Whom the controller can ring about a question: who asked it, else officer or liaison."""
    asked_by = None if asked_by_id is None else ctx.session.get(Person, asked_by_id)
    found = (asked_by, demand.officer, demand.liaison)
    return next((person for person in found if person is not None and person.active), None)


def courses_for(
    known: Known,
    demand: Demand,
    organisation_id: str,
    rungs: tuple[Rung, ...],
    anchor_day: date,
    prefix: str,
    words: Callable[[About], Letter],
    since: date | None = None,
) -> Iterator[Course]:
    """The courses of a controller's people who have a duty that one of the rungs names.

    A pause of the chasing holds none of them: it is the controller's own. An address at which
    letters do not arrive is left out.
    """
    failing = known.failing.get(demand.id, frozenset())
    duties = (ladder.SIGNATORY, ladder.CASE_HANDLER)
    for reader in known.readers.of_organisation(organisation_id, *duties):
        person = reader.person
        held = frozenset() if person is None else person.duties
        theirs = tuple(rung for rung in rungs if held & set(rung.audience))
        if theirs and reader.email.lower() not in failing:
            yield Course(demand, reader, theirs, anchor_day, prefix, since=since, words=words)
