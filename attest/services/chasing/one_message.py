"""Puts the letters that chase into the outbox: those to one reader together, in one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from attest.database import outbox
from attest.database.tables import Demand, Letter
from attest.mail import letter as mail
from attest.mail.about import About
from attest.services.chasing import together
from attest.services.context import Context
from attest.services.facts.readers import Reader
from attest.services.letters import post

# Letters in one message. Each may attach its checkpoint and its due day, and Exchange refuses
# messages of more than 250 parts.
MOST = 100


@dataclass(frozen=True)
class Due:
    """A letter that is due: one rung of one demand, to one reader.

    `key` is whole, the reader's part with it. `due_on` is the day that the rung is counted from,
    `files` are the names of the first open files and `total` is how many are open. `letter` is what
    the reader gets where it goes out by itself.
    """

    demand: Demand
    reader: Reader
    key: str
    rung: str
    due_on: date
    about: About
    files: Sequence[str]
    total: int
    letter: mail.Letter


def write_together(ctx: Context, due: Sequence[Due]) -> int:
    """Queues what is due; gives how many letters are new. Nobody gets one twice.

    Each letter has its own row under its own key, with its own words, so one demand tells nothing
    about another. Where several are new that go from one controller to one address, a further row
    about no demand holds the words for all of them and carries them (`carried_by_id`): only that
    one is claimed, and they go in its message, up to `MOST`. Controllers never learn of each other.
    """
    # In one order, so that two workers who write the same keys wait for each other in turn.
    ordered = sorted({each.key: each for each in due}.values(), key=lambda each: each.key)
    keys = outbox.queue_all(ctx.session, [_row(ctx, each) for each in ordered])
    new = [each for each in ordered if each.key in keys]
    groups: defaultdict[tuple[str, str], list[Due]] = defaultdict(list)
    for each in new:
        groups[each.reader.email.lower(), each.demand.organisation_id].append(each)
    for group in groups.values():
        for start in range(0, len(group), MOST):
            part = group[start : start + MOST]
            if len(part) > 1:
                _bring_together(ctx, part)
    return len(new)


def _bring_together(ctx: Context, group: Sequence[Due]) -> None:
    """One letter that carries all of these, which are queued and seen by nobody else yet."""
    rows = ctx.session.scalars(
        select(Letter).where(Letter.key.in_([each.key for each in group])).order_by(Letter.key)
    ).all()
    reader = group[0].reader
    # Whoever wrote the first of them writes this. Its id and not its key: the same letters may be
    # written once more (after a pause), and then nothing carries them that has gone already.
    key = f"{together.KIND}:{rows[0].id}"
    post.queue_letter(
        ctx,
        letter=together.letter_of(ctx, rows),
        key=key,
        to_name=reader.name,
        to_email=reader.email,
        organisation_id=reader.organisation_id,
        time_zone=reader.time_zone,
        language=reader.language,
    )
    carrier = ctx.session.scalars(select(Letter).where(Letter.key == key)).one()
    for row in rows:
        row.carried_by_id = carrier.id
        row.message_id = carrier.message_id
    ctx.session.flush()


def _row(ctx: Context, each: Due) -> dict[str, Any]:
    return post.row_of(
        ctx,
        letter=each.letter,
        key=each.key,
        to_name=each.reader.name,
        to_email=each.reader.email,
        organisation_id=each.reader.organisation_id,
        demand_id=each.demand.id,
        rung=each.rung,
        due_on=each.due_on,
        time_zone=each.reader.time_zone,
        language=each.reader.language,
    )
