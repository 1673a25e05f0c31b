"""A person's own signing keys: whose they are and which one is current.

Making one is in enrolling.py, confirming one in confirming.py; the keys that matter in a demand
are in demand_keys.py.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from attest.database.engine import reads_only
from attest.database.tables import Person, SigningKey
from attest.domain.duties import key_side
from attest.services.context import Context

ENROLMENT = "key-enrolment"
CONFIRMATION = "key-confirmation"
REVOCATION = "key-revocation"


def holder_of(person: Person, duty: str) -> dict[str, Any]:
    """The `holder` member of a key (docs/formats.md §2).

    Raises KeyError for a duty that signs nothing.
    """
    return {
        "name": person.name,
        "role": person.role,
        "organisation": person.organisation.name,
        "side": key_side(duty),
        "duty": duty,
    }


def keys_of(ctx: Context, person: Person) -> list[SigningKey]:
    """Every key that a person ever enrolled, newest first."""
    return list(
        ctx.session.scalars(
            select(SigningKey)
            .where(SigningKey.person_id == person.id)
            .order_by(SigningKey.enrolled_at.desc(), SigningKey.keyid)
        ).unique()
    )


def current_key(ctx: Context, person: Person, duty: str) -> SigningKey | None:
    """The key with which a person signs for a duty now, or None."""
    for key in keys_of(ctx, person):
        if key.replaced_at is None and key.revoked_at is None and key.duty == duty:
            return key
    return None


def hold_keys(ctx: Context, *keyids: str, to_change: bool = False) -> list[SigningKey]:
    """These keys as they are now, held until the transaction ends; those that exist.

    Whoever signs holds the key that it signs with; whoever revokes one waits for them, and they
    for it. Always taken after the demands. Rows that only refer to a key can be written meanwhile.
    """
    return list(
        ctx.session.scalars(
            select(SigningKey)
            .where(SigningKey.keyid.in_(keyids))
            .order_by(SigningKey.keyid)
            .with_for_update(of=SigningKey, read=not to_change, key_share=to_change)
            .execution_options(populate_existing=True)
        ).unique()
    )


def key_to_sign(ctx: Context, person: Person, duty: str) -> SigningKey | None:
    """As `current_key`; in a session that writes, nobody revokes it until that ends."""
    key = current_key(ctx, person, duty)
    if key is not None and not reads_only(ctx.session):
        hold_keys(ctx, key.keyid)
        key = current_key(ctx, person, duty)
    return key
