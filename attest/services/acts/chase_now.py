"""Chases at once: somebody at the lead controller's decides it and may add a line of their own.

It goes when the person says so, at night too, and whether letters are paused or not. The ladder
goes on as it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from attest.database.tables import Demand, NamedFile
from attest.database.tables import Letter as Row
from attest.domain import chased_lately, demand_states, ladder
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import Refused
from attest.domain.text import problem, typed
from attest.domain.wording import number
from attest.mail import letters
from attest.mail.about import MOST_NAMES
from attest.mail.letter import Letter
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts import reader_clock
from attest.services.facts.calendars import days_off
from attest.services.facts.readers import Reader, one_each, readers_of
from attest.services.letters import post
from attest.services.letters.failing import failing_of
from attest.services.letters.letter_facts import about, telephone_of, writer
from attest.services.notices.asked_for import more_time_asked

DUTIES = (ladder.LIAISON, ladder.OFFICER, ladder.ESCALATION_CONTACT)
MOST_LINE = 500  # characters
KIND = "chase_now"
_ONCE = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be written to now. `away`: why they may not be there, or None."""

    reader: Reader
    local: datetime  # on the reader's clock
    away: str | None
    fails: bool  # letters to this address do not arrive
    lately: bool  # chased at once minutes ago (domain/chased_lately.py)


def candidates(ctx: Context, seat: Seat) -> list[Candidate]:
    """Who can be written to; somebody with two duties once."""
    demand = seat.demand
    known = readers_of(ctx, [demand])
    found = one_each([reader for duty in DUTIES for reader in known.of(demand, duty)])
    failing = failing_of(ctx, [demand.id]).get(demand.id, frozenset())
    soon = _written_to_lately(ctx, demand)
    holidays = days_off(demand.calendar)
    hours = ctx.settings.working_hours
    return [
        Candidate(
            reader,
            reader_clock.local(ctx.now, reader.time_zone),
            reader_clock.away(ctx.now, reader.time_zone, hours, holidays, demand.calendar),
            reader.email in failing,
            reader.email.lower() in soon,
        )
        for reader in found
    ]


def may_chase(seat: Seat) -> Demand:
    """The demand, if there is anything to ask for. Raises Refused."""
    demand = seat.demand
    if not is_open(demand.state, demand.files_open):
        raise Refused("Nothing is open with the contractor: there is nothing to ask for.")
    return demand


def is_open(state: str, files_open: int) -> bool:
    """Whether there is anything to ask for, in a demand in this state: when somebody decides to
    write, and still when the letter's turn comes."""
    return state in demand_states.WITH_CONTRACTOR and files_open > 0


def written_to(
    ctx: Context,
    seat: Seat,
    duties: Collection[str],
    line: str,
    once: str = "",
    again: bool = False,
) -> list[tuple[Reader, Letter]]:
    """The letters as they would go out now. Raises Refused with the field `to`, `line` or `again`.

    `again`: whoever was written to minutes ago is written to all the same.
    """
    demand = may_chase(seat)
    line = _checked(line)
    if not set(duties) <= set(DUTIES):
        raise Refused("Choose from these readers only.", field="to")
    chosen = [each.reader for each in candidates(ctx, seat) if each.reader.duty in duties]
    if not chosen:
        raise Refused("Choose at least one reader.", field="to")
    soon = _written_to_lately(ctx, demand, but=once)
    chased_lately.check_again([each.name for each in chosen if each.email.lower() in soon], again)
    files = _open_files(ctx, demand)
    facts = about(ctx, demand)
    facts = replace(facts, asked=more_time_asked(ctx, [demand]).get((demand.id, facts.due_on)))
    person = seat.person
    return [
        (
            reader,
            letters.chase_now(
                facts,
                files,
                demand.files_open,
                by=writer(person, facts.controller),
                telephone=telephone_of(person),
                line=line,
                may_answer=reader.person is not None,
            ),
        )
        for reader in chosen
    ]


def chase_now(
    ctx: Context,
    seat: Seat,
    duties: Collection[str],
    line: str,
    once: str,
    again: bool = False,
) -> Sequence[Reader]:
    """Queues the letters; gives to whom they are new.

    `once` is 32 hexadecimal digits that the page made up: sent again with the same ones, nobody is
    written to twice. Raises Refused.
    """
    if not _ONCE.fullmatch(once):
        raise Refused("The page was incomplete. Open it again.")
    # Two who send at the same moment: the second one sees what the first one wrote.
    ctx.session.execute(select(Demand.id).where(Demand.id == seat.demand.id).with_for_update())
    return [
        reader
        for reader, letter in written_to(ctx, seat, duties, line, once, again)
        if post.queue_letter(
            ctx,
            letter=letter,
            key=f"{seat.demand.id}:now:{once}:{reader.key}",
            person=reader.person,
            to_name=reader.name,
            to_email=reader.email,
            organisation_id=reader.organisation_id,
            demand_id=seat.demand.id,
            language=reader.language,
        )
    ]


def _written_to_lately(ctx: Context, demand: Demand, but: str = "") -> set[str]:
    """The addresses that were chased at once minutes ago; not those that page `but` wrote to."""
    rows = ctx.session.execute(
        select(Row.to_email, func.max(Row.queued_at))
        .where(Row.demand_id == demand.id, Row.kind == KIND)
        .group_by(Row.to_email)
    )
    soon = {email.lower() for email, last in rows if chased_lately.is_soon(last, ctx.now)}
    if not but:
        return soon
    same = Row.key.startswith(f"{demand.id}:now:{but}:", autoescape=True)
    mine = ctx.session.scalars(select(Row.to_email).where(Row.demand_id == demand.id, same))
    return soon - {email.lower() for email in mine}


def _checked(line: str) -> str:
    kept = typed(line)
    if wrong := problem(kept, multiline=True):
        raise Refused(wrong, field="line")
    if len(kept) > MOST_LINE:
        raise Refused(
            f"This is {number(len(kept))} characters long. Use {MOST_LINE} or fewer.", field="line"
        )
    return kept


def _open_files(ctx: Context, demand: Demand) -> list[str]:
    return list(
        ctx.session.scalars(
            select(NamedFile.name)
            .where(NamedFile.demand_id == demand.id, NamedFile.state.in_(TO_ANSWER))
            .order_by(NamedFile.position, NamedFile.id)
            .limit(MOST_NAMES)
        )
    )
