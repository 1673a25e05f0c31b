"""Who is told of what: one function an act, called within its transaction.

What a letter says is attest/mail's; that it is unique, and goes out, is post.py's and the
worker's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update

from attest.database.tables import Copy, Demand, Letter, LogEntry, NamedFile, Person, Store
from attest.domain.file_states import TO_REVIEW
from attest.mail import letters
from attest.mail.invitations import Issuer
from attest.services.access import Seat
from attest.services.accounts.membership import link_for
from attest.services.context import Context
from attest.services.facts import children, compromised, concurrence
from attest.services.letters import post
from attest.services.letters.letter_facts import about, writer
from attest.signing import fingerprint, keyid

# Signing goes file by file; the letter waits until the officer is likely to be done.
GATHER = timedelta(seconds=60)


def ready_to_sign(ctx: Context, seat: Seat) -> None:
    """To the signatories: a draft was handed over."""
    demand = seat.demand
    letter = letters.draft_ready(
        about(ctx, demand), _by(seat), files=demand.files_total, stores=demand.stores_total
    )
    key = f"draft_ready:{demand.id}:{post.occasion(ctx)}"
    post.write_to(ctx, post.signatories(ctx, demand), letter=letter, key=key, demand=demand)


def returned(ctx: Context, seat: Seat) -> None:
    """To the case handlers: the signatory returned the draft with a note."""
    demand = seat.demand
    letter = letters.draft_returned(about(ctx, demand), _by(seat), demand.return_note or "")
    key = f"draft_returned:{demand.id}:{post.occasion(ctx)}"
    post.write_to(ctx, post.case_handlers(ctx, demand), letter=letter, key=key, demand=demand)


def issued(ctx: Context, seat: Seat, signatory_keyid: str) -> None:
    """To the contractor's liaison, the joint controllers, and the lead's case handlers."""
    demand = seat.demand
    facts = about(ctx, demand)
    issuer = issuer_of(ctx, _by(seat), signatory_keyid)
    ctx.session.refresh(demand, ["liaison"])
    liaison = demand.liaison
    if liaison is not None:
        invite_liaison(ctx, demand, liaison, issuer)
    for person in post.joint_controllers(ctx, demand):
        invitation = link_for(ctx, person)
        letter = letters.joint_controller_told(
            facts,
            issuer,
            files=demand.files_total,
            concurrence=demand.concurrence,
            expires_on=invitation.expires_at.date() if invitation else None,
        )
        post.queue_letter(
            ctx,
            letter=letter,
            key=f"joint_controller_told:{demand.id}:{person.id}",
            person=person,
            demand_id=demand.id,
            invitation=invitation,
        )
    told = letters.demand_issued(
        facts,
        _by(seat),
        liaison=liaison.name if liaison else facts.contractor,
        files=demand.files_total,
        stores=demand.stores_total,
    )
    key = f"demand_issued:{demand.id}"
    post.write_to(ctx, post.case_handlers(ctx, demand), letter=told, key=key, demand=demand)


def issuer_of(ctx: Context, signatory: letters.Writer, signed_with: str) -> Issuer:
    """Who issued a demand, with the fingerprints by which its reader can check that it is so.

    `signed_with` is the keyid of the signatory's key.
    """
    return Issuer(
        signatory=signatory,
        signatory_fingerprint=fingerprint(signed_with),
        log_key_fingerprint=fingerprint(keyid(ctx.log_key.public_key)),
    )


def invite_liaison(
    ctx: Context, demand: Demand, liaison: Person, issuer: Issuer, *, again: str = ""
) -> None:
    """The letter that brings the demand. `again` tells apart letters to one who comes back."""
    invitation = link_for(ctx, liaison)
    letter = letters.invitation_of_liaison(
        about(ctx, demand),
        issuer,
        files=demand.files_total,
        action=demand.action,
        basis=demand.basis or "",
        expires_on=invitation.expires_at.date() if invitation else None,
    )
    post.queue_letter(
        ctx,
        letter=letter,
        key=f"invitation_of_liaison:{demand.id}:{liaison.id}{again}",
        person=liaison,
        demand_id=demand.id,
        invitation=invitation,
    )


def acknowledged(ctx: Context, seat: Seat, note: str | None = None) -> None:
    """To the lead controller."""
    letter = letters.acknowledged(about(ctx, seat.demand), _by(seat), note)
    _to_lead(ctx, seat.demand, letter, f"acknowledged:{seat.demand.id}")


def disputed(ctx: Context, seat: Seat) -> None:
    """To the lead controller: "not us"."""
    demand = seat.demand
    letter = letters.not_us(about(ctx, demand), _by(seat), demand.dispute_reason or "")
    _to_lead(ctx, demand, letter, f"not_us:{demand.id}:{post.occasion(ctx)}")


def officer_named(ctx: Context, seat: Seat, officer: Person) -> None:
    """To the officer, with a link; and to the lead controller."""
    demand = seat.demand
    facts = about(ctx, demand)
    invite_officer(ctx, demand, officer, _by(seat))
    told = letters.officer_named(facts, writer(officer, seat.organisation), _by(seat))
    _to_lead(ctx, demand, told, f"officer_named:{demand.id}:{officer.id}:{post.occasion(ctx)}")


def invite_officer(ctx: Context, demand: Demand, officer: Person, by: letters.Writer) -> None:
    """The letter that brings the officer the demand. `by`: the liaison who named them."""
    invitation = link_for(ctx, officer)
    letter = letters.officer_invited(
        about(ctx, demand),
        by,
        files=demand.files_total,
        stores=demand.stores_total,
        expires_on=invitation.expires_at.date() if invitation else None,
    )
    post.queue_letter(
        ctx,
        letter=letter,
        key=f"officer_invited:{demand.id}:{officer.id}:{post.occasion(ctx)}",
        person=officer,
        demand_id=demand.id,
        invitation=invitation,
    )


def store_named(ctx: Context, seat: Seat, store: Store, reopens: Sequence[str]) -> None:
    """To the lead controller; and to the officer, whose files it may open again."""
    demand = seat.demand
    letter = letters.stores_named(about(ctx, demand), _by(seat), [store.label], list(reopens))
    people_told = post.lead_controller(ctx, demand)
    if demand.officer is not None:
        people_told.append(demand.officer)
    key = f"stores_named:{store.id}"
    post.write_to(ctx, people_told, letter=letter, key=key, demand=demand)


def attested(ctx: Context, seat: Seat) -> None:
    """To the signatories whose reviews count: one letter for all that waits for them."""
    demand = seat.demand
    waiting = ctx.session.execute(
        select(NamedFile.name, NamedFile.state)
        .where(
            NamedFile.demand_id == demand.id,
            NamedFile.state.in_(TO_REVIEW),
        )
        .order_by(NamedFile.position)
    ).all()
    letter = letters.attestations_to_review(
        about(ctx, demand),
        _by(seat),
        [name for name, _ in waiting],
        excepted=sum(state == "attested_with_exceptions" for _, state in waiting),
    )
    # One that has not gone out yet says less than this one does. Not one that a worker has its
    # hands on: whoever signs never waits for it, nor it for them.
    waiting_yet = (
        select(Letter.id)
        .where(Letter.demand_id == demand.id, Letter.kind == letter.kind, Letter.state == "queued")
        .with_for_update(skip_locked=True)
    )
    ctx.session.execute(delete(Letter).where(Letter.id.in_(ctx.session.scalars(waiting_yet).all())))
    last = ctx.session.scalar(
        select(LogEntry.seq)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == "attestation.signed")
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )
    key = f"attestations_to_review:{demand.id}:{last}"
    post.write_to(
        ctx, post.reviewing_signatories(ctx, demand), letter=letter, key=key, demand=demand
    )
    ctx.session.execute(
        update(Letter)
        .where(
            Letter.key.startswith(f"{key}:", autoescape=True),
            Letter.state == "queued",
            # Not what waits longer, for a daily digest.
            Letter.next_attempt_at < ctx.now + GATHER,
        )
        .values(next_attempt_at=ctx.now + GATHER)
    )


def reviewed(
    ctx: Context, seat: Seat, decision: str, reason: str | None, file_ids: Sequence[str]
) -> None:
    """To the contractor; and to the lead controller once every file is accepted."""
    demand = seat.demand
    facts = about(ctx, demand)
    names = _file_names(ctx, demand, file_ids)
    if decision == "rejected":
        letter = letters.attestations_rejected(facts, _by(seat), names, reason or "")
    else:
        letter = letters.attestations_accepted(
            facts,
            _by(seat),
            names,
            left=demand.files_total - demand.files_accepted,
            ends=_come_back(ctx, demand),
            others=concurrence.missing(ctx, demand, file_ids),
        )
    last = ctx.session.scalar(
        select(LogEntry.seq)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == "attestation.reviewed")
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )
    post.write_to(
        ctx,
        post.contractor_people(demand),
        letter=letter,
        key=f"{letter.kind}:{demand.id}:{last}",
        demand=demand,
    )
    if demand.files_accepted == demand.files_total:
        done = letters.ready_to_close(
            facts,
            files=demand.files_total,
            excepted=demand.copies_excepted,
            ends=_come_back(ctx, demand),
            waits_for=children.open_references(ctx, demand),
            in_doubt=len(compromised.files_in_doubt(ctx, demand)),
        )
        _to_lead(ctx, demand, done, f"ready_to_close:{demand.id}:{last}")


def _come_back(ctx: Context, demand: Demand) -> int:
    """How many copies are to be answered again when an exception ends."""
    return (
        ctx.session.scalar(
            select(func.count())
            .select_from(Copy)
            .join(Store, Store.id == Copy.store_id)
            .where(Copy.demand_id == demand.id, Copy.until.is_not(None), Store.standing)
        )
        or 0
    )


def reopened(
    ctx: Context,
    demand: Demand,
    files: Sequence[str],
    reason: str,
    *,
    by: Seat | None = None,
    was: str | None = None,
    due_on: date | None = None,
) -> None:
    """To the contractor and all controllers; `files` are names, due on the day that is given.

    `by`: who opened them, None for Attest itself. `was`: how the demand had ended, if it had.
    """
    facts = about(ctx, demand)
    letter = letters.files_reopened(
        replace(facts, due_on=due_on or facts.due_on),
        files,
        reason,
        by=_by(by) if by else None,
        was=was,
    )
    last = ctx.session.scalar(
        select(LogEntry.seq)
        .where(LogEntry.demand_id == demand.id, LogEntry.type == "file.reopened")
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )
    told = [
        *post.contractor_people(demand),
        *post.lead_controller(ctx, demand),
        *post.joint_controllers(ctx, demand),
    ]
    post.write_to(ctx, told, letter=letter, key=f"files_reopened:{demand.id}:{last}", demand=demand)


def closed(ctx: Context, seat: Seat, outcome: str, reason: str | None) -> None:
    """To both sides."""
    demand = seat.demand
    facts = about(ctx, demand)
    if outcome == "withdrawn":
        letter = letters.demand_withdrawn(facts, _by(seat), reason)
    else:
        letter = letters.demand_closed(
            facts, _by(seat), outcome, files=demand.files_total, reason=reason
        )
    everybody = [
        *post.lead_controller(ctx, demand),
        *post.joint_controllers(ctx, demand),
        *post.contractor_people(demand),
    ]
    key = f"{letter.kind}:{demand.id}:{post.occasion(ctx)}"
    post.write_to(ctx, everybody, letter=letter, key=key, demand=demand)


def _to_lead(ctx: Context, demand: Demand, letter: letters.Letter, key: str) -> None:
    post.write_to(ctx, post.lead_controller(ctx, demand), letter=letter, key=key, demand=demand)


def _by(seat: Seat) -> letters.Writer:
    return writer(seat.person, seat.organisation)


def _file_names(ctx: Context, demand: Demand, file_ids: Sequence[str]) -> list[str]:
    return list(
        ctx.session.scalars(
            select(NamedFile.name)
            .where(NamedFile.demand_id == demand.id, NamedFile.id.in_(list(file_ids)))
            .order_by(NamedFile.position)
        )
    )
