"""Files that come back: an exception has ended, or somebody found out something new.

Nothing is overwritten. A reopened file is attested again, and that attestation supersedes
the last one (docs/formats.md §3, "States").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, update

from attest.database.tables import Copy, Demand, NamedFile, Store
from attest.domain import demand_states
from attest.domain.drafting import need_text
from attest.domain.file_states import TO_ANSWER
from attest.domain.phrases import Phrase, ShortDay, phrase
from attest.domain.refusal import NotFound, Refused
from attest.domain.wording import listing
from attest.mail.marked import OUTCOMES
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts import deadlines, recipients
from attest.services.facts.calendars import today
from attest.services.log import aggregates, prefix
from attest.services.log.ledger import open_log
from attest.services.notices import notices
from attest.statements import build

# Who reopens when a day has come: nobody in person.
WORKER = {"name": "Attest", "role": "Watches the days on which exceptions end"}
MAY_END = (*demand_states.LIVE, demand_states.CLOSED_WITH_EXCEPTIONS)


def reopen_ended_exceptions(ctx: Context) -> int:
    """Reopens each file of which an exception has ended, and gives how many files.

    The ended copies are to be answered again; every other answer stays as it was.
    """
    return sum(reopen_ended(ctx, demand_id) for demand_id in demands_with_ended(ctx))


def demands_with_ended(ctx: Context) -> Sequence[str]:
    """The ids of the demands in which an exception has ended; one query."""
    return ctx.session.scalars(
        select(Copy.demand_id)
        .distinct()
        .join(Demand, Demand.id == Copy.demand_id)
        .join(NamedFile, NamedFile.id == Copy.file_id)
        .join(Store, Store.id == Copy.store_id)
        .where(*_ended(today(ctx.settings, ctx.now)), Demand.state.in_(MAY_END))
        .order_by(Copy.demand_id)
    ).all()


def _ended(day: date) -> tuple[ColumnElement[bool], ...]:
    return (Copy.until <= day, NamedFile.state != "open", Store.standing.is_(True))


def reopen_ended(ctx: Context, demand_id: str) -> int:
    """Reopens the files of one demand whose exceptions have ended, in one append."""
    day = today(ctx.settings, ctx.now)
    # The log is opened first: it holds the demand, so that what is found then stays so.
    ledger = open_log(ctx, demand_id)
    demand = ctx.session.get_one(Demand, demand_id)
    found = ctx.session.execute(
        select(NamedFile, Store, Copy)
        .join(Copy, Copy.file_id == NamedFile.id)
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id == demand_id, *_ended(day))
        .order_by(NamedFile.position, Store.position)
    ).all()
    if not found or demand.state not in MAY_END:
        return 0
    names: dict[str, str] = {}
    ended: dict[str, list[Phrase]] = defaultdict(list)
    for file, store, copy in found:
        names[file.id] = file.name
        ended[file.id].append(_in_words(copy, store))
        # What the officer has answered since, as after a rejection, stays.
        if copy.answer and _until(copy.answer) <= day:
            copy.answer = None
    was = demand.state
    by = WORKER | {"organisation": ctx.settings.instance_name}
    for file_id, where in ended.items():
        ledger.append(
            "file.reopened",
            build.plain(
                "file.reopened",
                demand.id,
                build.new_nonce(),
                fileId=file_id,
                reason=f"An exception has ended: {listing(where)}.",
                by=by,
            ),
        )
    ledger.save()
    demand.closed_at = None
    due_on = deadlines.give_time(ctx, demand, ended)
    aggregates.refresh(ctx, demand, ledger.judge)
    everywhere = sorted({place for places in ended.values() for place in places})
    notices.reopened(
        ctx,
        demand,
        [names[file_id] for file_id in ended],
        phrase("An exception has ended: %(where)s.", where=everywhere),
        was=was if was in demand_states.ENDED else None,
        due_on=due_on,
    )
    return len(ended)


def _in_words(copy: Copy, store: Store) -> Phrase:
    what = OUTCOMES[copy.signed_outcome or ""]
    if copy.until is None:
        return phrase("%(what)s in “%(store)s”", what=what, store=store.label)
    until = ShortDay(copy.until)
    return phrase("%(what)s in “%(store)s” until %(day)s", what=what, store=store.label, day=until)


def _until(answer: Mapping[str, Any]) -> date:
    """The end of an answer's exception; of one that has none, the last day there is."""
    until = answer.get("exception", {}).get("until")
    return date.fromisoformat(until) if until else date.max


