"""Who is told when a key is made, confirmed or revoked, or when an officer leaves.

Like notices.py: each is called within the transaction of the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from attest.database.tables import Demand, KeyInLog, Person, SigningKey
from attest.mail import letters
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts import compromised, keys
from attest.services.letters import post
from attest.services.letters.letter_facts import about, demand_link, writer


def made(ctx: Context, key: SigningKey, demands: Sequence[Demand]) -> None:
    """To whoever checks a new key: an officer's is confirmed, a signatory's is compared.

    `demands` are the live ones in which its holder is the officer; a signatory's are those in
    whose logs an earlier key of theirs is.
    """
    if key.duty == "officer":
        for demand in demands:
            _to_confirm(ctx, demand, key)
    else:
        for demand in _signed_before(ctx, key):
            letter = letters.key_to_compare(
                about(ctx, demand), writer(key.person), rotated=key.rotated_from is not None
            )
            post.write_to(
                ctx,
                post.contractor_people(demand),
                letter=letter,
                key=f"key_to_compare:{demand.id}:{key.keyid[:16]}",
                demand=demand,
            )


def _to_confirm(ctx: Context, demand: Demand, key: SigningKey) -> None:
    letter = letters.key_to_confirm(
        about(ctx, demand),
        writer(key.person),
        f"{demand_link(ctx, demand)}/keys/{key.keyid}/confirm",
        rotated=key.rotated_from is not None,
    )
    post.write_to(
        ctx,
        post.signatories(ctx, demand),
        letter=letter,
        key=f"key_to_confirm:{demand.id}:{key.keyid[:16]}",
        demand=demand,
    )


def _signed_before(ctx: Context, key: SigningKey) -> list[Demand]:
    earlier = select(SigningKey.keyid).where(
        SigningKey.person_id == key.person_id, SigningKey.duty == key.duty
    )
    return list(
        ctx.session.scalars(
            select(Demand)
            .where(
                Demand.id.in_(select(KeyInLog.demand_id).where(KeyInLog.keyid.in_(earlier))),
                Demand.closed_at.is_(None),
            )
            .order_by(Demand.reference)
        ).unique()
    )


def confirmed(ctx: Context, seat: Seat, key: SigningKey, method: str) -> None:
    """To the officer whose key was confirmed."""
    letter = letters.key_confirmed(
        about(ctx, seat.demand), writer(seat.person, seat.organisation), method
    )
    post.write_to(
        ctx,
        [key.person],
        letter=letter,
        key=f"key_confirmed:{seat.demand.id}:{key.keyid[:16]}",
        demand=seat.demand,
    )


def revoked(
    ctx: Context,
    demands: Sequence[Demand],
    subject: SigningKey,
    by: SigningKey,
    reason: str,
    since: datetime | None,
) -> None:
    """To its holder, and in each demand to the controllers, the liaison and the officer."""
    newer = keys.current_key(ctx, subject.person, subject.duty) is not None
    stamp = f"{subject.keyid[:16]}:{post.occasion(ctx)}"
    for demand in demands:
        touched = compromised.touched_since(ctx, demand, subject.keyid, since).total
        letter = letters.key_revoked(
            about(ctx, demand),
            writer(subject.person),
            writer(by.person),
            reason,
            duty=subject.duty,
            since=since,
            touched=touched,
            newer=newer,
            link=f"{demand_link(ctx, demand)}/keys",
        )
        told = [
            subject.person,
            *post.lead_controller(ctx, demand),
            *post.joint_controllers(ctx, demand),
            *post.contractor_people(demand),
        ]
        post.write_to(
            ctx, told, letter=letter, key=f"key_revoked:{demand.id}:{stamp}", demand=demand
        )
    if not demands:
        letter = letters.key_revoked(
            None,
            writer(subject.person),
            writer(by.person),
            reason,
            duty=subject.duty,
            since=since,
            touched=0,
            newer=newer,
            link=f"{ctx.settings.base_url}/keys",
        )
        post.write_to(ctx, [subject.person], letter=letter, key=f"key_revoked:{stamp}", demand=None)


def officer_left(ctx: Context, demand: Demand, officer: Person, by: Person) -> None:
    """To the contractor's liaison and the lead controller: nobody signs any more."""
    letter = letters.officer_left(
        about(ctx, demand), writer(officer), writer(by), files=demand.files_open
    )
    told = [*([demand.liaison] if demand.liaison else []), *post.lead_controller(ctx, demand)]
    post.write_to(
        ctx,
        told,
        letter=letter,
        key=f"officer_left:{demand.id}:{post.occasion(ctx)}",
        demand=demand,
    )
