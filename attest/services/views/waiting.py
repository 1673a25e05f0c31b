"""Counts of what waits in many demands at once: one query a kind, however many demands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from attest.database.tables import (
    Attestation,
    Copy,
    Demand,
    DemandParty,
    Disclosure,
    KeyStatement,
    NamedFile,
    Person,
    Review,
    ReviewSubject,
    SigningKey,
    Store,
)
from attest.domain.file_states import TO_ANSWER, TO_REVIEW
from attest.services.context import Context
from attest.services.facts.concurrence import counts
from attest.services.facts.demand_keys import confirmed_keyids
from attest.services.facts.keys import CONFIRMATION


@dataclass(frozen=True)
class Answers:
    """How far the officer has come with one demand's open and rejected files.

    `ready`: files to be signed. `rejected`: files whose answers are still those that were
    rejected; they are not ready. `untold`: files that do not say yet whether a copy was passed on.
    `again`: files that were opened again and are answered in full, as they were signed; somebody
    has to read why before they are ready.
    """

    copies: int = 0
    answered: int = 0
    ready: int = 0
    rejected: int = 0
    untold: int = 0
    again: int = 0


def to_review(
    ctx: Context, demand_ids: Collection[str], organisation_ids: Collection[str]
) -> dict[tuple[str, str], int]:
    """How many files wait for a review, by demand and organisation."""
    reviewed = (
        select(ReviewSubject.attestation_hash)
        .join(Review, Review.hash == ReviewSubject.review_hash)
        .where(
            ReviewSubject.attestation_hash == NamedFile.last_attestation,
            Review.organisation == DemandParty.name,
        )
        .exists()
    )
    rows = ctx.session.execute(
        select(NamedFile.demand_id, DemandParty.organisation_id, func.count())
        .join(DemandParty, DemandParty.demand_id == NamedFile.demand_id)
        .where(
            NamedFile.demand_id.in_(demand_ids),
            NamedFile.state.in_(TO_REVIEW),
            DemandParty.role.in_(("lead", "joint")),
            DemandParty.organisation_id.in_(organisation_ids),
            ~reviewed,
        )
        .group_by(NamedFile.demand_id, DemandParty.organisation_id)
    )
    return {(demand_id, organisation_id or ""): n for demand_id, organisation_id, n in rows}


def keys_to_confirm(ctx: Context, demand_ids: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """The officers' current keys that no controller of their demand has confirmed, by demand.

    A confirmation that came too late to count in the demand's log is none.
    """
    signer = SigningKey.__table__.alias("signer")
    by_controllers = (
        select(KeyStatement.hash)
        .join(signer, signer.c.keyid == KeyStatement.signer_keyid)
        .join(Person, Person.id == signer.c.person_id)
        .join(DemandParty, DemandParty.organisation_id == Person.organisation_id)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.keyid == SigningKey.keyid,
            DemandParty.demand_id == Demand.id,
            DemandParty.role.in_(("lead", "joint")),
        )
        .correlate(SigningKey, Demand)
    )
    lasting = by_controllers.where(signer.c.revoked_at.is_(None)).exists()
    holder = Person.__table__.alias("holder")
    rows = ctx.session.execute(
        select(
            Demand,
            holder.c.name,
            SigningKey.enrolled_at,
            SigningKey.keyid,
            by_controllers.exists().label("confirmed"),
        )
        .join(SigningKey, SigningKey.person_id == Demand.officer_id)
        .join(holder, holder.c.id == SigningKey.person_id)
        .where(
            Demand.id.in_(demand_ids),
            SigningKey.duty == "officer",
            SigningKey.replaced_at.is_(None),
            SigningKey.revoked_at.is_(None),
            holder.c.active,
            ~lasting,
        )
    ).unique()
    # Few: whoever confirmed the key had their own revoked. Only the log says which came first.
    return {
        demand.id: (name, enrolled_at)
        for demand, name, enrolled_at, keyid, confirmed in rows
        if not confirmed or keyid not in confirmed_keyids(ctx, demand)
    }


def progress(ctx: Context, demand_ids: Collection[str]) -> dict[str, Answers]:
    """The officer's answers to the open and rejected files of each demand, in one query."""
    if not demand_ids:
        return {}
    answered = (
        select(Copy.file_id, func.count().label("answered"))
        .join(Store, Store.id == Copy.store_id)
        .where(Copy.demand_id.in_(demand_ids), Copy.answer.is_not(None), Store.standing)
        .group_by(Copy.file_id)
        .subquery()
    )
    number = func.coalesce(answered.c.answered, 0)
    told = Disclosure.file_id.is_not(None)
    untouched = _untouched()
    full = and_(~untouched, told, number == Demand.stores_total)
    same = and_(full, _opened_again(), ~_answered_since_signed())

    def total(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = ctx.session.execute(
        select(
            NamedFile.demand_id,
            func.count() * Demand.stores_total,
            func.sum(number),
            total(and_(full, ~same)),
            total(untouched),
            total(~told),
            total(same),
        )
        .join(Demand, Demand.id == NamedFile.demand_id)
        .outerjoin(answered, answered.c.file_id == NamedFile.id)
        .outerjoin(Disclosure, Disclosure.file_id == NamedFile.id)
        .where(NamedFile.demand_id.in_(demand_ids), NamedFile.state.in_(TO_ANSWER))
        .group_by(NamedFile.demand_id, Demand.stores_total)
    )
    return {
        demand_id: Answers(*(int(number) for number in numbers)) for demand_id, *numbers in rows
    }


def untouched_files(ctx: Context, demand_id: str) -> set[str]:
    """The files that came back, and whose answers are still those that were rejected."""
    return set(
        ctx.session.scalars(
            select(NamedFile.id).where(
                NamedFile.demand_id == demand_id,
                NamedFile.state.in_(TO_ANSWER),
                _untouched(),
            )
        )
    )


def unchanged_files(ctx: Context, demand_id: str) -> set[str]:
    """The files that were opened again, and whose answers are still those that were signed."""
    return set(
        ctx.session.scalars(
            select(NamedFile.id).where(
                NamedFile.demand_id == demand_id, _opened_again(), ~_answered_since_signed()
            )
        )
    )


def came_back() -> Select[str]:
    """The reviews that rejected a file's last attestation and count, of `NamedFile` outside.

    The file itself may be open by now: a store was named since, or an exception has ended.
    """
    return (
        select(Review.hash)
        .join(ReviewSubject, ReviewSubject.review_hash == Review.hash)
        .join(Demand, Demand.id == Review.demand_id)
        .join(
            DemandParty,
            (DemandParty.demand_id == Demand.id) & (DemandParty.name == Review.organisation),
        )
        .where(
            ReviewSubject.attestation_hash == NamedFile.last_attestation,
            Review.demand_id == NamedFile.demand_id,
            Review.decision == "rejected",
            counts(),
        )
        .correlate(NamedFile)
    )


def _untouched() -> ColumnElement[bool]:
    """Whether the file came back, and nothing that is said of it was changed since."""
    answered = (
        came_back()
        .join(Copy, Copy.file_id == ReviewSubject.file_id)
        .where(Copy.answered_at > Review.stated_at)
    )
    changed = came_back().where(NamedFile.changed_at > Review.stated_at)
    return and_(came_back().exists(), ~answered.exists(), ~changed.exists())


def _opened_again() -> ColumnElement[bool]:
    return and_(
        NamedFile.state == "open",
        NamedFile.last_attestation.is_not(None),
        ~came_back().exists(),
    )


def _answered_since_signed() -> ColumnElement[bool]:
    """Whether a copy of the file was answered after its last attestation, or what else is said of
    the file changed."""
    answered = (
        select(Copy.file_id)
        .join(Attestation, Attestation.file_id == Copy.file_id)
        .where(
            Copy.file_id == NamedFile.id,
            Attestation.hash == NamedFile.last_attestation,
            Copy.answered_at > Attestation.stated_at,
        )
        .correlate(NamedFile)
    )
    changed = (
        select(Attestation.hash)
        .where(
            Attestation.hash == NamedFile.last_attestation,
            NamedFile.changed_at > Attestation.stated_at,
        )
        .correlate(NamedFile)
    )
    return or_(answered.exists(), changed.exists())
