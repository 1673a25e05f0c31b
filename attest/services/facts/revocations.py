"""What was said when keys were revoked: by whom, why, and since when they may have been lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from attest.database.tables import KeyStatement, Person, SigningKey
from attest.domain.scalars import parse_time
from attest.services.context import Context
from attest.services.facts import keys
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope


@dataclass(frozen=True)
class Revocation:
    """A revocation as pages tell it. `by` is a holder; `since` the moment of `compromisedSince`.

    `organisation_id` is the organisation of whoever revoked.
    """

    keyid: str
    at: datetime
    by: dict[str, Any]
    reason: str
    since: datetime | None
    organisation_id: str


def revocations_of(ctx: Context, keyids: Collection[str]) -> list[Revocation]:
    """The revocations of these keys, oldest first."""
    rows = ctx.session.execute(
        select(KeyStatement, Person.organisation_id)
        .join(SigningKey, SigningKey.keyid == KeyStatement.signer_keyid)
        .join(Person, Person.id == SigningKey.person_id)
        .where(KeyStatement.name == keys.REVOCATION, KeyStatement.keyid.in_(list(keyids)))
        .order_by(KeyStatement.stated_at, KeyStatement.hash)
    )
    return [_told(row, organisation_id) for row, organisation_id in rows]


def _told(row: KeyStatement, organisation_id: str) -> Revocation:
    said = decode(parse_envelope(row.envelope).payload)["predicate"]
    since = said.get("compromisedSince")
    return Revocation(
        row.keyid,
        row.stated_at,
        said["signer"],
        said["reason"],
        parse_time(since) if since else None,
        organisation_id,
    )


def lost_since(told: Iterable[Revocation], keyid: str) -> datetime | None:
    """The earliest moment from which a key is said to have been in other hands."""
    return min((each.since for each in told if each.keyid == keyid and each.since), default=None)