@dataclass(frozen=True)
class Consequences:
    """What opening a file again brings about, for the page that asks.

    `ended`: the state in which the demand ended, None while it is open. `also_open`: other files
    that come back with it, because the demand ended before they were done. `due_on`: by when the
    file is to be answered again, None without a due date.
    """

    ended: str | None
    also_open: int
    due_on: date | None


def consequences(ctx: Context, seat: Seat, file: NamedFile) -> Consequences:
    """What `reopen_file` would bring about now."""
    demand = seat.demand
    others = demand.files_open - (file.state in TO_ANSWER)
    ended = demand.state in demand_states.ENDED
    due_on = deadlines.again_on(ctx, demand)
    if due_on is not None and file.due_on is not None:
        due_on = max(due_on, file.due_on)
    return Consequences(demand.state if ended else None, others if ended else 0, due_on)


def why_not(seat: Seat, file: NamedFile) -> str | None:
    """Why this reader cannot open the file again, in a sentence; None where they can."""
    demand = seat.demand
    if demand.state == demand_states.WITHDRAWN and not seat.lead:
        return (
            "The lead controller withdrew this demand, so nothing more is asked for. Tell them "
            "what was found: only they can open it again."
        )
    if file.state in TO_ANSWER and demand.state not in demand_states.ENDED:
        return "This file is open already."
    return None


def reopen_file(
    ctx: Context, seat: Seat, file_id: str, reason: str, stores: Collection[str] = ()
) -> None:
    """Either side opens a file again, and says why; a demand that ended is open again with it.

    `stores`: where a copy was found. Their answers are asked for again, all others stay filled in.
    The log takes this at any time (docs/formats.md §7, "Reopening again").

    Raises Refused with the field, and NotFound for a file or store of another demand.
    """
    why = need_text(reason, "reason", "Say why the file is opened again.", multiline=True)
    file = ctx.session.scalar(
        select(NamedFile).where(NamedFile.id == file_id, NamedFile.demand_id == seat.demand.id)
    )
    if file is None:
        raise NotFound
    refused = why_not(seat, file)
    if refused:
        raise Refused(refused)
    _ask_again(ctx, file, stores)
    recipients.opened_again(ctx, file.id)
    demand, was = seat.demand, seat.demand.state
    ledger = open_log(ctx, demand.id)
    ledger.append(
        "file.reopened",
        build.plain(
            "file.reopened",
            demand.id,
            build.new_nonce(),
            fileId=file_id,
            reason=why,
            by=prefix.by(seat),
        ),
    )
    ledger.save()
    demand.closed_at = None
    due_on = deadlines.give_time(ctx, demand, [file_id])
    aggregates.refresh(ctx, demand, ledger.judge)
    notices.reopened(
        ctx,
        demand,
        [file.name],
        why,
        by=seat,
        was=was if was in demand_states.ENDED else None,
        due_on=due_on,
    )


def _ask_again(ctx: Context, file: NamedFile, stores: Collection[str]) -> None:
    wanted = set(stores)
    if not wanted:
        return
    standing = set(
        ctx.session.scalars(
            select(Store.id).where(Store.demand_id == file.demand_id, Store.standing)
        )
    )
    if not wanted <= standing:
        raise NotFound
    ctx.session.execute(
        update(Copy)
        .where(Copy.file_id == file.id, Copy.store_id.in_(sorted(wanted)))
        .values(answer=None),
        execution_options={"synchronize_session": False},
    )
    ctx.session.flush()
    ctx.session.expire_all()
