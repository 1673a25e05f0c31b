"""Issuing a demand: the signatory signs over the named files and stores.

`file.named`, `store.named` and `demand.issued`, the rows and the letters are one
transaction (docs/formats.md §4).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, LogEntry, SigningKey
from attest.domain import demand_states, drafting
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.accounts.membership import seat_parties
from attest.services.context import Context
from attest.services.facts import child_files
from attest.services.facts.calendars import today
from attest.services.facts.chase_times import look_again
from attest.services.log import prefix
from attest.services.log.ledger import Ledger
from attest.services.log.prepared import (
    Draw,
    Prepared,
    Stale,
    ToSign,
    check_signature,
    expect_same,
    need_key,
    read_signed,
    signer,
)
from attest.services.notices import notices
from attest.statements import build
from attest.statements.envelope import parse_envelope, statement_hash

CHANGED = (
    "The draft changed since you opened this page, so nothing was signed. "
    "Read it once more, then sign."
)


def parties(demand: Demand) -> dict[str, Any]:
    """The `parties` member of the demand."""
    named = {role: [p.name for p in demand.parties if p.role == role] for role in _ROLES}
    return {
        "controllers": [{"name": name, "role": "lead"} for name in named["lead"]]
        + [{"name": name, "role": "joint"} for name in named["joint"]],
        "contractor": {"name": named["contractor"][0]},
        "carriers": [{"name": name} for name in named["carrier"]],
        "concurrence": demand.concurrence,
    }


_ROLES = ("lead", "joint", "contractor", "carrier")


def prepare_issue(ctx: Context, seat: Seat) -> ToSign:
    """What the signatory signs. Raises Refused where the draft is not theirs to sign."""
    demand = _handed_over(ctx, seat)
    key = need_key(ctx, seat, "signatory")
    ledger = prefix.build_prefix(ctx, demand, key)
    draw = Draw(
        build.new_nonce(), ctx.now, build.seen(ledger.origin, ledger.size, ledger.frontier.root)
    )
    payload = _payload(seat, ledger, key, draw)
    bodies = [entry.body for entry in ledger.fresh if entry.type in _LISTED and entry.body]
    context = ledger.judge.context(ledger.size)
    return ToSign(
        keyid=key.keyid,
        key_file=key.key_file,
        items=[Prepared(demand.id, demand.reference, payload)],
        bodies=bodies,
        listing={
            "files": {"count": context.files.count, "sha256": context.files.sha256},
            "stores": {"count": context.stores.count, "sha256": context.stores.sha256},
        },
    )


_LISTED = ("file.named", "store.named")


def issue_demand(ctx: Context, seat: Seat, data: bytes) -> Demand:
    """Issues the demand: log, rows and letters together.

    The same envelope sent twice changes nothing the second time. Raises Refused or Stale.
    """
    demand = seat.demand
    signed = read_signed(data, "deletion-demand")
    if demand.state != demand_states.DRAFT:
        if _issued_by(ctx, demand) == statement_hash(signed.envelope.payload):
            return demand
        raise Stale("This demand has been issued already. Nothing was signed a second time.")
    if demand.handed_at is None:
        raise Stale(CHANGED)
    _handed_over(ctx, seat)
    key = need_key(ctx, seat, "signatory")
    check_signature(key, signed.envelope)
    ledger = prefix.build_prefix(ctx, demand, key)
    expect_same(_payload(seat, ledger, key, signed.draw), signed, CHANGED)
    ledger.append("demand.issued", data)
    ledger.save()
    demand.issued_at = ctx.now
    demand.state = demand_states.ISSUED
    look_again(ctx, demand)
    seat_parties(ctx, seat)
    child_files.link_files(ctx, demand)
    ctx.session.flush()
    notices.issued(ctx, seat, key.keyid)
    return demand


def _issued_by(ctx: Context, demand: Demand) -> str | None:
    """The hash of the statement that issued the demand (its answer may have got lost)."""
    body = ctx.session.scalar(
        select(LogEntry.body).where(
            LogEntry.demand_id == demand.id, LogEntry.type == "demand.issued"
        )
    )
    return statement_hash(parse_envelope(body).payload) if body else None


def _handed_over(ctx: Context, seat: Seat) -> Demand:
    demand = seat.demand
    if demand.handed_at is None:
        raise Refused("This draft has not been handed over yet. The case handler does that.")
    if demand.due_on is not None:
        drafting.check_due(demand.due_on, today(ctx.settings, ctx.now))
    return demand


def _payload(seat: Seat, ledger: Ledger, key: SigningKey, draw: Draw) -> bytes:
    demand = seat.demand
    if not (demand.basis and demand.instruction and demand.due_on):
        raise ValueError("a draft with gaps was handed over")
    return build.deletion_demand(
        demand_id=demand.id,
        reference=demand.reference,
        parties=parties(demand),
        basis=demand.basis,
        action=demand.action,
        due_on=demand.due_on,
        instruction=demand.instruction,
        signer=signer(key),
        seen=draw.seen,
        context=ledger.judge.context(ledger.size),
        nonce=draw.nonce,
        stated_at=draw.stated_at,
    )
