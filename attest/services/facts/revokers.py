"""Who may revoke a key, and with which of their own keys: the one place that decides it.

Its holder, with that key or another of theirs; a colleague with a key of the same organisation and
side; a controller's signatory in whose demands the key is used. The log takes no others
(docs/formats.md §7, "Who revokes"). Whoever has no part in the key gets the same answer for a
key that exists and for one that doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import aliased

from attest.database.tables import (
    Account,
    Demand,
    DemandParty,
    KeyInLog,
    Person,
    SigningKey,
)
from attest.domain.refusal import NotFound
from attest.services.access import CONTRACTOR, CONTROLLER, READERS
from attest.services.context import Context
from attest.services.facts import keys

WHO_MAY = (
    "You have no signing key that could revoke this one. Its holder can, a colleague of theirs "
    "who has a signing key, or a controller’s signatory. Ring one of them."
)


@dataclass(frozen=True)
class Standing:
    """How an account stands to a key: the keys that it may revoke it with, best first."""

    key: SigningKey
    own: bool  # the account's own key
    signers: list[SigningKey]


def find(ctx: Context, account: Account, keyid: str) -> Standing:
    """Raises NotFound for somebody to whom the key is nothing."""
    key = ctx.session.get(SigningKey, keyid)
    people = [person for person in account.people if person.active]
    if key is None or not (
        any(person.organisation_id == key.person.organisation_id for person in people)
        or _roles(ctx, key, people)
    ):
        raise NotFound
    own = key.person.account_id == account.id
    return Standing(key, own, list(_signers(ctx, account, people, key)))


def _signers(
    ctx: Context, account: Account, people: list[Person], key: SigningKey
) -> Iterator[SigningKey]:
    holder = key.holder
    for person in people:
        for mine in keys.keys_of(ctx, person):
            if mine.revoked_at is not None:
                continue
            itself = mine.keyid == key.keyid
            # An earlier key of one's own may still speak for itself, and for nothing else.
            if not itself and (mine.replaced_at is not None or mine.duty not in person.duties):
                continue
            colleague = all(
                mine.holder[member] == holder[member] for member in ("organisation", "side")
            )
            signatory = mine.duty == "signatory" and CONTROLLER in _roles(ctx, key, [person])
            if itself or colleague or signatory:
                yield mine


def _roles(ctx: Context, key: SigningKey, people: list[Person]) -> set[str]:
    """On which sides these people see the key: in demands whose log has it, or that wait for it."""
    organisations = {
        side: [person.organisation_id for person in people if person.duties & READERS[side]]
        for side in (CONTROLLER, CONTRACTOR)
    }
    controller = aliased(DemandParty)
    controlled = select(controller.demand_id).where(
        controller.role.in_(("lead", "joint")),
        controller.organisation_id == key.person.organisation_id,
    )
    roles = ctx.session.scalars(
        select(DemandParty.role)
        .distinct()
        .join(Demand, Demand.id == DemandParty.demand_id)
        .outerjoin(KeyInLog, and_(KeyInLog.demand_id == Demand.id, KeyInLog.keyid == key.keyid))
        .where(
            Demand.state != "draft",
            or_(
                KeyInLog.keyid.is_not(None),
                and_(Demand.officer_id == key.person_id, literal(key.duty == "officer")),
                # A controller's signatory is shown to the parties before they sign anything.
                and_(
                    literal(key.duty == "signatory"),
                    Demand.id.in_(controlled),
                ),
            ),
            or_(
                and_(
                    DemandParty.role.in_(("lead", "joint")),
                    DemandParty.organisation_id.in_(organisations[CONTROLLER]),
                ),
                and_(
                    DemandParty.role == "contractor",
                    DemandParty.organisation_id.in_(organisations[CONTRACTOR]),
                ),
            ),
        )
    )
    return {CONTRACTOR if role == "contractor" else CONTROLLER for role in roles}
