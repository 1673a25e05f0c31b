"""The keys that matter in one demand: the controllers', the officer's, and their standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from attest.database.tables import (
    Attestation,
    Demand,
    KeyComparison,
    KeyStatement,
    Person,
    SigningKey,
)
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.keys import CONFIRMATION


@dataclass(frozen=True)
class KeyView:
    """A key as the demand's keys page shows it."""

    key: SigningKey
    current: bool
    confirmations: Sequence[KeyStatement]
    compared: bool  # the reader's own organisation compared it by telephone

    @property
    def state(self) -> str:
        """revoked, confirmed or enrolled (the words are wording.KEY_STATES)."""
        if self.key.revoked_at is not None:
            return "revoked"
        return "confirmed" if self.confirmations else "enrolled"


def shows_fingerprint(view: KeyView, seat: Seat) -> bool:
    """Whether a reader may see it: their own, or one that was heard over the telephone before.

    Who has still to hear it must not read it first.
    """
    if view.key.person.organisation_id == seat.person.organisation_id or view.compared:
        return True
    return seat.side == CONTROLLER and view.key.duty == "officer" and bool(view.confirmations)


def comparable(view: KeyView, seat: Seat) -> bool:
    """Whether the reader's organisation has a use for comparing this key.

    The signatories' keys of others; an officer's key is confirmed instead, with a signature.
    """
    return (
        view.current
        and not view.compared
        and view.key.duty == "signatory"
        and view.key.person.organisation_id != seat.person.organisation_id
    )


def controller_organisations(demand: Demand) -> list[str]:
    """The ids of the controllers' organisations."""
    found = [demand.organisation_id]
    found += [p.organisation_id for p in demand.parties if p.role == "joint" and p.organisation_id]
    return found


def controller_keyids(ctx: Context, demand: Demand) -> set[str]:
    """The signatories' keys of this demand's controllers, earlier ones too."""
    return set(
        ctx.session.scalars(
            select(SigningKey.keyid)
            .join(Person, Person.id == SigningKey.person_id)
            .where(
                Person.organisation_id.in_(controller_organisations(demand)),
                SigningKey.side == "controller",
                SigningKey.duty == "signatory",
            )
        )
    )


def confirmed_keyids(ctx: Context, demand: Demand) -> set[str]:
    """The keys that a signatory of this demand's controllers confirmed, and not revoked."""
    return set(
        ctx.session.scalars(
            select(KeyStatement.keyid)
            .join(SigningKey, SigningKey.keyid == KeyStatement.keyid)
            .where(
                KeyStatement.name == CONFIRMATION,
                KeyStatement.signer_keyid.in_(controller_keyids(ctx, demand)),
                SigningKey.revoked_at.is_(None),
            )
        )
    )


def keys_of(ctx: Context, seat: Seat) -> list[KeyView]:
    """The controllers' and the officers' keys of this demand, newest first."""
    demand = seat.demand
    ours = controller_keyids(ctx, demand)
    attested = select(Attestation.keyid).where(Attestation.demand_id == demand.id)
    officer = select(SigningKey.keyid).where(
        SigningKey.person_id == demand.officer_id, SigningKey.duty == "officer"
    )
    rows = ctx.session.scalars(
        select(SigningKey)
        .where(
            SigningKey.keyid.in_(ours)
            | SigningKey.keyid.in_(attested)
            | SigningKey.keyid.in_(officer)
        )
        .order_by(SigningKey.enrolled_at.desc(), SigningKey.keyid)
    ).all()
    confirmations: dict[str, list[KeyStatement]] = {}
    for statement in ctx.session.scalars(
        select(KeyStatement)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.signer_keyid.in_(ours),
            KeyStatement.keyid.in_([row.keyid for row in rows]),
        )
        .order_by(KeyStatement.stated_at)
    ):
        confirmations.setdefault(statement.keyid, []).append(statement)
    compared = set(
        ctx.session.scalars(
            select(KeyComparison.keyid).where(
                KeyComparison.organisation_id == seat.person.organisation_id
            )
        )
    )
    return [
        KeyView(
            row,
            row.replaced_at is None and row.revoked_at is None,
            confirmations.get(row.keyid, []),
            row.keyid in compared,
        )
        for row in rows
    ]


def demands_of_officer(ctx: Context, person: Person) -> list[Demand]:
    """The live demands in which a person is the assurance officer."""
    return list(
        ctx.session.scalars(
            select(Demand).where(Demand.officer_id == person.id, Demand.closed_at.is_(None))
        )
    )
