"""A demand's burn-down, read from its log's leaves in a handful of queries.

The leaves say what happened and when; the rows beside them say to which file. Nothing is read
that grows with the stores, and no statement is parsed where the rows have what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from attest.database.tables import (
    Attestation,
    Demand,
    LogEntry,
    NamedFile,
    Review,
    ReviewSubject,
    Store,
)
from attest.domain import burn_down as rule
from attest.domain import demand_states
from attest.domain.outcomes import is_settled
from attest.domain.wording import DEMAND_STATES
from attest.services.context import Context
from attest.services.facts.concurrence import counting
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope

# Few leaves, whose bodies are read.
_READ = ("file.reopened", "store.withdrawn", "demand.issued", "demand.amended", "demand.closed")

_Dated = tuple[int, rule.Event]


def burn_down(ctx: Context, demand: Demand) -> rule.BurnDown:
    """The copies of a demand, day by day, until today or until the demand ended."""
    day = _Days(ctx)
    few = _few(ctx, demand)
    withdrawn = {
        str(body["storeId"]): seq for seq, _, kind, body in few if kind == "store.withdrawn"
    }
    events = [
        *_named(ctx, demand, day),
        *_acts(few, withdrawn, day),
        *_signed(ctx, demand, withdrawn, day),
        *_reviewed(ctx, demand, day),
    ]
    events.sort(key=lambda event: event[0])
    until = day(ctx.now)
    if demand.state in demand_states.ENDED and demand.closed_at is not None:
        until = day(demand.closed_at)
    return rule.burn_down(
        (event for _, event in events), until=until, reviewers=len(counting(demand))
    )


class _Days:
    """The day of a moment, where the instance's people are."""

    def __init__(self, ctx: Context) -> None:
        self.zone = ZoneInfo(ctx.settings.time_zone)

    def __call__(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _few(ctx: Context, demand: Demand) -> list[tuple[int, datetime, str, dict[str, Any]]]:
    rows = ctx.session.execute(
        select(LogEntry.seq, LogEntry.at, LogEntry.type, LogEntry.body)
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(_READ))
        .order_by(LogEntry.seq)
    )
    return [(seq, at, kind, _read(body)) for seq, at, kind, body in rows if body is not None]


def _read(body: bytes) -> dict[str, Any]:
    """The plain body, or the predicate of a signed one."""
    found: dict[str, Any] = decode(body)
    if "payload" in found:
        statement: dict[str, Any] = decode(parse_envelope(body).payload)
        found = statement["predicate"]
    return found


def _named(ctx: Context, demand: Demand, day: _Days) -> Iterator[_Dated]:
    """Files and stores, by the leaves that hold their bodies."""
    for seq, at, file_id in ctx.session.execute(
        _leaves(demand, NamedFile.id)
        .join(NamedFile, NamedFile.body_hash == LogEntry.body_hash)
        .where(NamedFile.demand_id == demand.id, LogEntry.type == "file.named")
    ):
        yield seq, rule.FileNamed(day(at), file_id)
    for seq, at, store_id in ctx.session.execute(
        _leaves(demand, Store.id)
        .join(Store, Store.body_hash == LogEntry.body_hash)
        .where(Store.demand_id == demand.id, LogEntry.type == "store.named")
    ):
        yield seq, rule.StoreNamed(day(at), store_id)


def _leaves(demand: Demand, *columns: Any) -> Select[Any]:
    return (
        select(LogEntry.seq, LogEntry.at, *columns)
        .select_from(LogEntry)
        .where(LogEntry.demand_id == demand.id)
    )


def _acts(
    few: Collection[tuple[int, datetime, str, dict[str, Any]]],
    withdrawn: dict[str, int],
    day: _Days,
) -> Iterator[_Dated]:
    left = dict(withdrawn)
    for seq, at, kind, body in few:
        on = day(at)
        if kind == "file.reopened":
            yield seq, rule.Reopened(on, body["fileId"])
        elif kind == "demand.issued":
            yield seq, rule.Told(on, "demand issued")
        elif kind == "demand.amended":
            yield seq, rule.Told(on, "demand amended")
            # A store stands until an amendment whose signer had seen its withdrawal.
            for store_id, leaf in list(left.items()):
                if leaf < body["seen"]["size"]:
                    del left[store_id]
                    yield seq, rule.StoreReleased(on, store_id)
        elif kind == "demand.closed":
            yield seq, rule.Told(on, f"demand {DEMAND_STATES[body['outcome']]}")


def _signed(
    ctx: Context, demand: Demand, withdrawn: Collection[str], day: _Days
) -> Iterator[_Dated]:
    rows = ctx.session.execute(
        _leaves(demand, Attestation.file_id, Attestation.hash, Attestation.excepted)
        .join(
            Attestation,
            (Attestation.demand_id == LogEntry.demand_id) & (Attestation.seq == LogEntry.seq),
        )
        .where(LogEntry.type == "attestation.signed")
    )
    places = _excepted_stores(ctx, demand) if withdrawn else {}
    for seq, at, file_id, found, excepted in rows:
        in_stores = places.get(seq, frozenset())
        yield seq, rule.Signed(day(at), file_id, found, excepted, in_stores)


def _excepted_stores(ctx: Context, demand: Demand) -> dict[int, frozenset[str]]:
    """The stores of each attestation's excepted copies, by its leaf, from the statements."""
    rows = ctx.session.execute(
        select(LogEntry.seq, LogEntry.body)
        .join(
            Attestation,
            (Attestation.demand_id == LogEntry.demand_id) & (Attestation.seq == LogEntry.seq),
        )
        .where(LogEntry.demand_id == demand.id, Attestation.excepted > 0)
    )
    return {
        seq: frozenset(
            copy["storeId"] for copy in _read(body)["copies"] if not is_settled(copy["outcome"])
        )
        for seq, body in rows
        if body is not None
    }


def _reviewed(ctx: Context, demand: Demand, day: _Days) -> Iterator[_Dated]:
    rows = ctx.session.execute(
        _leaves(
            demand,
            ReviewSubject.file_id,
            ReviewSubject.attestation_hash,
            Review.organisation,
            Review.decision,
        )
        .join(Review, (Review.demand_id == LogEntry.demand_id) & (Review.seq == LogEntry.seq))
        .join(ReviewSubject, ReviewSubject.review_hash == Review.hash)
        .where(Review.organisation.in_(counting(demand)))
    )
    for seq, at, file_id, attestation, organisation, decision in rows:
        yield (
            seq,
            rule.Reviewed(day(at), file_id, attestation, organisation, decision == "accepted"),
        )
