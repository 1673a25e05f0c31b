"""Appends what was sent to a demand's log, without judging the whole log again.

A letter changes nothing that a rule of the log asks about: it may come at any time after the issue,
after a closure too, and needs no key (docs/formats.md §4 and §6). So of the log only what such a
leaf depends on is looked at: every leaf's hash, which together must give the root that the log key
signed last, and the last leaf's time. Everything else appends through services/log/ledger.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from attest.database import log_rows
from attest.database.tables import Demand, LogEntry
from attest.log import checkpoint as notes
from attest.log.leaf import Leaf, encode_leaf, parse_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.services.context import Context
from attest.services.log.ledger import LogDamaged
from attest.statements.bodies import check_plain
from attest.statements.canonical import FormatError, decode

KINDS = frozenset({"letter.sent", "letter.failed"})


def append(ctx: Context, demand_id: str, events: Sequence[tuple[str, bytes]]) -> str:
    """Appends events of KINDS and gives the new checkpoint.

    Raises LogDamaged where the rows are not what was signed, log_rows.HeadMoved where somebody
    was faster, and ValueError for any other kind of event, or a body that is not of its kind.
    """
    log_rows.hold(ctx.session, Demand.id == demand_id)
    head = log_rows.lock_head(ctx.session, demand_id)
    if head is None:
        raise LogDamaged
    origin = notes.origin(ctx.settings.instance_name, demand_id)
    leaves = ctx.session.scalars(
        select(LogEntry.leaf).where(LogEntry.demand_id == demand_id).order_by(LogEntry.seq)
    ).all()
    frontier = Frontier(map(leaf_hash, leaves))
    try:
        signed = notes.open_checkpoint(head.checkpoint, origin, ctx.log_key.public_key)
        last = parse_leaf(leaves[-1]) if leaves else None
    except FormatError as error:
        raise LogDamaged from error
    there = (frontier.size, frontier.root)
    if last is None or there != (head.size, head.root) or there != (signed.size, signed.root):
        raise LogDamaged
    moment = max(ctx.now, last.at)
    rows: list[LogEntry] = []
    for kind, body in events:
        if kind not in KINDS:
            raise ValueError(f"{kind} is not appended in passing")
        check_plain(kind, decode(body))
        digest = hashlib.sha256(body).hexdigest()
        leaf = encode_leaf(Leaf(moment, digest, demand_id, frontier.size, kind))
        rows.append(
            LogEntry(
                demand_id=demand_id,
                seq=frontier.size,
                at=moment,
                type=kind,
                leaf=leaf,
                body_hash=digest,
                body=body,
            )
        )
        frontier.append(leaf_hash(leaf))
    note = notes.sign_checkpoint(origin, frontier.size, frontier.root, ctx.log_key)
    log_rows.insert_entries(ctx.session, rows)
    log_rows.compare_and_swap_head(
        ctx.session,
        demand_id,
        signed.size,
        size=frontier.size,
        root=frontier.root,
        frontier=frontier.to_bytes(),
        checkpoint=note,
        updated_at=ctx.now,
    )
    return note
