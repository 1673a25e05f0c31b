"""Puts the letters that chase into the outbox: those to one reader together, in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from attest.database.tables import Demand, Person
from attest.mail.about import About
from attest.mail.letter import Letter
from attest.services import post
from attest.services.context import Context


class To(Protocol):
    """Who is written to, as far as this module asks (services/readers.py)."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def organisation_id(self) -> str | None: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def person(self) -> Person | None: ...


@dataclass(frozen=True)
class Due:
    """A letter that is due: one rung of one demand, to one reader.

    `key` is whole, the reader's part with it. `due_on` is the day that the rung is counted from,
    `files` are the names of the first open files and `total` is how many are open. `letter` is what
    the reader gets where it goes out by itself.
    """

    demand: Demand
    reader: To
    key: str
    rung: str
    due_on: date
    about: About
    files: Sequence[str]
    total: int
    letter: Letter


def write_together(ctx: Context, due: Sequence[Due]) -> int:
    """Queues what is due; gives how many letters are new. Nobody gets one twice."""
    # In one order, so that two workers who write the same keys wait for each other in turn.
    return sum(_write(ctx, each) for each in sorted(due, key=lambda each: each.key))


def _write(ctx: Context, each: Due) -> bool:
    return post.queue_letter(
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
    )
