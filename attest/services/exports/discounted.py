"""What a party's own trust file takes away, because the party called a key lost.

A trust file lists such a key under `revoked`, and a verifier then counts what it signed only where
something outside proves it older (docs/formats.md §6, Trust). Judged here by the verifier's own
rules, with nothing but the checkpoints that the file holds: timestamps prove more, once their
reader has added an authority to the trust file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from attest.bundle.failure import Failure
from attest.bundle.trusted import stands_differently, trusted_views
from attest.bundle.witnesses import Witnesses
from attest.database.tables import NamedFile
from attest.log.checkpoint import parse_checkpoint
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.exports.evidence import trust_of
from attest.services.log.ledger import read_log
from attest.statements.canonical import FormatError


@dataclass(frozen=True)
class Discounted:
    """The holders of the keys, and the files that stand differently; in the demand's order."""

    holders: Sequence[Mapping[str, str]]
    files: Sequence[NamedFile]


def by_own_trust(ctx: Context, seat: Seat) -> Discounted | None:
    """What a verifier reports as "key revoked" with the trust file of the reader's organisation.

    None where it names no lost key, or where everything that the key signed is proved older.
    """
    trust = trust_of(ctx, seat.demand, seat.person.organisation_id, seat.side)
    if not trust.revoked:
        return None
    try:
        # Only then: the whole log is read.
        judge = read_log(ctx, seat.demand.id).judge
    except (Failure, FormatError):
        return None  # rows that somebody wrote to: `attest check` says so, and so does a verifier
    seen = Witnesses((parse_checkpoint(each.note).size, each.received_at) for each in trust.seen)
    found = trusted_views(judge, trust, seen)
    if not found.revoked:
        return None
    without = trusted_views(judge, replace(trust, revoked={}), seen)
    ids = {
        file.file_id
        for file in judge.facts.files()
        if stands_differently(found.view.file(file.number), without.view.file(file.number))
    }
    files = ctx.session.scalars(
        select(NamedFile).where(NamedFile.demand_id == seat.demand.id).order_by(NamedFile.position)
    )
    return Discounted(
        [key.holder for key in found.revoked], [file for file in files if file.id in ids]
    )
