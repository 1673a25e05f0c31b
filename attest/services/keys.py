"""A person's own signing keys: whose they are and which one is current.

Making one is in enrolling.py, confirming one in confirming.py; the keys that matter in a demand
are in demand_keys.py.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from attest.database.tables import Person, SigningKey
from attest.domain.duties import key_side
from attest.services.context import Context

ENROLMENT = "key-enrolment"
CONFIRMATION = "key-confirmation"


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
