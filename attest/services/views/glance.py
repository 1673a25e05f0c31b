"""A demand at a glance: which copies are open, with whom, since when, and what comes next.

Sentences for the head of a demand's page, the same for both sides but for the next letter. They
say "since" from the burn-down, so that a file that was opened again counts from that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from attest.database.tables import Copy, Demand, NamedFile, Store
from attest.domain import demand_states, wording
from attest.domain.burn_down import BurnDown
from attest.domain.file_states import TO_ANSWER
from attest.domain.wording import count, in_working_days, number, short_day
from attest.services.context import Context
from attest.services.facts.calendars import days_off, is_known, today
from attest.services.facts.exceptions import asked_again
from attest.services.views import waiting

# Exceptions that a page lists; the rest is counted.
SHOWN = 3


@dataclass(frozen=True)
class Open:
    """Something that waits, with whom it lies, and what comes next of it. `href`: where it is."""

    what: str
    who: str
    late: bool = False
    then: str = ""
    href: str | None = None


def standing(demand: Demand, found: BurnDown) -> str:
    """How far the demand has come, in a sentence."""
    last = found.last
    if last is None or not last.copies:
        return "No copy is asked about yet."
    parts = [f"{number(last.open)} of {count(last.copies, 'copy')} open"]
    if last.excepted:
        parts.append(f"{number(last.excepted)} excepted")
    parts.append(f"{number(last.settled)} settled")
    said = ", ".join(parts)
    if demand.state in demand_states.ENDED:
        return f"The demand is {wording.DEMAND_STATES[demand.state]}: {said}."
    since = f", the oldest since {short_day(found.open_since)}" if found.open_since else ""
    return f"{said}{since}."


def open_copies(
    ctx: Context,
    demand: Demand,
    found: BurnDown,
    *,
    left: int,
    with_whom: str,
    letters: Mapping[date | None, str] | None = None,
) -> list[Open]:
    """The open copies, a line for each day on which they are due. `left`: not answered yet;
    `letters`: those of next_letters.py, for controllers."""
    if demand.state not in demand_states.LIVE or not demand.files_open:
        return []
    groups = _by_due_day(ctx, demand)
    back = waiting.untouched_files(ctx, demand.id)
    again = waiting.unchanged_files(ctx, demand.id)
    return [
        _copies(
            ctx,
            demand,
            found,
            due_on,
            files,
            _to_do(
                left if len(groups) == 1 else None,
                len(files),
                len(back.intersection(files)),
                len(again.intersection(files)),
            ),
            with_whom,
            letters,
        )
        for due_on, files in sorted(groups.items())
    ]


def _to_do(left: int | None, files: int, back: int, again: int) -> str:
    """What is to be done about open files. `back`: rejected, and answered as before; `again`:
    opened again, and answered as before."""
    parts = []
    if left:
        parts.append(f", {count(left, 'copy')} to be answered")
    if back:
        which = "" if back == files else f"{count(back, 'file')} "
        parts.append(f", {which}rejected, to be put right")
    if left == 0 and again and not back:
        which = "" if again == files else f"{count(again, 'file')} "
        parts.append(f", {which}opened again and answered as before")
    elif left == 0 and not back:
        parts.append(", answered, to be signed")
    return "".join(parts)


def _by_due_day(ctx: Context, demand: Demand) -> dict[date, list[str]]:
    groups: dict[date, list[str]] = {}
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.due_on).where(
            NamedFile.demand_id == demand.id, NamedFile.state.in_(TO_ANSWER)
        )
    )
    for file_id, own in rows:
        days = [on for on in (demand.due_on, own) if on is not None]
        groups.setdefault(max(days, default=date.max), []).append(file_id)
    return groups


def _copies(
    ctx: Context,
    demand: Demand,
    found: BurnDown,
    due_on: date,
    files: Sequence[str],
    to_do: str,
    with_whom: str,
    letters: Mapping[date | None, str] | None,
) -> Open:
    day = today(ctx.settings, ctx.now)
    what = f"{count(len(files) * demand.stores_total, 'copy')} of {count(len(files), 'file')} open"
    since = min((found.open_files[f] for f in files if f in found.open_files), default=None)
    if since is not None:
        what += f" since {short_day(since)}"
    what += to_do
    if due_on == date.max:
        return Open(what, with_whom)
    holidays = days_off(demand.calendar)
    when = in_working_days(day, due_on, holidays)
    late = due_on < day
    then = (
        f"Was due {short_day(due_on)}, {when}." if late else f"Due {wording.day(due_on)}, {when}."
    )
    return Open(what, with_whom, late, f"{then} {_next_letter(demand, due_on, letters)}".strip())


def _next_letter(demand: Demand, due_on: date, letters: Mapping[date | None, str] | None) -> str:
    if demand.disputed_at is not None:
        return "No letter goes out while “not us” is undecided."
    if letters is None or not is_known(demand.calendar):
        return ""  # the contractor reads it, or the controllers' pages say why
    return letters.get(due_on, "No letter is to come by itself: now it takes a telephone.")


def exceptions(ctx: Context, demand: Demand, with_whom: str) -> list[Open]:
    """Copies that are excepted for a time, the first to end first."""
    if demand.state == demand_states.WITHDRAWN:
        return []
    rows = ctx.session.execute(
        select(Copy.signed_outcome, Copy.until, func.count())
        .join(Store, Store.id == Copy.store_id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .where(
            Copy.demand_id == demand.id,
            Copy.until.is_not(None),
            Store.standing,
            ~asked_again(today(ctx.settings, ctx.now)),
        )
        .group_by(Copy.signed_outcome, Copy.until)
        .order_by(Copy.until, Copy.signed_outcome)
    ).all()
    shown = [
        _exception(outcome or "", until, copies, with_whom, today(ctx.settings, ctx.now))
        for outcome, until, copies in rows[:SHOWN]
        if until is not None
    ]
    more = sum(copies for _, _, copies in rows[SHOWN:])
    if more:
        shown.append(Open(f"{count(more, 'copy')} excepted for longer", with_whom))
    return shown


def _exception(outcome: str, until: date, copies: int, with_whom: str, day: date) -> Open:
    what = f"{count(copies, 'copy')}: {wording.OUTCOMES[outcome]} until {short_day(until)}"
    if until <= day:
        return Open(what, with_whom, True, "That has ended: asked for again.")
    return Open(what, with_whom, then=f"Asked for again {in_working_days(day, until)}.")
