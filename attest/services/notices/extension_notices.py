"""Who is told about more time: the lead controller of a request, both sides of a decision."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from attest.database.tables import Demand, Extension, NamedFile, Person
from attest.domain import extensions
from attest.domain.calendar import working_days_between
from attest.domain.phrases import Phrase
from attest.mail import letters
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.calendars import days_off
from attest.services.letters import post
from attest.services.letters.letter_facts import about, writer


def asked_words(demand: Demand, row: Extension) -> Phrase:
    """What a request asks for, in words: "3 more working days, until …"."""
    days = working_days_between(row.due_on, row.until, days_off(demand.calendar))
    files = sum(each.asked for each in row.files)
    return extensions.asked_words(row.until, row.due_on, days, files, demand.files_total)


def stands(ctx: Context, demand: Demand, row: Extension) -> date:
    """The day on which what a request is about is due now: an amendment may have moved it since."""
    asked = [each.file_id for each in row.files if each.asked]
    return deadlines.due_now(ctx, demand, asked) or row.due_on


def file_names(ctx: Context, row: Extension, *, granted: bool = False) -> list[str]:
    """The files that a request is about, or for which it was granted; in the demand's order."""
    ids = [each.file_id for each in row.files if (each.granted if granted else each.asked)]
    named: list[tuple[int, str]] = []
    for start in range(0, len(ids), 500):
        named += [
            (position, name)
            for position, name in ctx.session.execute(
                select(NamedFile.position, NamedFile.name).where(
                    NamedFile.id.in_(ids[start : start + 500])
                )
            )
        ]
    return [name for _, name in sorted(named)]


def requested(ctx: Context, seat: Seat, row: Extension) -> None:
    """To the lead controller's case handlers and signatories: they decide."""
    demand = seat.demand
    letter = letters.extension_requested(
        about(ctx, demand),
        writer(seat.person, seat.organisation),
        asked_words(demand, row),
        row.due_on,
        row.reason,
        file_names(ctx, row),
    )
    _write(ctx, demand, letter, post.lead_controller(ctx, demand), row)


def withdrawn(ctx: Context, seat: Seat, row: Extension) -> None:
    """To the lead controller."""
    demand = seat.demand
    letter = letters.extension_withdrawn(
        about(ctx, demand),
        writer(seat.person, seat.organisation),
        asked_words(demand, row),
        stands(ctx, demand, row),
    )
    _write(ctx, demand, letter, post.lead_controller(ctx, demand), row)


def decided(ctx: Context, seat: Seat, row: Extension, stood: date) -> None:
    """To both sides, joint controllers too. `stood`: the day before this was decided."""
    demand = seat.demand
    facts, by = about(ctx, demand), writer(seat.person, seat.organisation)
    asked = asked_words(demand, row)
    if row.granted_until is None:
        letter = letters.extension_refused(facts, by, asked, stood, row.decision_reason or "")
    else:
        letter = letters.extension_granted(
            facts,
            by,
            asked,
            stood,
            row.granted_until,
            row.decision_reason,
            file_names(ctx, row, granted=True),
            in_part=row.state == extensions.GRANTED_IN_PART,
        )
    everybody = [
        *post.contractor_people(demand),
        *post.lead_controller(ctx, demand),
        *post.joint_controllers(ctx, demand),
    ]
    _write(ctx, demand, letter, everybody, row)


def _write(
    ctx: Context, demand: Demand, letter: letters.Letter, people: list[Person], row: Extension
) -> None:
    key = f"{letter.kind}:{row.id}"
    post.write_to(ctx, people, letter=letter, key=key, demand=demand)
