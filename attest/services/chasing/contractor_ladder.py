"""The contractor's ladder: its people, both sides' escalation contacts, the controller's own.

Files of one demand that are due on different days (deadlines.py) have a ladder each. Whose address
fails is passed over: who comes next in the order (domain/ladder.py) gets the letters instead. So
does the liaison, while no officer is named, of what would go to the officer alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from attest.database.tables import ChasePause, Demand, Extension
from attest.domain import demand_states, ladder, ladder_rules
from attest.domain.calendar import add_working_days
from attest.domain.ladder import Rung
from attest.domain.working_hours import local_day
from attest.services.chasing.courses import Course
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.calendars import holidays_of, today
from attest.services.facts.ladders import ladders_of, pauses_of
from attest.services.facts.readers import Reader, Readers, readers_of
from attest.services.letters.failing import failing_of


@dataclass(frozen=True)
class Known:
    """What the ladders of some demands depend on, loaded together."""

    readers: Readers
    ladders: Mapping[str, tuple[Rung, ...]]
    pauses: Mapping[str, ChasePause]
    failing: Mapping[str, frozenset[str]]
    open_by_day: Mapping[str, Mapping[date, int]]
    granted: Mapping[tuple[str, date], datetime]  # when a day was granted, by demand and that day


def load(ctx: Context, demands: Sequence[Demand]) -> Known:
    """A few queries, however many demands."""
    return Known(
        readers_of(ctx, demands),
        ladders_of(ctx, demands),
        pauses_of(ctx, demands),
        failing_of(ctx, [demand.id for demand in demands]),
        deadlines.open_by_day(ctx, demands),
        _granted(ctx, demands),
    )


def without_failing(known: Known, demand: Demand, email: str) -> Known:
    """The same, as if this address of the demand worked."""
    left = known.failing.get(demand.id, frozenset()) - {email.lower()}
    return replace(known, failing={**known.failing, demand.id: left})


def is_chased(demand: Demand) -> bool:
    """Whether the contractor is written to at all.

    A contractor who said "not us" is not: the controller has to decide first.
    """
    return (
        demand.state in demand_states.WITH_CONTRACTOR
        and demand.files_open > 0
        and demand.disputed_at is None
        and demand.due_on is not None
    )


def courses_of(ctx: Context, known: Known, demand: Demand) -> Iterator[Course]:
    """Every reader's ladders of one demand."""
    if not is_chased(demand):
        return
    pause = known.pauses.get(demand.id)
    resumes_on = None if pause is None else pause.until_on
    failing = known.failing.get(demand.id, frozenset())
    for reader, rungs in _rungs_of_readers(known, demand, failing):
        since_issue = tuple(rung for rung in rungs if rung.anchor == ladder.ISSUE)
        if since_issue and demand.issued_at is not None:
            issued_on = today(ctx.settings, demand.issued_at)
            answered = demand.acknowledged_at
            # Who stands in for a liaison whose address fails cannot acknowledge: their letter
            # says what is open, and by when.
            asks = ladder.letter_for(since_issue[0], reader.duty) == since_issue[0].letter
            speaks_of = issued_on if asks else min(known.open_by_day[demand.id])
            yield Course(
                demand,
                reader,
                since_issue,
                local_day(demand.issued_at, reader.time_zone),
                rung_prefix(demand.id, issued_on),
                due_on=speaks_of,
                last_day=None if answered is None else local_day(answered, reader.time_zone),
                resumes_on=resumes_on,
            )
        by_due = tuple(rung for rung in rungs if rung.anchor == ladder.DUE)
        if not by_due:
            continue
        for due_on in sorted(known.open_by_day[demand.id]):
            yield Course(
                demand,
                reader,
                by_due,
                due_on,
                rung_prefix(demand.id, due_on),
                since=_heard_on(known, demand, due_on, reader),
                due_on=due_on,
                resumes_on=resumes_on,
                pages=ctx.settings.time_zone,
            )


