"""A letter as its reader would get it now, for pages that show it before it goes.

Nothing is queued, and no link is made: in its place stands that there will be one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from attest.database import log_rows
from attest.database.tables import Demand
from attest.mail import own_templates
from attest.mail.about import MOST_NAMES
from attest.mail.finishing import Carried, finish
from attest.mail.letter import Letter
from attest.services.chasing import ladder_letters
from attest.services.chasing.courses import Reached
from attest.services.chasing.forecast import Coming
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.open_files import first_open
from attest.services.facts.readers import Reader, readers_of
from attest.services.letters import post, receipts
from attest.services.letters.failing import failing_of
from attest.services.letters.letter_facts import about
from attest.services.notices.asked_for import more_time_asked

A_LINK = "(a link of their own, made when the letter goes out)"


@dataclass(frozen=True)
class Shown:
    """A letter as it stands now, in its reader's language."""

    reader: Reader
    language: str
    subject: str
    text: str


def shown(ctx: Context, demand: Demand, reader: Reader, letter: Letter) -> Shown:
    """What the reader would read if it went out now."""
    own = ctx.settings.letters_path
    words = own_templates.words(letter, reader.language, own)
    head = log_rows.read_head(ctx.session, demand.id)
    carried = Carried(demand.id, demand.reference, None if head is None else head.checkpoint)
    finished = finish(
        post.addressed(words, reader.name),
        language=words.language,
        link=A_LINK,
        receipt=A_LINK if receipts.demand_asks(demand, reader.organisation_id) else None,
        carried=[carried],
        sender=ctx.settings.mail_from,
        now=ctx.now,
        own=own,
    )
    return Shown(reader, words.language, words.subject, finished.text)


def coming_letter(ctx: Context, each: Coming) -> Shown:
    """A letter that will go out: of its own day, about what is open now."""
    course = each.reached.course
    demand, reader = course.demand, course.reader
    # Who has no password gets a link with it, which is made when the letter is written.
    invited = reader.person is not None and reader.person.account.password_hash is None
    ends = each.at + timedelta(days=ctx.settings.invitation_days) if invited else None
    return shown(ctx, demand, reader, letter_of(ctx, each.reached, each.at, ends))


def letter_of(
    ctx: Context, reached: Reached, at: datetime, link_ends_at: datetime | None
) -> Letter:
    """A letter that chases, of its reader's day at `at`, about what is open now.

    `link_ends_at`: until when the link works in one that asks to acknowledge; None for no link.
    """
    course = reached.course
    demand = course.demand
    facts = replace(about(ctx, demand), today=course.today(at))
    if course.words is not None:
        return course.words(facts)
    if reached.kind == ladder_letters.NOT_ACKNOWLEDGED:
        anchor = course.anchor_day
        return ladder_letters.asks_to_acknowledge(ctx, demand, facts, anchor, link_ends_at)
    due_on = course.due_on or facts.due_on
    return ladder_letters.letter_of(
        ctx,
        readers_of(ctx, [demand]),
        reached,
        replace(
            facts, due_on=due_on, asked=more_time_asked(ctx, [demand]).get((demand.id, due_on))
        ),
        first_open(ctx, [(demand.id, due_on)], MOST_NAMES)[demand.id, due_on],
        deadlines.open_by_day(ctx, [demand])[demand.id][due_on],
        failing_of(ctx, [demand.id]).get(demand.id, frozenset()),
    )
