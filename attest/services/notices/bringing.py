"""Brings somebody a demand that was issued before: a new liaison, or who never got its letter.

The first letter to liaison and officer is notices.py's. Where it bounced, it is written once more
when a case handler says that its address works.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from attest.database import outbox
from attest.database.tables import Demand, Letter, LogEntry, Person, SigningKey
from attest.domain import demand_states
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.letters import post
from attest.services.letters.failing import lost_at
from attest.services.letters.letter_facts import about, writer
from attest.services.notices import notices
from attest.statements.envelope import parse_envelope

LIAISONS, OFFICERS = "invitation_of_liaison", "officer_invited"
_NOT_LOST = (*outbox.NOT_GONE, outbox.SENT, outbox.UNKNOWN)


def bring_to_liaison(ctx: Context, demand: Demand, person: Person) -> None:
    """Writes the letter that brought the demand to this liaison, in the name of who issued it.

    Raises Refused where the log or the signatory's key is gone.
    """
    body = ctx.session.scalars(
        select(LogEntry.body).where(
            LogEntry.demand_id == demand.id, LogEntry.type == "demand.issued"
        )
    ).first()
    if body is None:
        raise Refused("The demand has no log here, so its letter cannot be written again.")
    signed_with = parse_envelope(body).signatures[0].keyid
    key = ctx.session.get(SigningKey, signed_with)
    if key is None:
        raise Refused("The key that signed the demand is not here any more.")
    signatory = writer(key.person, about(ctx, demand).controller)
    issuer = notices.issuer_of(ctx, signatory, signed_with)
    notices.invite_liaison(ctx, demand, person, issuer, again=f":{post.occasion(ctx)}")


def lost_by(ctx: Context, demand: Demand, email: str) -> Letter | None:
    """The letter that should have brought the demand to this address, and bounced there.

    None where a later one went there, where its reader has been here since, or has the duty no
    more, and where nothing is asked of the contractor.
    """
    if demand.state not in demand_states.WITH_CONTRACTOR or demand.disputed_at is not None:
        return None
    person = _reader(demand, email)
    if person is None:
        return None
    kinds = [LIAISONS] * (person.id == demand.liaison_id) + [OFFICERS] * (
        person.id == demand.officer_id
    )
    lost = ctx.session.scalars(
        select(Letter)
        .where(Letter.demand_id == demand.id, lost_at(email), Letter.kind.in_(kinds))
        .order_by(Letter.queued_at.desc(), Letter.id)
        .limit(1)
    ).first()
    if lost is None:
        return None
    account = person.account
    if account.last_sign_in_at is not None and account.last_sign_in_at > lost.queued_at:
        return None
    later = select(Letter.id).where(
        Letter.demand_id == demand.id,
        Letter.to_email == account.email,
        Letter.state.in_(_NOT_LOST),
        Letter.queued_at > lost.queued_at,
        # Without a password, one that has a link; else any that says what is asked.
        Letter.invitation_id.is_not(None)
        if account.password_hash is None
        else or_(Letter.rung.is_not(None), Letter.kind.in_((LIAISONS, OFFICERS))),
    )
    return None if ctx.session.scalar(later.limit(1)) else lost


def bring_again(ctx: Context, demand: Demand, email: str) -> bool:
    """Writes the letter that was lost at this address once more, with a new link where its reader
    has no password; False where there is nothing to write, or nobody in whose name."""
    lost = lost_by(ctx, demand, email)
    person = _reader(demand, email)
    if lost is None or person is None:
        return False
    try:
        if lost.kind == LIAISONS:
            bring_to_liaison(ctx, demand, person)
            return True
        named_by = who_named(demand)
        if named_by is None:
            return False
        by = writer(named_by, about(ctx, demand).contractor)
        notices.invite_officer(ctx, demand, person, by)
    except Refused:
        return False  # its log, its key or its calendar is gone
    return True


def can_bring(demand: Demand, lost: Letter) -> bool:
    """Whether it could be written once more."""
    return lost.kind == LIAISONS or who_named(demand) is not None


def needs_link(demand: Demand, email: str) -> bool:
    """Whether its reader has no password yet."""
    person = _reader(demand, email)
    return person is not None and person.account.password_hash is None


def who_named(demand: Demand) -> Person | None:
    """In whose name the officer is invited: whoever named them; where they act no more, or it is
    not known who did, the demand's liaison, who can name another; None where that one has left too.
    """
    for person in (demand.officer_named_by, demand.liaison):
        if person is not None and person.active:
            return person
    return None


def _reader(demand: Demand, email: str) -> Person | None:
    """The liaison or officer at this address."""
    return next(
        (
            person
            for person in (demand.liaison, demand.officer)
            if person is not None and person.active and person.account.email == email.lower()
        ),
        None,
    )
