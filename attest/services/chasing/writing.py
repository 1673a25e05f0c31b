"""Writes the letters of rungs that are reached, within one tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from attest.mail.about import MOST_NAMES, About
from attest.mail.letter import Letter
from attest.services.chasing import ladder_letters
from attest.services.chasing.contractor_ladder import Known
from attest.services.chasing.courses import Reached
from attest.services.chasing.one_message import Due, write_together
from attest.services.context import Context
from attest.services.facts.open_files import first_open
from attest.services.letters import post
from attest.services.notices.asked_for import more_time_asked

_log = structlog.get_logger(__name__)


@dataclass
class Written:
    """How many letters are new, and the demands of which one could not be written."""

    new: int = 0
    failed: set[str] = field(default_factory=set)


def write(ctx: Context, known: Known, due: Sequence[tuple[About, Reached]]) -> Written:
    """Queues these letters, each with the facts of its demand."""
    done = Written()
    texts = _Texts(ctx, known, due)
    together: list[Due] = []
    for facts, each in due:
        demand_id = each.course.demand.id
        try:
            if each.course.words is not None:
                letter = each.course.words(replace(facts, today=each.course.today(ctx.now)))
                done.new += _queue(ctx, each, letter)
            elif each.kind == ladder_letters.NOT_ACKNOWLEDGED:
                asked = _ask_to_acknowledge(ctx, facts, each)
                if isinstance(asked, Due):
                    together.append(asked)
                else:
                    done.new += asked
            else:
                together.append(texts.due(facts, each))
        except SQLAlchemyError:
            raise
        except Exception as error:
            # One letter that cannot be written must not keep the others back.
            _log.error("not written", demand=demand_id, rung=each.turn.name, why=str(error))
            done.failed.add(demand_id)
    done.new += write_together(ctx, together)
    return done


class _Texts:
    """The words of the ladder's letters. Several readers of one demand get the same ones."""

    def __init__(self, ctx: Context, known: Known, due: Sequence[tuple[About, Reached]]) -> None:
        self._ctx = ctx
        self._known = known
        self._names = first_open(
            ctx,
            {
                (each.course.demand.id, each.course.due_on)
                for _, each in due
                if each.course.words is None
                and each.course.due_on is not None
                and each.kind != ladder_letters.NOT_ACKNOWLEDGED
            },
            MOST_NAMES,
        )
        self._asked = more_time_asked(
            ctx, (each.course.demand for _, each in due if each.course.words is None)
        )
        self._kept: dict[tuple[str, str, date, date, bool], tuple[About, Letter]] = {}

    def due(self, facts: About, each: Reached) -> Due:
        """A letter as one_message.py takes it."""
        course = each.course
        demand = course.demand
        due_on = course.due_on or facts.due_on
        today = course.today(self._ctx.now)
        files = self._names[demand.id, due_on]
        total = self._known.open_by_day[demand.id][due_on]
        key = (demand.id, each.kind, due_on, today, ladder_letters.in_place(each))
        if key not in self._kept:
            asked = self._asked.get((demand.id, due_on))
            said = replace(facts, due_on=due_on, today=today, asked=asked)
            letter = ladder_letters.letter_of(
                self._ctx,
                self._known.readers,
                each,
                said,
                files,
                total,
                self._known.failing.get(demand.id, frozenset()),
            )
            self._kept[key] = (said, letter)
        said, letter = self._kept[key]
        return Due(
            demand=demand,
            reader=course.reader,
            key=each.key,
            rung=each.turn.name,
            due_on=due_on,
            about=said,
            files=files,
            total=total,
            letter=letter,
        )


def _ask_to_acknowledge(ctx: Context, facts: About, each: Reached) -> Due | bool:
    """The letter for one_message.py; or whether it is new, where its reader has no password yet."""
    course = each.course
    said = replace(facts, today=course.today(ctx.now))
    letter, invitation = ladder_letters.not_acknowledged(
        ctx, course.reader, course.demand, said, course.anchor_day
    )
    if invitation is None and course.due_on is not None:
        return Due(
            demand=course.demand,
            reader=course.reader,
            key=each.key,
            rung=each.turn.name,
            due_on=course.due_on,
            about=said,
            files=(),
            total=course.demand.files_open,
            letter=letter,
        )
    # By itself, whatever else is due: its link is for this reader alone, and works once.
    return post.queue_letter(
        ctx,
        letter=letter,
        key=each.key,
        person=course.reader.person,
        demand_id=course.demand.id,
        invitation=invitation,
        rung=each.turn.name,
        due_on=course.due_on,
        time_zone=course.reader.time_zone,
    )


def _queue(ctx: Context, each: Reached, letter: Letter) -> bool:
    return post.queue_letter(
        ctx,
        letter=letter,
        key=each.key,
        person=each.course.reader.person,
        demand_id=each.course.demand.id,
        rung=each.turn.name,
        time_zone=each.course.reader.time_zone,
    )
