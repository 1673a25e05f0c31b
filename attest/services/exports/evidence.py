"""What both sides take home: the bundle and the trust file.

The bundle is made from the log's rows alone, so the same state gives the same bytes, for
whoever asks (docs/formats.md §5). The trust file is each party's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select

from attest.bundle.packing import pack, withheld_line
from attest.bundle.trust import SeenCheckpoint, Trust, encode_trust
from attest.bundle.zip_writer import Output
from attest.database import log_rows, stamps
from attest.database.tables import (
    Demand,
    KeyComparison,
    KeyInLog,
    Letter,
    LogEntry,
    LogHead,
    Person,
    SigningKey,
)
from attest.domain.refusal import Refused
from attest.log import checkpoint as notes
from attest.services.access import Seat
from attest.services.acts.evidence_list import attachments
from attest.services.context import Context
from attest.services.exports import papers
from attest.services.facts.revocations import lost_since, revocations_of
from attest.services.upkeep.withholding import erased_types


def need_head(ctx: Context, demand: Demand) -> LogHead:
    """The log's head. Raises Refused for a demand that has no log yet."""
    head = log_rows.read_head(ctx.session, demand.id)
    if head is None:
        raise Refused("There is no evidence yet: the demand has not been issued.")
    return head


def write_bundle(ctx: Context, demand: Demand, out: Output, *, evidence_files: bool = True) -> None:
    """Writes the bundle as of the newest checkpoint. Memory does not grow with the log.

    Without `evidence_files` it is a smaller bundle that verifies as well: what was added as
    evidence stands in the log by its SHA-256.
    """
    head = need_head(ctx, demand)
    pack(
        out,
        checkpoint=head.checkpoint,
        leaves=_leaves(ctx, demand, head.size),
        bodies=_bodies(ctx, demand, head.size),
        earlier={
            sent.size: sent.note
            for sent in log_rows.sent_checkpoints(ctx.session, demand.id)
            if sent.size < head.size
        },
        timestamps=_timestamps(ctx, demand, head.size),
        attachments=attachments(ctx, demand) if evidence_files else None,
        certificate=papers.certificate(ctx, demand),
    )


def _timestamps(ctx: Context, demand: Demand, size: int) -> Iterator[tuple[int, bytes]]:
    for row in stamps.timestamps(ctx.session, demand.id, size):
        yield row.size, row.token
        ctx.session.expunge(row)


def _entries(ctx: Context, demand: Demand, size: int) -> Iterator[LogEntry]:
    for entry in log_rows.entries(ctx.session, demand.id):
        if entry.seq >= size:
            return
        yield entry
        # Read once and forgotten, so that memory stays flat.
        ctx.session.expunge(entry)


def _leaves(ctx: Context, demand: Demand, size: int) -> Iterator[bytes]:
    for entry in _entries(ctx, demand, size):
        yield entry.leaf


def _bodies(ctx: Context, demand: Demand, size: int) -> Iterator[bytes]:
    for entry in _entries(ctx, demand, size):
        yield entry.body if entry.body is not None else withheld_line(entry.body_hash)


def trust_file(ctx: Context, seat: Seat) -> bytes:
    """The trust file of the person's organisation, as it is downloaded."""
    return trust_for(ctx, seat.demand, seat.person.organisation_id, seat.side)


def trust_for(ctx: Context, demand: Demand, organisation_id: str, side: str) -> bytes:
    """A party's trust file, encoded."""
    return encode_trust(trust_of(ctx, demand, organisation_id, side))


def trust_of(ctx: Context, demand: Demand, organisation_id: str, side: str) -> Trust:
    """A party's trust file (docs/formats.md §5).

    It pins the organisation's own keys and those that it compared by telephone, revoked ones too:
    what they signed before stays valid. A key that the organisation itself called lost is named
    with the moment from which it was. The file repeats the checkpoints that reached it by letter,
    and lets missing bodies pass only of the types that were erased here after their time.
    It comes from this server: what it pins is worth
    checking once against the letters and the fingerprint sheet, and then it is the party's own.
    """
    need_head(ctx, demand)
    pinned = _pinned(ctx, demand, organisation_id, side)
    return Trust(
        origin=notes.origin(ctx.settings.instance_name, demand.id),
        log_key=ctx.log_key.public_key,
        pinned=pinned,
        revoked=_revoked(ctx, pinned, demand, organisation_id),
        seen=tuple(_seen(ctx, demand, organisation_id)),
        may_withhold=erased_types(ctx, demand),
    )


def party_of(demand: Demand, named: str) -> tuple[str, str]:
    """The organisation's id and side that `controller`, `contractor` or a name stands for.

    Raises Refused.
    """
    for party in demand.parties:
        side = "contractor" if party.role == "contractor" else "controller"
        is_it = named == party.name or (named, party.role) in (
            ("controller", "lead"),
            ("contractor", "contractor"),
        )
        if is_it and party.organisation_id:
            return party.organisation_id, side
    raise Refused(
        f"{named} is no party of {demand.reference} that keeps a trust file. "
        "Say controller, contractor, or the name of one of its organisations."
    )


def _pinned(
    ctx: Context, demand: Demand, organisation_id: str, side: str
) -> dict[str, dict[str, str]]:
    own = ctx.session.scalars(
        select(SigningKey)
        .join(Person, Person.id == SigningKey.person_id)
        .where(Person.organisation_id == organisation_id)
    ).all()
    # Compared keys of other demands' people say nothing here, and are left out.
    parties = [party.organisation_id for party in demand.parties if party.organisation_id]
    compared = ctx.session.scalars(
        select(SigningKey)
        .join(KeyComparison, KeyComparison.keyid == SigningKey.keyid)
        .join(Person, Person.id == SigningKey.person_id)
        .where(
            KeyComparison.organisation_id == organisation_id,
            Person.organisation_id.in_(parties),
        )
    ).all()
    found = [key for key in own if key.holder["side"] == side] + list(compared)
    return {key.keyid: dict(key.holder) for key in found}


def _revoked(
    ctx: Context, pinned: Iterable[str], demand: Demand, organisation_id: str
) -> dict[str, datetime]:
    """The keys that this organisation said were in other hands, and since when.

    What others said of a key is in the log, and the verifier's report shows it.
    """
    in_log = ctx.session.scalars(
        select(KeyInLog.keyid).where(KeyInLog.demand_id == demand.id)
    ).all()
    told = [
        said
        for said in revocations_of(ctx, {*pinned, *in_log})
        if said.organisation_id == organisation_id
    ]
    lost = {said.keyid: lost_since(told, said.keyid) for said in told}
    return {keyid: since for keyid, since in lost.items() if since is not None}


def _seen(ctx: Context, demand: Demand, organisation_id: str) -> Iterator[SeenCheckpoint]:
    """Each checkpoint once, with the first letter that brought it."""
    rows = ctx.session.execute(
        select(Letter.checkpoint, Letter.sent_at)
        .where(
            Letter.demand_id == demand.id,
            Letter.organisation_id == organisation_id,
            Letter.state == "sent",
            Letter.checkpoint.is_not(None),
        )
        .order_by(Letter.sent_at, Letter.checkpoint_size)
    )
    told: set[str] = set()
    for note, sent_at in rows:
        if note is not None and sent_at is not None and note not in told:
            told.add(note)
            yield SeenCheckpoint(note, sent_at)
