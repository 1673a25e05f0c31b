"""Signing keys: whose they are, which one is current, and what confirmed them.

Making one is in enrolling.py, confirming and comparing in confirming.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from attest.database.tables import Demand, KeyComparison, KeyStatement, Person, SigningKey
from attest.domain.duties import key_side
from attest.services.context import Context

ENROLMENT = "key-enrolment"
CONFIRMATION = "key-confirmation"


@dataclass(frozen=True)
class Confirmation:
    """Who confirmed a key, how and when."""

    signer: SigningKey
    method: str
    stated_at: datetime


@dataclass(frozen=True)
class KeyStanding:
    """A key as a demand's page shows it."""

    key: SigningKey
    confirmations: tuple[Confirmation, ...]  # by signatories of this demand's controllers
    compared_by: frozenset[str]  # organisations that read its fingerprint and found it equal

    @property
    def current(self) -> bool:
        """Whether its holder signs with it now."""
        return self.key.revoked_at is None and self.key.replaced_at is None

    @property
    def state(self) -> str:
        """One of wording.KEY_STATES."""
        if self.key.revoked_at is not None:
            return "revoked"
        return "confirmed" if self.confirmations else "enrolled"


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
        if key.replaced_at is None and key.revoked_at is None and key.holder["duty"] == duty:
            return key
    return None


def controller_keyids(ctx: Context, demand: Demand) -> set[str]:
    """Every signatory's key of this demand's controllers, earlier ones among them."""
    organisations = controller_organisations(demand)
    return {key.keyid for key in _keys_in(ctx, organisations) if _is_signatorys(key)}


def confirmed_keyids(ctx: Context, demand: Demand) -> set[str]:
    """The unrevoked keys that a signatory of this demand's controllers has confirmed."""
    rows = ctx.session.scalars(
        select(KeyStatement.keyid)
        .join(SigningKey, SigningKey.keyid == KeyStatement.keyid)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.signer_keyid.in_(controller_keyids(ctx, demand)),
            SigningKey.revoked_at.is_(None),
        )
    )
    return set(rows)


def standing_of(ctx: Context, demand: Demand, found: Iterable[SigningKey]) -> list[KeyStanding]:
    """How keys stand at a demand: confirmed by whom, compared by whom."""
    keys = list(found)
    keyids = [key.keyid for key in keys]
    signers = controller_keyids(ctx, demand)
    confirmations: dict[str, list[Confirmation]] = {}
    statements = ctx.session.scalars(
        select(KeyStatement)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.keyid.in_(keyids),
            KeyStatement.signer_keyid.in_(signers),
        )
        .order_by(KeyStatement.stated_at, KeyStatement.hash)
    )
    for statement in statements:
        signer = ctx.session.get_one(SigningKey, statement.signer_keyid)
        confirmations.setdefault(statement.keyid, []).append(
            Confirmation(signer, statement.method or "", statement.stated_at)
        )
    compared: dict[str, set[str]] = {}
    for comparison in ctx.session.scalars(
        select(KeyComparison).where(KeyComparison.keyid.in_(keyids))
    ):
        compared.setdefault(comparison.keyid, set()).add(comparison.organisation_id)
    return [
        KeyStanding(
            key,
            tuple(confirmations.get(key.keyid, ())),
            frozenset(compared.get(key.keyid, ())),
        )
        for key in keys
    ]


def keys_at(ctx: Context, demand: Demand) -> list[KeyStanding]:
    """The signatories' keys of the controllers and the officers' keys of the contractor.

    Current and earlier ones, in the order in which they were made.
    """
    controllers = controller_organisations(demand)
    contractors = {
        party.organisation_id
        for party in demand.parties
        if party.role == "contractor" and party.organisation_id
    }
    found = [key for key in _keys_in(ctx, controllers) if _is_signatorys(key)]
    found += [key for key in _keys_in(ctx, contractors) if key.holder["duty"] == "officer"]
    found.sort(key=lambda key: (key.enrolled_at, key.keyid))
    return standing_of(ctx, demand, found)


def demands_of_officer(ctx: Context, person: Person) -> list[Demand]:
    """The live demands in which a person is the assurance officer."""
    return list(
        ctx.session.scalars(
            select(Demand).where(Demand.officer_id == person.id, Demand.closed_at.is_(None))
        )
    )


def controller_organisations(demand: Demand) -> set[str]:
    """The ids of the lead's and the joint controllers' organisations."""
    joint = {
        party.organisation_id
        for party in demand.parties
        if party.role in ("lead", "joint") and party.organisation_id
    }
    return joint | {demand.organisation_id}


def _keys_in(ctx: Context, organisation_ids: set[str]) -> list[SigningKey]:
    return list(
        ctx.session.scalars(
            select(SigningKey)
            .join(Person, Person.id == SigningKey.person_id)
            .where(Person.organisation_id.in_(organisation_ids))
            .order_by(SigningKey.enrolled_at, SigningKey.keyid)
        ).unique()
    )


def _is_signatorys(key: SigningKey) -> bool:
    return bool(key.holder["side"] == "controller" and key.holder["duty"] == "signatory")
