"""What a letter about several demands says: made from the rows of those that go along in it.

It is made when the letter is queued, and again when its turn comes. A demand that was settled,
paused or ended in between has left by then (its row is dropped), so nobody is asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from attest.database.tables import Demand, Letter
from attest.domain.working_hours import told_day
from attest.mail import letter as mail
from attest.mail.together_letters import KIND, MOST_LINES, Part, together
from attest.services.chasing.ladder_letters import to_ring
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.calendars import local_day
from attest.services.facts.open_files import first_open
from attest.services.letters import post
from attest.services.letters.failing import failing_of
from attest.services.letters.letter_facts import about, telephone_of, writer
from attest.services.notices.asked_for import more_time_asked

__all__ = ["KIND", "letter_of", "rewrite"]


def rewrite(ctx: Context, carrier: Letter, along: Sequence[Letter]) -> None:
    """Gives the letter that carries `along` the words for these, as they stand now."""
    words = post.words_for(ctx, letter_of(ctx, along), carrier.language)
    carrier.subject = words.subject
    carrier.text = post.addressed(words, carrier.to_name)


def letter_of(ctx: Context, along: Sequence[Letter]) -> mail.Letter:
    """One letter for all these rows: letters of one controller's demands to one reader.

    Raises `ValueError` where there is none, or one is about no demand.
    """
    ids = {row.demand_id for row in along if row.demand_id}
    demands = {
        demand.id: demand
        for demand in ctx.session.scalars(select(Demand).where(Demand.id.in_(sorted(ids))))
    }
    open_files = deadlines.open_by_day(ctx, list(demands.values()))
    names = first_open(
        ctx,
        [(row.demand_id, row.due_on) for row in along if row.demand_id and row.due_on],
        MOST_LINES,
    )
    failing = failing_of(ctx, sorted(ids))
    asked = more_time_asked(ctx, demands.values())
    parts = []
    for row in along:
        demand = demands[row.demand_id or ""]
        day = row.due_on or demand.due_on
        if day is None:
            raise ValueError(f"{row.key}: of which day?")
        files = names.get((demand.id, day), [])
        part = _part(ctx, row, demand, files, open_files[demand.id])
        if part.kind == "controller_late" and demand.id in failing:
            handlers = {person.account.email for person in post.case_handlers(ctx, demand)}
            part = replace(part, stands_in=row.to_email in handlers)
        if part.kind != "not_acknowledged":
            waits = asked.get((demand.id, day))
            part = replace(part, about=replace(part.about, asked=waits))
        parts.append((part, demand))
    if not parts:
        raise ValueError("a letter about no demand")
    _first, demand = min(parts, key=lambda each: each[0].rank)
    ring = to_ring(ctx, demand)
    return together(
        [part for part, _ in parts],
        ring=writer(ring, parts[0][0].about.controller),
        telephone=telephone_of(ring),
    )


def _part(
    ctx: Context, row: Letter, demand: Demand, files: Sequence[str], open_files: Mapping[date, int]
) -> Part:
    facts = about(ctx, demand)
    day = facts.due_on if row.kind == "not_acknowledged" else row.due_on or facts.due_on
    if row.time_zone is not None:
        pages = ctx.settings.time_zone
        facts = replace(facts, today=told_day(ctx.now, row.time_zone, pages, day))
    if row.kind == "not_acknowledged":
        told = demand.issued_at and local_day(ctx.settings, demand.issued_at)
        return Part(row.kind, facts, (), demand.files_open, told)
    return Part(row.kind, replace(facts, due_on=day), files, open_files.get(day, 0))
