"""Closing a demand, or withdrawing it: the lead controller's signatory signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import Attestation, Demand, LogEntry, NamedFile, SigningKey
from attest.domain import demand_states, rulings
from attest.domain.drafting import need_text
from attest.domain.refusal import Refused
from attest.domain.wording import DEMAND_STATES, count, listing
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import children, concurrence
from attest.services.log import aggregates
from attest.services.log.ledger import Ledger, open_log, read_log
from attest.services.log.prepared import (
    Draw,
    Prepared,
    Stale,
    ToSign,
    check_signature,
    expect_same,
    listing_of,
    need_key,
    read_signed,
    signer,
)
from attest.services.notices import child_notices, notices
from attest.statements import build
from attest.statements.envelope import parse_envelope, statement_hash

OUTCOMES = ("closed", "closed_with_exceptions", "withdrawn")


def obstacles(ctx: Context, seat: Seat) -> list[str]:
    """What stands in the way of closing; withdrawing is always possible."""
    demand = seat.demand
    found = []
    if demand.files_open:
        found.append(f"{count(demand.files_open, 'file')} still open with the contractor.")
    if demand.files_attested:
        found.append(
            f"{count(demand.files_attested, 'attestation')} to be reviewed{_by(ctx, demand)}."
        )
    found += [
        f"The demand {child.reference} against {child.passed_to} has not ended: it is "
        f"{DEMAND_STATES[child.state]}."
        for child in children.not_ended(ctx, [demand.id]).get(demand.id, [])
    ]
    return found


def _by(ctx: Context, demand: Demand) -> str:
    """Where each controller's own review counts: whose are missing."""
    if demand.concurrence != "each":
        return ""
    left = concurrence.waiting_in(ctx, [demand.id]).get(demand.id, [])
    return f" by {listing(each.organisation for each in left)}" if left else ""


@dataclass(frozen=True)
class Closable:
    """How a demand could be closed now; no outcome where something stands in the way."""

    outcome: str | None
    obstacles: Sequence[str]


def closable(ctx: Context, seat: Seat) -> Closable:
    """Both, asked once: exceptions that live permit only the one outcome.

    The attestations say it, with copies in stores that were let go since (step 12).
    """
    found = obstacles(ctx, seat)
    return Closable(None if found else _outcome(ctx, seat), found)


def _outcome(ctx: Context, seat: Seat) -> str:
    excepted = ctx.session.scalar(
        select(Attestation.hash)
        .join(NamedFile, NamedFile.last_attestation == Attestation.hash)
        .where(NamedFile.demand_id == seat.demand.id, Attestation.excepted > 0)
        .limit(1)
    )
    return "closed_with_exceptions" if excepted else "closed"


def prepare_closure(ctx: Context, seat: Seat, outcome: str, reason: str | None) -> ToSign:
    """What the signatory signs. Raises Refused with the field."""
    live(seat)
    key = need_key(ctx, seat, "signatory")
    tidy = _check(ctx, seat, outcome, reason)
    ledger = read_log(ctx, seat.demand.id)
    draw = Draw(
        build.new_nonce(), ctx.now, build.seen(ledger.origin, ledger.size, ledger.frontier.root)
    )
    payload = _payload(seat, key, ledger, outcome, tidy, draw, ledger.size)
    context = ledger.judge.context(ledger.size)
    return ToSign(
        keyid=key.keyid,
        key_file=key.key_file,
        items=[Prepared("closure", seat.demand.reference, payload)],
        listing=listing_of(context),
        reference=seat.demand.reference,
    )


def close_demand(ctx: Context, seat: Seat, data: bytes) -> None:
    """Appends the closure. The same one twice changes nothing. Raises Refused or Stale."""
    signed = read_signed(data, "demand-closure")
    if closed_by(ctx, seat) == statement_hash(signed.envelope.payload):
        if seat.demand.state in demand_states.ENDED:
            return
        raise Stale("This demand has been opened again since it was closed. Nothing was signed.")
    live(seat)
    key = need_key(ctx, seat, "signatory")
    check_signature(key, signed.envelope)
    outcome = str(signed.predicate.get("outcome"))
    reason = _check(ctx, seat, outcome, signed.predicate.get("reason"))
    ledger = open_log(ctx, seat.demand.id)
    size = signed.draw.seen["size"]
    _expect_nothing_new(ctx, seat, size)
    expect_same(
        _payload(seat, key, ledger, outcome, reason, signed.draw, size),
        signed,
        "This closure is not the one that the page showed. Nothing was signed. Look again.",
    )
    ledger.copy_key_statements([key.keyid])
    ledger.append("demand.closed", data)
    ledger.save()
    seat.demand.closed_at = ctx.now
    aggregates.refresh(ctx, seat.demand, ledger.judge)
    notices.closed(ctx, seat, outcome, reason)
    child_notices.ended(ctx, seat.demand)


def closed_by(ctx: Context, seat: Seat) -> str | None:
    """The hash of the statement that closed the demand."""
    body = ctx.session.scalar(
        select(LogEntry.body)
        .where(LogEntry.demand_id == seat.demand.id, LogEntry.type == "demand.closed")
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )
    return statement_hash(parse_envelope(body).payload) if body else None


def _expect_nothing_new(ctx: Context, seat: Seat, size: int) -> None:
    """A closure covers every earlier leaf but letters and keys (docs/formats.md §3, `seen`)."""
    newer = ctx.session.scalars(
        select(LogEntry.type).where(LogEntry.demand_id == seat.demand.id, LogEntry.seq >= size)
    )
    if any(not kind.startswith(("letter.", "key.")) for kind in newer):
        raise Stale(
            "Something happened in this demand since you opened this page. Nothing was signed. "
            "Look at what is new, then close."
        )


def _check(ctx: Context, seat: Seat, outcome: str, reason: str | None) -> str | None:
    if outcome not in OUTCOMES:
        raise Refused("Choose whether to close or to withdraw the demand.", field="outcome")
    if outcome == "withdrawn":
        return need_text(reason, "reason", "Say why the demand is withdrawn.", multiline=True)
    now = closable(ctx, seat)
    possible = now.outcome
    if possible is None:
        raise Stale("The demand cannot be closed yet: " + " ".join(now.obstacles))
    if outcome != possible:
        raise Refused(
            "Some copies are not settled, so the demand can only be closed with exceptions."
            if possible == "closed_with_exceptions"
            else "Every copy is settled, so the demand is closed without exceptions.",
            field="outcome",
        )
    if not (reason and reason.strip()):
        if names := children.unexplained(ctx, seat.demand):
            raise Refused(rulings.reason_to_close(names), field="reason")
        return None
    return need_text(reason, "reason", "", multiline=True)


def _payload(
    seat: Seat,
    key: SigningKey,
    ledger: Ledger,
    outcome: str,
    reason: str | None,
    draw: Draw,
    size: int,
) -> bytes:
    return build.demand_closure(
        demand_id=seat.demand.id,
        outcome=outcome,
        reason=reason,
        signer=signer(key),
        seen=draw.seen,
        context=ledger.judge.context(size),
        nonce=draw.nonce,
        stated_at=draw.stated_at,
    )


def open_files(ctx: Context, seat: Seat) -> list[NamedFile]:
    """The files that are not accepted, in the demand's order; at most fifty."""
    return list(
        ctx.session.scalars(
            select(NamedFile)
            .where(NamedFile.demand_id == seat.demand.id, NamedFile.state != "accepted")
            .order_by(NamedFile.position)
            .limit(50)
        )
    )
