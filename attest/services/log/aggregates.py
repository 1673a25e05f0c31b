"""What lists and pages show of a demand, kept by the transaction that changes it.

`refresh` writes it from the judge; `attest check` computes the same and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, func, select, update

from attest.bundle.judge import Judge
from attest.database.tables import Attestation, Copy, Demand, NamedFile, Store
from attest.domain import demand_states, standing
from attest.domain.outcomes import OUTCOMES
from attest.services.context import Context
from attest.services.facts import unsent
from attest.services.facts.chase_times import look_again

OPEN = frozenset({standing.OPEN, standing.REJECTED})
ATTESTED = frozenset({standing.ATTESTED, standing.ATTESTED_WITH_EXCEPTIONS})
SETTLED = frozenset(name for name, outcome in OUTCOMES.items() if outcome.settled)


@dataclass(frozen=True)
class Computed:
    """A demand's aggregates, as its log and its copies give them."""

    files: dict[str, tuple[str, str | None]]  # fileId -> state, last attestation
    standing_stores: frozenset[str]
    counts: dict[str, int]
    open_due_on: date | None
    state: str
    attestations: dict[str, str] = field(default_factory=dict)  # statement hash -> state


def compute(ctx: Context, demand: Demand, judge: Judge) -> Computed:
    """Everything derived, without changing a row."""
    view = standing.View(judge.facts, None, standing.every_statement)
    files: dict[str, tuple[str, str | None]] = {}
    attestations: dict[str, str] = {}
    states: Counter[str] = Counter()
    for named in judge.facts.files():
        how = view.file(named.number)
        last = how.attestation.statement if how.attestation else None
        files[named.file_id] = (how.state, last)
        states[how.state] += 1
        for earlier in judge.facts.attestations(named.number):
            attestations[earlier.statement] = (
                "superseded"
                if earlier.statement != last
                else view.decision(named.number, earlier) or "signed"
            )
    stores = frozenset(store.store_id for store in view.stores)
    settled, excepted = _copies(ctx, demand, stores)
    started = bool(attestations) or _any_answer(ctx, demand)
    files_open = sum(states[state] for state in OPEN)
    outcome = view.closure.outcome if view.closure else None
    return Computed(
        files=files,
        standing_stores=stores,
        counts={
            "files_total": len(files),
            "files_open": files_open,
            "files_attested": sum(states[state] for state in ATTESTED),
            "files_accepted": states[standing.ACCEPTED],
            "stores_total": len(stores),
            "copies_settled": settled,
            "copies_excepted": excepted,
        },
        open_due_on=_open_due_on(ctx, demand, files),
        state=demand_states.state_of(
            issued=view.demand is not None,
            acknowledged=demand.acknowledged_at is not None,
            started=started,
            files_open=files_open,
            outcome=outcome,
        ),
        attestations=attestations,
    )


def refresh(ctx: Context, demand: Demand, judge: Judge) -> None:
    """Brings the rows up to the log, after an act appended to it."""
    ctx.session.flush()
    computed = compute(ctx, demand, judge)
    for name, value in computed.counts.items():
        setattr(demand, name, value)
    demand.open_due_on = computed.open_due_on
    demand.state = computed.state
    look_again(ctx, demand)
    if demand.state in demand_states.ENDED:
        unsent.forget_demand(ctx, demand)
    _update_files(ctx, demand, computed)
    _update_attestations(ctx, demand, computed)
    ctx.session.flush()


def _copies(ctx: Context, demand: Demand, stores: Iterable[str]) -> tuple[int, int]:
    from_rows = ctx.session.execute(
        select(Copy.signed_outcome, func.count())
        .where(
            Copy.demand_id == demand.id,
            Copy.signed_outcome.is_not(None),
            Copy.store_id.in_(list(stores)),
        )
        .group_by(Copy.signed_outcome)
    )
    settled = excepted = 0
    for outcome, count in from_rows:
        if outcome in SETTLED:
            settled += count
        else:
            excepted += count
    return settled, excepted


def _open_due_on(
    ctx: Context, demand: Demand, files: Mapping[str, tuple[str, str | None]]
) -> date | None:
    """The earliest day of the open files, where each is due later than the demand."""
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.due_on).where(
            NamedFile.demand_id == demand.id, NamedFile.due_on > demand.due_on
        )
    )
    later: dict[str, date | None] = {row[0]: row[1] for row in rows}
    days = {later.get(file_id) for file_id, (state, _) in files.items() if state in OPEN}
    return None if None in days else min((day for day in days if day), default=None)


def _any_answer(ctx: Context, demand: Demand) -> bool:
    found = ctx.session.scalar(
        select(Copy.file_id).where(Copy.demand_id == demand.id, Copy.answer.is_not(None)).limit(1)
    )
    return found is not None


def _update_files(ctx: Context, demand: Demand, computed: Computed) -> None:
    rows = ctx.session.execute(
        select(NamedFile.id, NamedFile.state, NamedFile.last_attestation).where(
            NamedFile.demand_id == demand.id
        )
    )
    changed = [
        {
            "row": file_id,
            "new_state": computed.files[file_id][0],
            "last": computed.files[file_id][1],
        }
        for file_id, state, last in rows
        if file_id in computed.files and computed.files[file_id] != (state, last)
    ]
    if changed:
        table = NamedFile.__table__
        ctx.session.connection().execute(
            update(NamedFile)
            .where(table.c.id == bindparam("row"))
            .values(state=bindparam("new_state"), last_attestation=bindparam("last")),
            changed,
        )
        ctx.session.expire_all()
    for store in ctx.session.scalars(select(Store).where(Store.demand_id == demand.id)):
        store.standing = store.id in computed.standing_stores


def _update_attestations(ctx: Context, demand: Demand, computed: Computed) -> None:
    rows = ctx.session.execute(
        select(Attestation.hash, Attestation.state).where(Attestation.demand_id == demand.id)
    )
    changed = [
        {"row": found, "new_state": computed.attestations[found]}
        for found, state in rows
        if computed.attestations.get(found, state) != state
    ]
    if changed:
        table = Attestation.__table__
        ctx.session.connection().execute(
            update(Attestation)
            .where(table.c.hash == bindparam("row"))
            .values(state=bindparam("new_state")),
            changed,
        )
        ctx.session.expire_all()
