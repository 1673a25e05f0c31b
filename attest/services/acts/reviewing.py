"""The controller's review: accept or reject attestations, one signature for many.

The signer of an attestation never reviews it, and an accepted file needs a confirmed key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database import log_rows
from attest.database.tables import (
    Attestation,
    LogEntry,
    NamedFile,
    Review,
    ReviewSubject,
    SigningKey,
)
from attest.domain.drafting import need_text
from attest.domain.file_states import TO_REVIEW
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.context import Context
from attest.services.facts import demand_keys, rulings
from attest.services.log import aggregates
from attest.services.log.ledger import open_log
from attest.services.log.prepared import (
    Draw,
    Prepared,
    Signed,
    Stale,
    ToSign,
    check_signature,
    expect_same,
    need_key,
    read_signed,
    signer,
)
from attest.services.log.row_context import load_context
from attest.services.notices import notices
from attest.statements import build
from attest.statements.envelope import parse_envelope, statement_hash

MOST = 1_000  # subjects a review (docs/formats.md §3)


@dataclass(frozen=True)
class Subject:
    """An attestation that waits for a review, with its very bytes."""

    file_id: str
    hash: str
    keyid: str
    payload: bytes


def reviewable(ctx: Context, seat: Seat) -> list[str]:
    """The files that wait for this organisation's review, in the demand's order.

    Under concurrence `each`, a file that this organisation has reviewed waits for others.
    """
    mine = (
        select(ReviewSubject.attestation_hash)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(Review.demand_id == seat.demand.id, Review.organisation == seat.organisation)
    )
    return list(
        ctx.session.scalars(
            select(NamedFile.id)
            .where(
                NamedFile.demand_id == seat.demand.id,
                NamedFile.state.in_(TO_REVIEW),
                NamedFile.last_attestation.not_in(mine),
            )
            .order_by(NamedFile.position)
        )
    )


def may_review(seat: Seat) -> None:
    """Whether this organisation's review counts. Raises Refused."""
    if not seat.lead and seat.demand.concurrence != "each":
        raise Refused("In this demand the lead controller's review counts. You can read it all.")


def prepare_review(
    ctx: Context, seat: Seat, file_ids: Sequence[str], decision: str, reason: str | None
) -> ToSign:
    """What the signatory signs to accept or reject these files' last attestations.

    Raises Refused with the field.
    """
    live(seat)
    may_review(seat)
    key = need_key(ctx, seat, "signatory")
    if decision not in ("accepted", "rejected"):
        raise Refused("Choose accept or reject.", field="decision")
    tidy = _reason(decision, reason)
    waiting = set(reviewable(ctx, seat))
    chosen = [file_id for file_id in dict.fromkeys(file_ids) if file_id in waiting]
    if not chosen:
        raise Refused("Choose at least one file to review.", field="file")
    if len(chosen) > MOST:
        raise Refused(f"Choose at most {MOST:,} files for one signature.", field="file")
    subjects = _subjects(ctx, seat, chosen)
    rulings.expect_reason(ctx, seat.demand, chosen, decision, tidy)
    _check_keys(ctx, seat, subjects, decision)
    head = log_rows.read_head(ctx.session, seat.demand.id)
    if head is None:
        raise Refused("This demand has no log yet. It must be issued first.")
    context = load_context(ctx, seat.demand, chosen)
    draw = Draw(build.new_nonce(), ctx.now, build.seen(context.origin, head.size, head.root))
    payload = _payload(ctx, seat, key, subjects, decision, tidy, draw)
    return ToSign(
        keyid=key.keyid,
        key_file=key.key_file,
        items=[Prepared("review", "review", payload)],
        bodies=[context.bodies[file_id] for file_id in chosen]
        + [context.store_rows[store_id] for store_id in sorted(context.store_rows)],
        reference=seat.demand.reference,
        reviewed={"review": [subject.payload for subject in subjects]},
    )