def rung_prefix(demand_id: str, anchor_day: date) -> str:
    """What the keys of one ladder's letters begin with."""
    # With the day in it: more time starts the ladder afresh.
    return f"{demand_id}:rung:{anchor_day}"


def _rungs_of_readers(
    known: Known, demand: Demand, failing: frozenset[str]
) -> Iterator[tuple[Reader, tuple[Rung, ...]]]:
    """Who is written to, and at which rungs. Two people behind one address are one reader."""
    found: dict[str, tuple[Reader, list[Rung]]] = {}
    rungs = known.ladders[demand.id]
    for duty in ladder.AUDIENCES:
        named = [rung for rung in rungs if duty in rung.audience]
        for alone in (False, True):
            wanted = [rung for rung in named if ladder.is_officers_alone(rung, duty) is alone]
            if not wanted:
                continue
            for reader in _reachable(known.readers, demand, duty, failing, alone):
                _give(found, reader, wanted)
    for reader, theirs in found.values():
        yield reader, tuple(theirs)


def _give(
    found: dict[str, tuple[Reader, list[Rung]]], reader: Reader, wanted: Sequence[Rung]
) -> None:
    """Has this reader written to at these rungs too; `found` holds one reader for each address."""
    first, theirs = found.setdefault(reader.email.lower(), (reader, []))
    if first.person is None and reader.person is not None:
        # The contractor's contact has the address of one of the controller's people. Who has an
        # account is the reader: a contractor cannot take away their letters by naming them.
        found[reader.email.lower()] = (reader, list(wanted))
    elif first.key == reader.key:
        theirs.extend(rung for rung in wanted if rung not in theirs)
    elif first.organisation_id == reader.organisation_id:
        # The contractor's contact is its liaison too, and gets the letters that ask for an answer.
        # In front, since of two rungs on one day the one behind counts: their own.
        theirs[:0] = ladder_rules.added_to(theirs, wanted, first.duty)


def _reachable(
    readers: Readers, demand: Demand, duty: str, failing: frozenset[str], alone: bool
) -> Sequence[Reader]:
    """Who has the duty and an address that works; else whoever comes next in the order.

    `alone`: of rungs that name the officer and not the liaison, so that nobody else can answer.
    """
    first = readers.of(demand, duty)
    found = [reader for reader in first if reader.email.lower() not in failing]
    # A duty that nobody has is left out (there may be no contact, and the liaison is chased where
    # there is no officer). Not so the liaison's, who has left then, and rungs of the officer alone.
    if found or not (first or alone or duty == ladder.LIAISON):
        return found
    for after in ladder.instead_of(duty, alone):
        found = [
            reader for reader in readers.of(demand, after) if reader.email.lower() not in failing
        ]
        if found:
            return found
    return []


def _heard_on(known: Known, demand: Demand, due_on: date, reader: Reader) -> date | None:
    """The reader's day on which the contractor last heard that this is the day: by the issue, by
    an amendment, or when more time was granted. None for a draft.

    Never after the due day itself: an amendment that comes later only repeats it, and the letters
    that say how late something is go on.
    """
    granted = known.granted.get((demand.id, due_on))
    told = granted or demand.amended_at or demand.issued_at
    if told is None:
        return None
    heard = local_day(told, reader.time_zone)
    if granted is None and demand.due_on is not None and due_on > demand.due_on:
        # Its files were opened again, or added late (deadlines.py), and have a day of their own:
        # a letter said so TIME_AGAIN working days before it.
        again = add_working_days(due_on, -ladder.TIME_AGAIN, holidays_of(demand.calendar))
        heard = max(heard, again)
    return min(heard, due_on)


def _granted(ctx: Context, demands: Sequence[Demand]) -> dict[tuple[str, date], datetime]:
    rows = ctx.session.execute(
        select(Extension.demand_id, Extension.granted_until, Extension.decided_at).where(
            Extension.demand_id.in_([demand.id for demand in demands]),
            Extension.granted_until.is_not(None),
        )
    )
    return {
        (demand_id, until): decided_at
        for demand_id, until, decided_at in rows
        if until is not None and decided_at is not None
    }
