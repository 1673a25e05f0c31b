"""The keys that matter in one demand: the controllers', the officer's, and their standing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select

from attest.database.tables import (
    Demand,
    Duty,
    KeyComparison,
    KeyInLog,
    KeyStatement,
    LogEntry,
    Person,
    SigningKey,
)
from attest.domain import demand_states
from attest.services.access import CONTROLLER, Seat
from attest.services.context import Context
from attest.services.facts.keys import CONFIRMATION
from attest.services.facts.revocations import Revocation, lost_since, revocations_of
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope, statement_hash


@dataclass(frozen=True)
class KeyView:
    """A key as the demand's keys page shows it."""

    key: SigningKey
    current: bool
    confirmations: Sequence[KeyStatement]
    compared: bool  # the reader's own organisation compared it by telephone
    void: Sequence[KeyStatement] = ()  # confirmations that came too late to count
    revocations: Sequence[Revocation] = ()

    @property
    def left(self) -> bool:
        """Its holder does not sign for their organisation any more."""
        person = self.key.person
        return not person.active or self.key.duty not in person.duties

    @property
    def lost_since(self) -> datetime | None:
        """From when it may have been in other hands, as far as a revocation says so."""
        return lost_since(self.revocations, self.key.keyid)

    @property
    def called_lost_by(self) -> list[str]:
        """The organisations whose own trust files therefore name it as lost."""
        return list(
            dict.fromkeys(said.by["organisation"] for said in self.revocations if said.since)
        )

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
    """The keys that a signatory of this demand's controllers confirmed, validly in its log.

    Revoked ones are among them: what they signed before stays what it was.
    """
    told = _confirmations(ctx, demand, controller_keyids(ctx, demand), _of_parties(demand))
    void = void_confirmations(ctx, demand, told)
    return {said.keyid for said in told if said.hash not in void}


def void_confirmations(
    ctx: Context, demand: Demand, told: Iterable[KeyStatement]
) -> frozenset[str]:
    """Those of `told` (hashes) that count for nothing in this demand's log.

    They came into it, or would, after the revocation of the key that signed them
    (docs/formats.md §3, `key-confirmation`).
    """
    rows = ctx.session.execute(
        select(LogEntry.seq, LogEntry.type, LogEntry.body)
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(("key.confirmed", "key.revoked")))
        .order_by(LogEntry.seq)
    ).all()
    revoked: dict[str, int] = {}
    placed: dict[str, int] = {}
    for seq, kind, body in rows:
        if body is None:
            continue
        payload = parse_envelope(body).payload
        if kind == "key.revoked":
            revoked.setdefault(decode(payload)["predicate"]["keyid"], seq)
        else:
            placed[statement_hash(payload)] = seq
    return frozenset(
        said.hash
        for said in told
        if said.signer_keyid in revoked
        and revoked[said.signer_keyid] < placed.get(said.hash, _LAST)
    )


_LAST = 2**62  # not in the log yet


def _of_parties(demand: Demand) -> Select[str]:
    """The keys enrolled in this demand's log, and its officer's; of its own parties' people.

    Another demand's signatory may be in the log as well: whoever revoked a key that is used here.
    """
    organisations = [party.organisation_id for party in demand.parties if party.organisation_id]
    in_log = select(KeyInLog.keyid).where(KeyInLog.demand_id == demand.id)
    return (
        select(SigningKey.keyid)
        .join(Person, Person.id == SigningKey.person_id)
        .where(
            Person.organisation_id.in_([demand.organisation_id, *organisations]),
            or_(
                SigningKey.keyid.in_(in_log),
                and_(Person.id == demand.officer_id, SigningKey.duty == "officer"),
            ),
        )
    )


def _confirmations(
    ctx: Context, demand: Demand, signers: Collection[str], keyids: Select[str]
) -> list[KeyStatement]:
    return list(
        ctx.session.scalars(
            select(KeyStatement)
            .where(
                KeyStatement.name == CONFIRMATION,
                KeyStatement.signer_keyid.in_(signers),
                KeyStatement.keyid.in_(keyids),
            )
            .order_by(KeyStatement.stated_at, KeyStatement.hash)
        )
    )


def keys_of(ctx: Context, seat: Seat) -> list[KeyView]:
    """The controllers' and the officers' keys of this demand, newest first."""
    demand = seat.demand
    ours = controller_keyids(ctx, demand)
    rows = ctx.session.scalars(
        select(SigningKey)
        .where(SigningKey.keyid.in_(ours) | SigningKey.keyid.in_(_of_parties(demand)))
        .order_by(SigningKey.enrolled_at.desc(), SigningKey.keyid)
    ).all()
    told = _confirmations(
        ctx,
        demand,
        ours,
        select(SigningKey.keyid).where(SigningKey.keyid.in_([row.keyid for row in rows])),
    )
    void = void_confirmations(ctx, demand, told)
    revoked = revocations_of(ctx, [row.keyid for row in rows if row.revoked_at is not None])
    compared = set(
        ctx.session.scalars(
            select(KeyComparison.keyid).where(
                KeyComparison.organisation_id == seat.person.organisation_id
            )
        )
    )
    return [
        KeyView(
            key=row,
            current=row.replaced_at is None and row.revoked_at is None,
            confirmations=[
                said for said in told if said.keyid == row.keyid and said.hash not in void
            ],
            compared=row.keyid in compared,
            void=[said for said in told if said.keyid == row.keyid and said.hash in void],
            revocations=[said for said in revoked if said.keyid == row.keyid],
        )
        for row in rows
    ]


def signers_without_key(ctx: Context, demand: Demand, views: Iterable[KeyView]) -> list[Person]:
    """Who signs in this demand and could not now: the officer, and the lead's signatories where
    none of them has a key."""
    if demand.state not in demand_states.LIVE:
        return []
    signing = {view.key.person_id for view in views if view.current}
    found = [] if demand.officer is None else [demand.officer]
    signatories = list(
        ctx.session.scalars(
            select(Person)
            .join(Duty, Duty.person_id == Person.id)
            .where(
                Person.organisation_id == demand.organisation_id,
                Person.active,
                Duty.name == "signatory",
            )
            .order_by(Person.name)
        ).unique()
    )
    if not any(person.id in signing for person in signatories):
        found += signatories
    return [person for person in found if person.active and person.id not in signing]


def demands_of_officer(ctx: Context, person: Person) -> list[Demand]:
    """The live demands in which a person is the assurance officer."""
    return list(
        ctx.session.scalars(
            select(Demand).where(Demand.officer_id == person.id, Demand.closed_at.is_(None))
        )
    )
