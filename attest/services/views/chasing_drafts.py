"""What the ladder of a draft would come to, were it issued now.

Nobody has an account yet: the readers are those whom the draft names, and duties where it names
nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from attest.database.tables import Demand
from attest.domain import demand_states, ladder
from attest.domain.ladder import Rung
from attest.domain.working_hours import local_day
from attest.services.chasing.courses import Course
from attest.services.chasing.forecast import Coming, played
from attest.services.context import Context
from attest.services.facts.ladders import ladder_of
from attest.services.facts.preferences import ENGLISH
from attest.services.facts.readers import Reader, Readers, readers_of

OFFICER_TO_BE = "The assurance officer, once named"
LIAISON_TO_BE = "The liaison, once named"


def coming(ctx: Context, demand: Demand) -> list[Coming]:
    """The letters, were the draft issued now; none where it has no due date."""
    if demand.state != demand_states.DRAFT or demand.due_on is None:
        return []
    return played(ctx, _courses(ctx, demand))


def _courses(ctx: Context, demand: Demand) -> Iterator[Course]:
    known = readers_of(ctx, [demand])
    rungs = ladder_of(ctx, demand)
    for duty in ladder.AUDIENCES:
        theirs = [rung for rung in rungs if _is_theirs(rung, duty)]
        if not theirs:
            continue
        for reader in _readers(ctx, known, demand, duty):
            issued_on = local_day(ctx.now, reader.time_zone)
            since_issue = tuple(rung for rung in theirs if rung.anchor == ladder.ISSUE)
            if since_issue:
                yield Course(
                    demand, reader, since_issue, issued_on, f"{duty}:issue", due_on=issued_on
                )
            by_due = tuple(rung for rung in theirs if rung.anchor == ladder.DUE)
            if by_due and demand.due_on is not None:
                since = min(issued_on, demand.due_on)
                yield Course(
                    demand,
                    reader,
                    by_due,
                    demand.due_on,
                    f"{duty}:due",
                    since=since,
                    due_on=demand.due_on,
                    pages=ctx.settings.time_zone,
                )


def _is_theirs(rung: Rung, duty: str) -> bool:
    """As in an issued demand: what would go to the officer alone goes to the liaison at first."""
    if ladder.is_officers_alone(rung) and duty in (ladder.LIAISON, ladder.OFFICER):
        return duty == ladder.LIAISON
    return duty in rung.audience


def _readers(ctx: Context, known: Readers, demand: Demand, duty: str) -> tuple[Reader, ...]:
    if duty not in (ladder.LIAISON, ladder.OFFICER):
        return known.of(demand, duty)
    contractor = next((party for party in demand.parties if party.role == "contractor"), None)
    name, email = OFFICER_TO_BE, "no address yet"
    if duty == ladder.LIAISON:
        name = (contractor.contact_name if contractor else None) or LIAISON_TO_BE
        email = (contractor.contact_email if contractor else None) or "not known yet"
    zone = ctx.settings.time_zone
    return (Reader(name, email, None, zone, ENGLISH, None, duty),)
