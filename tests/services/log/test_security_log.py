"""Who can write to the database, and has no log key, gets no checkpoint over a made-up past."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from attest.database.tables import Demand, LogEntry, LogHead
from attest.demo import script
from attest.demo.acting import seat_of
from attest.log import checkpoint as notes
from attest.log.leaf import Leaf, encode_leaf, parse_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.services.acts import acknowledging
from attest.services.log.ledger import LogDamaged
from attest.signing import PrivateKey
from attest.statements import build
from tests import stage as play


def head_of(ctx, demand: Demand) -> LogHead:
    return ctx.session.get_one(LogHead, demand.id)


def demand_of(ctx, stage) -> Demand:
    return ctx.session.scalars(select(Demand).where(Demand.reference == stage.reference)).one()


def set_head(ctx, demand: Demand, note: str | None = None) -> None:
    """The head as it belongs to the entries; without the log key its note can only be old."""
    frontier = Frontier()
    entries = select(LogEntry).where(LogEntry.demand_id == demand.id).order_by(LogEntry.seq)
    for entry in ctx.session.scalars(entries):
        frontier.append(leaf_hash(entry.leaf))
    head = head_of(ctx, demand)
    head.size, head.root, head.frontier = frontier.size, frontier.root, frontier.to_bytes()
    head.checkpoint = note or head.checkpoint
    ctx.session.flush()


def forge_acknowledgement(ctx, demand: Demand) -> None:
    """Puts a leaf of one's own behind the last one."""
    head = head_of(ctx, demand)
    last = ctx.session.get_one(LogEntry, (demand.id, head.size - 1))
    by = {"name": "Tom Beck", "role": "Contract manager", "organisation": play.HALDEN}
    body = build.plain("demand.acknowledged", demand.id, build.new_nonce(), by=by)
    digest = hashlib.sha256(body).hexdigest()
    leaf = encode_leaf(
        Leaf(parse_leaf(last.leaf).at, digest, demand.id, head.size, "demand.acknowledged")
    )
    ctx.session.add(
        LogEntry(
            demand_id=demand.id,
            seq=head.size,
            at=last.at,
            type="demand.acknowledged",
            leaf=leaf,
            body_hash=digest,
            body=body,
        )
    )
    ctx.session.flush()


def act(stage) -> None:
    with stage.act() as ctx:
        acknowledging.name_store(ctx, seat_of(ctx, stage, script.LIAISON), play.MAILBOX)


@pytest.mark.parametrize("note", ["old", "of another key"])
def test_a_forged_entry_is_never_signed_over(quick_stage_at, note: str) -> None:
    stage = quick_stage_at("issued")
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        forge_acknowledgement(ctx, demand)
        set_head(ctx, demand)
        if note == "of another key":
            head = head_of(ctx, demand)
            origin = notes.origin(stage.settings.instance_name, demand.id)
            head.checkpoint = notes.sign_checkpoint(
                origin, head.size, head.root, PrivateKey.generate()
            )
    with pytest.raises(LogDamaged):
        act(stage)


def test_a_changed_entry_is_never_signed_over(quick_stage_at) -> None:
    """The head was left as it was: its note is genuine, and not over these entries."""
    stage = quick_stage_at("acknowledged")
    with stage.act() as ctx:
        demand = demand_of(ctx, stage)
        entry = ctx.session.scalars(
            select(LogEntry).where(LogEntry.type == "demand.acknowledged")
        ).one()
        leaf = parse_leaf(entry.leaf)
        by = {"name": "Somebody Else", "role": "Manager", "organisation": play.HALDEN}
        entry.body = build.plain("demand.acknowledged", demand.id, build.new_nonce(), by=by)
        entry.body_hash = hashlib.sha256(entry.body).hexdigest()
        entry.leaf = encode_leaf(Leaf(leaf.at, entry.body_hash, leaf.demand, leaf.seq, leaf.type))
    with pytest.raises(LogDamaged):
        act(stage)
    with stage.act() as ctx:
        set_head(ctx, demand_of(ctx, stage))
    with pytest.raises(LogDamaged):
        act(stage)
