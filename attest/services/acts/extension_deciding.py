"""The lead controller grants more time, grants less than was asked for, or refuses.

A grant moves the due day of the demand's row, or of the files' rows. The signed demand stays as
it is, so that pages show both days.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, update

from attest.database.tables import Amendment, Demand, Extension, ExtensionFile, NamedFile
from attest.domain import demand_states, extensions
from attest.domain.drafting import check_text, need_text
from attest.domain.file_states import TO_ANSWER
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.acts.extending import found, open_files
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.calendars import today
from attest.services.log import aggregates, prefix
from attest.services.log.ledger import open_log
from attest.services.log.prepared import Stale
from attest.services.notices import extension_notices
from attest.statements import build

AS_ASKED, LESS, NO = "as_asked", "less", "no"


@dataclass(frozen=True)
class Decision:
    """What the form asks. `until` and `file_ids` count for `less` only; no files there means
    all that were asked for."""

    answer: str
    until: date | None = None
    reason: str = ""
    file_ids: Sequence[str] = field(default_factory=tuple)


def files_to_choose(ctx: Context, demand: Demand, row: Extension) -> list[NamedFile]:
    """The files for which alone it can be granted: those asked for, else the open ones."""
    asked = {each.file_id for each in row.files if each.asked}
    files = open_files(ctx, demand)
    return [file for file in files if file.id in asked] if asked else files


def decide_extension(ctx: Context, seat: Seat, extension_id: str, decision: Decision) -> Extension:
    """Decides on a request: rows, log and letters. Raises Refused with the field, or Stale.

    The same decision sent twice changes nothing the second time.
    """
    row = found(ctx, seat.demand, extension_id)
    if row.state != extensions.REQUESTED:
        if row.decided_by_id == seat.person.id and row.state == _meant(decision):
            return row
        raise Stale(f"This request was {extensions.STATES[row.state]} meanwhile. Look again.")
    live(seat)
    if seat.demand.state not in demand_states.WITH_CONTRACTOR:
        raise Refused("Every file is signed for by now: there is nothing to give more time for.")
    if decision.answer not in (AS_ASKED, LESS, NO):
        raise Refused("Choose whether you grant it.", field="answer")
    if decision.answer == NO:
        _refuse(ctx, seat, row, decision)
    else:
        _grant(ctx, seat, row, decision)
    return row


def _meant(decision: Decision) -> str:
    return {AS_ASKED: extensions.GRANTED, LESS: extensions.GRANTED_IN_PART}.get(
        decision.answer, extensions.REFUSED
    )


def _refuse(ctx: Context, seat: Seat, row: Extension, decision: Decision) -> None:
    reason = _reason(decision, "Say why you refuse it. The contractor reads it.")
    stands = extension_notices.stands(ctx, seat.demand, row)
    _log_and_keep(ctx, seat, row, stands, extensions.REFUSED, reason, None, reason)


def _grant(ctx: Context, seat: Seat, row: Extension, decision: Decision) -> None:
    asked = {each.file_id for each in row.files if each.asked}
    files, until = set(asked), row.until
    if decision.answer == LESS:
        files = set(decision.file_ids) or asked
        _check_files(ctx, seat.demand, files, asked)
        until = decision.until or row.until
    due_on = deadlines.due_now(ctx, seat.demand, files) or row.due_on
    until = extensions.check_granted(until, row.until, due_on, today(ctx.settings, ctx.now))
    state = extensions.granted_state(row.until, until, asked, files)
    if decision.answer == LESS and state == extensions.GRANTED:
        raise Refused(
            "That is all that they ask for. Choose an earlier day or fewer files, or grant it as "
            "asked.",
            field="answer",
        )
    if state == extensions.GRANTED:
        reason = check_text(decision.reason, "reason", multiline=True, limit=extensions.MOST_REASON)
    else:
        reason = _reason(decision, "Say why you grant less. The contractor reads it.")
    names = _names(ctx, seat.demand, files) if files != asked else []
    total = len(asked) or seat.demand.files_total
    in_log = extensions.reason_in_log(reason, names, total)
    _move(ctx, seat.demand, files, until)
    _keep_files(row, files)
    _log_and_keep(ctx, seat, row, due_on, state, reason, until, in_log)


def _log_and_keep(
    ctx: Context,
    seat: Seat,
    row: Extension,
    stood: date,
    state: str,
    reason: str | None,
    until: date | None,
    reason_in_log: str | None,
) -> None:
    demand = seat.demand
    members = prefix.present(
        {
            "decision": "refused" if until is None else "granted",
            "by": prefix.by(seat),
            "until": until,
            "reason": reason_in_log,
            "request": row.body_hash,
        }
    )
    ledger = open_log(ctx, demand.id)
    row.decided_seq = ledger.append(
        "extension.decided",
        build.plain("extension.decided", demand.id, build.new_nonce(), **members),
    )
    row.state = state
    row.decided_at = ctx.now
    row.decided_by_id = seat.person.id
    row.granted_until = until
    row.decision_reason = reason
    ledger.save()
    aggregates.refresh(ctx, demand, ledger.judge)
    extension_notices.decided(ctx, seat, row, stood)


def _move(ctx: Context, demand: Demand, files: Collection[str], until: date) -> None:
    """Moves the due day of some files, or of the whole demand where none is named."""
    if not files:
        _move_amendment(ctx, demand, until)
        demand.signed_due_on = demand.signed_due_on or demand.due_on
        demand.due_on = until
        ctx.session.flush()
        return
    ids = sorted(files)
    for start in range(0, len(ids), 500):
        ctx.session.execute(
            update(NamedFile)
            .where(NamedFile.demand_id == demand.id, NamedFile.id.in_(ids[start : start + 500]))
            .values(due_on=until),
            execution_options={"synchronize_session": False},
        )
    ctx.session.flush()
    ctx.session.expire_all()


def _move_amendment(ctx: Context, demand: Demand, until: date) -> None:
    """An amendment that is being prepared, and left the day as it was, leaves it so."""
    row = ctx.session.get(Amendment, demand.id)
    if row is not None and row.due_on == demand.due_on:
        row.due_on = until


def _keep_files(row: Extension, files: Collection[str]) -> None:
    known = {each.file_id: each for each in row.files}
    for file_id in files:
        if file_id in known:
            known[file_id].granted = True
        else:
            row.files.append(ExtensionFile(file_id=file_id, asked=False, granted=True))


def _check_files(
    ctx: Context, demand: Demand, files: Collection[str], asked: Collection[str]
) -> None:
    """Fewer files than were asked for; of a request for the demand, any that are open."""
    if asked and not set(files) <= set(asked):
        raise Refused("They did not ask for one of these files. Look again.", field="file")
    if len(files) > extensions.MOST_FILES:
        raise Refused(f"Choose at most {extensions.MOST_FILES:,} files.", field="file")
    if asked or not files:
        return
    ids, open_ones = sorted(files), 0
    for start in range(0, len(ids), 500):
        open_ones += len(
            ctx.session.scalars(
                select(NamedFile.id).where(
                    NamedFile.demand_id == demand.id,
                    NamedFile.id.in_(ids[start : start + 500]),
                    NamedFile.state.in_(TO_ANSWER),
                )
            ).all()
        )
    if open_ones != len(ids):
        raise Refused("One of these files is not open any more. Look again.", field="file")


def _names(ctx: Context, demand: Demand, files: Collection[str]) -> list[str]:
    ids = sorted(files)
    names: list[str] = []
    for start in range(0, len(ids), 500):
        names += ctx.session.scalars(
            select(NamedFile.name).where(
                NamedFile.demand_id == demand.id, NamedFile.id.in_(ids[start : start + 500])
            )
        )
    return names


def _reason(decision: Decision, missing: str) -> str:
    return need_text(
        decision.reason, "reason", missing, multiline=True, limit=extensions.MOST_REASON
    )
