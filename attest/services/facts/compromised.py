"""What a key signed in one demand since it may have been in other hands, and what to do about it.

A revocation's `compromisedSince` changes no state: people look, and decide. Both times of a
statement are claims (the signer's and the operator's), so the later one counts, as in the
verifier's report (docs/formats.md §6, `--json`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from attest.database.tables import (
    Attestation,
    Demand,
    KeyInLog,
    KeyStatement,
    LogEntry,
    NamedFile,
    Review,
    ReviewSubject,
    SigningKey,
)
from attest.domain.file_states import SIGNED
from attest.services.context import Context
from attest.services.facts.keys import CONFIRMATION
from attest.services.facts.revocations import lost_since, revocations_of
from attest.statements.canonical import decode
from attest.statements.envelope import parse_envelope

_WHOLE = ("demand.issued", "demand.amended", "demand.closed")


@dataclass(frozen=True)
class Touched:
    """What was signed since. Files in the order of the demand."""

    attested: list[NamedFile] = field(default_factory=list)  # their last attestation is by the key
    superseded: int = 0  # attestations since that a later one superseded
    reviewed: list[NamedFile] = field(default_factory=list)  # their newest review is by the key
    confirmed: list[SigningKey] = field(default_factory=list)
    demand: list[str] = field(default_factory=list)  # types of leaves: demand.issued, …

    @property
    def total(self) -> int:
        """How many things somebody should look at."""
        return sum(
            len(part) for part in (self.attested, self.reviewed, self.confirmed, self.demand)
        )


def touched_since(ctx: Context, demand: Demand, keyid: str, since: datetime | None) -> Touched:
    """What the key signed in this demand from `since` on; nothing where it is None."""
    if since is None:
        return Touched()
    attested, superseded = _attested(ctx, demand, keyid, since)
    return Touched(
        attested,
        superseded,
        _reviewed(ctx, demand, keyid, since),
        _confirmed(ctx, demand, keyid, since),
        list(_whole(ctx, demand, keyid, since)),
    )


def files_in_doubt(ctx: Context, demand: Demand) -> list[NamedFile]:
    """The files whose standing attestation a key signed that may have been in other hands."""
    in_log = ctx.session.scalars(
        select(SigningKey.keyid)
        .join(KeyInLog, KeyInLog.keyid == SigningKey.keyid)
        .where(
            KeyInLog.demand_id == demand.id,
            SigningKey.duty == "officer",
            SigningKey.revoked_at.is_not(None),
        )
    ).all()
    told = revocations_of(ctx, in_log) if in_log else []
    found: dict[str, NamedFile] = {}
    for keyid in in_log:
        since = lost_since(told, keyid)
        if since is not None:
            found |= {file.id: file for file in _attested(ctx, demand, keyid, since)[0]}
    return sorted(found.values(), key=lambda file: file.position)


def numbers_in_doubt(ctx: Context, demands: Collection[Demand]) -> dict[str, int]:
    """How many files are in doubt, by demand; those without any are left out."""
    if not demands:
        return {}
    # One query for all: hardly any log knows a revoked officer's key.
    some = set(
        ctx.session.scalars(
            select(KeyInLog.demand_id)
            .join(SigningKey, SigningKey.keyid == KeyInLog.keyid)
            .where(
                KeyInLog.demand_id.in_([demand.id for demand in demands]),
                SigningKey.duty == "officer",
                SigningKey.revoked_at.is_not(None),
            )
        )
    )
    found = {demand.id: len(files_in_doubt(ctx, demand)) for demand in demands if demand.id in some}
    return {demand_id: number for demand_id, number in found.items() if number}


def _attested(
    ctx: Context, demand: Demand, keyid: str, since: datetime
) -> tuple[list[NamedFile], int]:
    rows = ctx.session.execute(
        select(Attestation.hash, Attestation.stated_at, LogEntry.at, NamedFile)
        .join(NamedFile, NamedFile.id == Attestation.file_id)
        .join(
            LogEntry,
            (LogEntry.demand_id == Attestation.demand_id) & (LogEntry.seq == Attestation.seq),
        )
        .where(Attestation.demand_id == demand.id, Attestation.keyid == keyid)
        .order_by(NamedFile.position)
    ).all()
    late = [(found, file) for found, stated, at, file in rows if max(stated, at) >= since]
    last = [file for found, file in late if file.last_attestation == found]
    return [file for file in last if file.state != "open"], len(late) - len(last)


def _reviewed(ctx: Context, demand: Demand, keyid: str, since: datetime) -> list[NamedFile]:
    rows = ctx.session.execute(
        select(Review.stated_at, LogEntry.at, NamedFile)
        .join(ReviewSubject, ReviewSubject.review_hash == Review.hash)
        .join(NamedFile, NamedFile.last_attestation == ReviewSubject.attestation_hash)
        .join(LogEntry, (LogEntry.demand_id == Review.demand_id) & (LogEntry.seq == Review.seq))
        .where(Review.demand_id == demand.id, Review.keyid == keyid, NamedFile.state.in_(SIGNED))
        .order_by(NamedFile.position)
    ).all()
    found = {file.id: file for stated, at, file in rows if max(stated, at) >= since}
    return list(found.values())


def _confirmed(ctx: Context, demand: Demand, keyid: str, since: datetime) -> list[SigningKey]:
    """The keys that this one confirmed since, in use here and confirmed by nobody else."""
    confirmed = (
        select(KeyStatement.keyid)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.signer_keyid == keyid,
            KeyStatement.stated_at >= since,
        )
        .scalar_subquery()
    )
    others = (
        select(func.count())
        .select_from(KeyStatement)
        .where(
            KeyStatement.name == CONFIRMATION,
            KeyStatement.keyid == SigningKey.keyid,
            KeyStatement.signer_keyid != keyid,
        )
        .scalar_subquery()
    )
    return list(
        ctx.session.scalars(
            select(SigningKey)
            .where(
                SigningKey.keyid.in_(confirmed),
                SigningKey.person_id == demand.officer_id,
                SigningKey.revoked_at.is_(None),
                SigningKey.replaced_at.is_(None),
                others == 0,
            )
            .order_by(SigningKey.enrolled_at)
        ).unique()
    )


def _whole(ctx: Context, demand: Demand, keyid: str, since: datetime) -> Iterator[str]:
    rows = ctx.session.execute(
        select(LogEntry.type, LogEntry.at, LogEntry.body)
        .where(LogEntry.demand_id == demand.id, LogEntry.type.in_(_WHOLE))
        .order_by(LogEntry.seq)
    )
    for kind, at, body in rows:
        # The log took it at `at`; what its signer stated lies within ten minutes of that.
        if body is not None and at >= since:
            said = decode(parse_envelope(body).payload)["predicate"]
            if said["signer"]["keyid"] == keyid:
                yield kind