def review_attestations(ctx: Context, seat: Seat, data: bytes) -> None:
    """Appends a signed review. The same one twice changes nothing. Raises Refused or Stale."""
    signed = read_signed(data, "attestation-review")
    found = statement_hash(signed.envelope.payload)
    if ctx.session.get(Review, found) is not None:
        return
    live(seat)
    may_review(seat)
    key = need_key(ctx, seat, "signatory")
    check_signature(key, signed.envelope)
    ledger = open_log(ctx, seat.demand.id)
    decision = str(signed.predicate.get("decision"))
    named = [(item["name"], item["digest"]["sha256"]) for item in signed.statement["subject"]]
    waiting = set(reviewable(ctx, seat))
    if any(file_id not in waiting for file_id, _ in named):
        raise Stale(
            "One of these files has been reviewed, reopened or attested again since you opened "
            "this page. Nothing was signed. Look again."
        )
    subjects = _subjects(ctx, seat, [file_id for file_id, _ in named])
    if [(subject.file_id, subject.hash) for subject in subjects] != named:
        raise Stale(
            "A newer attestation has superseded one of these. Nothing was signed. Look again."
        )
    _check_keys(ctx, seat, subjects, decision)
    reason = _reason(decision, signed.predicate.get("reason"))
    rulings.expect_reason(ctx, seat.demand, [file_id for file_id, _ in named], decision, reason)
    expect_same(
        _payload(ctx, seat, key, subjects, decision, reason, signed.draw),
        signed,
        "This review is not the one that the page showed. Nothing was signed. Look again.",
    )
    ledger.copy_key_statements(
        {key.keyid} | {subject.keyid for subject in subjects},
        demand_keys.controller_keyids(ctx, seat.demand),
    )
    seq = ledger.append("attestation.reviewed", data)
    _keep(ctx, seat, key, signed, subjects, seq)
    ledger.save()
    aggregates.refresh(ctx, seat.demand, ledger.judge)
    notices.reviewed(ctx, seat, decision, reason, [subject.file_id for subject in subjects])


def _keep(
    ctx: Context,
    seat: Seat,
    key: SigningKey,
    signed: Signed,
    subjects: Sequence[Subject],
    seq: int,
) -> None:
    found = statement_hash(signed.envelope.payload)
    ctx.session.add(
        Review(
            hash=found,
            demand_id=seat.demand.id,
            seq=seq,
            keyid=key.keyid,
            organisation=seat.organisation,
            decision=signed.predicate["decision"],
            reason=signed.predicate.get("reason"),
            stated_at=signed.draw.stated_at,
        )
    )
    ctx.session.flush()
    ctx.session.add_all(
        ReviewSubject(review_hash=found, attestation_hash=subject.hash, file_id=subject.file_id)
        for subject in subjects
    )
    ctx.session.flush()


def _reason(decision: str, reason: str | None) -> str | None:
    if decision == "rejected":
        return need_text(
            reason, "reason", "Say what has to be put right, for the officer.", multiline=True
        )
    return need_text(reason, "reason", "", multiline=True) if reason and reason.strip() else None


def _check_keys(ctx: Context, seat: Seat, subjects: Sequence[Subject], decision: str) -> None:
    if decision != "accepted":
        return
    confirmed = demand_keys.confirmed_keyids(ctx, seat.demand)
    if any(subject.keyid not in confirmed for subject in subjects):
        raise Refused(
            "The officer's key has not been confirmed. Confirm it first: ring the officer and "
            "type the fingerprint that you hear. You can reject without that."
        )


def _subjects(ctx: Context, seat: Seat, file_ids: Sequence[str]) -> list[Subject]:
    """The last attestations of these files, in the order given."""
    found: dict[str, Subject] = {}
    ids = list(file_ids)
    for start in range(0, len(ids), 500):
        rows = ctx.session.execute(
            select(Attestation, LogEntry.body)
            .join(NamedFile, NamedFile.last_attestation == Attestation.hash)
            .join(
                LogEntry,
                (LogEntry.demand_id == Attestation.demand_id) & (LogEntry.seq == Attestation.seq),
            )
            .where(
                NamedFile.demand_id == seat.demand.id, NamedFile.id.in_(ids[start : start + 500])
            )
        )
        for row, body in rows:
            if body is None:  # never erased: step 5 forbids it
                continue
            payload = parse_envelope(body).payload
            found[row.file_id] = Subject(row.file_id, row.hash, row.keyid, payload)
    return [found[file_id] for file_id in ids if file_id in found]


def _payload(
    ctx: Context,
    seat: Seat,
    key: SigningKey,
    subjects: Sequence[Subject],
    decision: str,
    reason: str | None,
    draw: Draw,
) -> bytes:
    return build.attestation_review(
        demand_id=seat.demand.id,
        subjects=[(subject.file_id, subject.hash) for subject in subjects],
        decision=decision,
        reason=reason,
        signer=signer(key),
        seen=draw.seen,
        context=load_context(ctx, seat.demand, []),
        nonce=draw.nonce,
        stated_at=draw.stated_at,
    )
