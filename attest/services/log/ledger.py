"""A demand's log as an act sees it: locked, replayed through the judge, then appended to.

Every leaf goes through the verifier's steps 5 to 12 before it is kept
(docs/formats.md, "Three rules"). The head is locked for the transaction and moved by
compare-and-swap, so two people acting at once never fork a log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from attest.bundle.judge import Failure, Judge
from attest.database import log_rows
from attest.database.tables import Demand, KeyInLog, LogEntry, LogHead
from attest.domain.refusal import Refused
from attest.log import checkpoint as notes
from attest.log.leaf import Leaf, encode_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.services.context import Context
from attest.services.log import key_statements
from attest.statements.canonical import FormatError, decode
from attest.statements.envelope import parse_envelope, statement_hash

KEY_EVENTS = {
    "key-enrolment": "key.enrolled",
    "key-confirmation": "key.confirmed",
    "key-revocation": "key.revoked",
}


class LogRefused(Refused):
    """The verifier's rules refuse a leaf. The sentence names the step."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            f"The log refuses this (step {failure.step}): {failure.reason}. "
            "Nothing was kept. Open the page again and look at what changed."
        )
        self.failure = failure


class LogDamaged(Refused):
    """The rows of a log are not what its newest checkpoint was signed over."""

    def __init__(self) -> None:
        super().__init__(
            "This demand's log was changed since its newest checkpoint was signed, so nothing "
            "more is added to it. Tell whoever runs this installation: `attest check` says what "
            "differs."
        )


@dataclass
class Ledger:
    """One demand's log within one transaction. Made by `open_log` or `new_log`."""

    ctx: Context
    demand_id: str
    origin: str
    judge: Judge
    frontier: Frontier
    kept: int  # entries that the database holds
    fresh: list[LogEntry] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Leaves, the appended ones among them."""
        return self.frontier.size

    def append(self, kind: str, body: bytes, *, at: datetime | None = None) -> int:
        """Appends one leaf and gives its index.

        `at` is for a prefix that was fixed before it was signed (issuing.py); otherwise
        the time is `now`, or the last leaf's where the clock went back.

        Raises LogRefused, after which the ledger must be thrown away.
        """
        moment = at or self.ctx.now
        if self.judge.last_at is not None:
            moment = max(moment, self.judge.last_at)
        body_hash = hashlib.sha256(body).hexdigest()
        seq = self.size
        leaf = encode_leaf(Leaf(moment, body_hash, self.demand_id, seq, kind))
        try:
            self.judge.admit(leaf, body)
        except Failure as failure:
            raise LogRefused(failure) from failure
        self.frontier.append(leaf_hash(leaf))
        self.fresh.append(
            LogEntry(
                demand_id=self.demand_id,
                seq=seq,
                at=moment,
                type=kind,
                leaf=leaf,
                body_hash=body_hash,
                body=body,
            )
        )
        return seq

    def copy_key_statements(
        self, keyids: Iterable[str], signers: Iterable[str] = (), *, at: datetime | None = None
    ) -> None:
        """Copies what the log still lacks of the statements about these keys.

        `signers` are the keys of this demand's controllers, whose confirmations count here.
        """
        there = self._statements_in_log()
        for statement in key_statements.needed(self.ctx, set(keyids), set(signers)):
            if statement.hash not in there:
                self.append(KEY_EVENTS[statement.name], statement.envelope, at=at)

    def _statements_in_log(self) -> set[str]:
        rows = self.ctx.session.execute(
            select(LogEntry.body).where(
                LogEntry.demand_id == self.demand_id, LogEntry.type.in_(KEY_EVENTS.values())
            )
        ).scalars()
        bodies = [body for body in rows if body is not None]
        bodies += [
            entry.body
            for entry in self.fresh
            if entry.type in KEY_EVENTS.values() and entry.body is not None
        ]
        return {statement_hash(parse_envelope(body).payload) for body in bodies}

    def _note_keys(self) -> None:
        for entry in self.fresh:
            if entry.type == "key.enrolled" and entry.body is not None:
                subject = decode(parse_envelope(entry.body).payload)["subject"][0]
                keyid = subject["digest"]["sha256"]
                self.ctx.session.add(KeyInLog(keyid=keyid, demand_id=self.demand_id))

    def save(self) -> str:
        """Writes the fresh entries, signs the new checkpoint and moves the head.

        Gives the checkpoint. Raises log_rows.HeadMoved where somebody else was faster.
        """
        note = notes.sign_checkpoint(self.origin, self.size, self.frontier.root, self.ctx.log_key)
        log_rows.insert_entries(self.ctx.session, self.fresh)
        self._note_keys()
        log_rows.compare_and_swap_head(
            self.ctx.session,
            self.demand_id,
            self.kept,
            size=self.size,
            root=self.frontier.root,
            frontier=self.frontier.to_bytes(),
            checkpoint=note,
            updated_at=self.ctx.now,
        )
        self.kept = self.size
        self.fresh = []
        return note


def new_log(ctx: Context, demand_id: str) -> Ledger:
    """An empty log, not kept until `save`."""
    origin = notes.origin(ctx.settings.instance_name, demand_id)
    return Ledger(ctx, demand_id, origin, Judge(origin, demand_id), Frontier(), 0)


def open_log(ctx: Context, demand_id: str) -> Ledger:
    """Locks and replays a demand's log, to append to it. The demand's row is held first.

    Raises LogDamaged where somebody wrote to the rows: the log key must not sign over that.
    """
    log_rows.hold_demand(ctx.session, Demand.id == demand_id)
    head = log_rows.lock_head(ctx.session, demand_id)
    try:
        ledger = _replayed(ctx, demand_id, head)
    except (Failure, FormatError) as error:
        raise LogDamaged from error
    if head is not None:
        _expect_signed(ctx, ledger, head)
    return ledger


def _expect_signed(ctx: Context, ledger: Ledger, head: LogHead) -> None:
    """The entries are those that the log key signed last. Raises LogDamaged."""
    try:
        newest = notes.open_checkpoint(head.checkpoint, ledger.origin, ctx.log_key.public_key)
    except FormatError as error:
        raise LogDamaged from error
    signed = (newest.size, newest.root)
    if signed != (ledger.judge.size, ledger.judge.root) or signed != (
        ledger.frontier.size,
        ledger.frontier.root,
    ):
        raise LogDamaged


def read_log(ctx: Context, demand_id: str) -> Ledger:
    """Replays a demand's log without a lock, to look at it."""
    return _replayed(ctx, demand_id, log_rows.read_head(ctx.session, demand_id))


def _replayed(ctx: Context, demand_id: str, head: LogHead | None) -> Ledger:
    # Entries were judged when they were appended, so their signatures are not verified again;
    # `attest check` does that.
    origin = notes.origin(ctx.settings.instance_name, demand_id)
    if head is None:
        return new_log(ctx, demand_id)
    judge = replay(origin, demand_id, log_rows.entries(ctx.session, demand_id))
    return Ledger(ctx, demand_id, origin, judge, Frontier.from_bytes(head.frontier), head.size)


def replay(origin: str, demand_id: str, entries: Iterable[LogEntry]) -> Judge:
    """A judge that has seen these entries, their signatures taken as verified."""
    judge = Judge(origin, demand_id)
    for entry in entries:
        judge.admit(entry.leaf, entry.body, trusted=True)
    return judge


def append(ctx: Context, demand_id: str, events: Sequence[tuple[str, bytes]]) -> str:
    """Appends plain events in one go and gives the new checkpoint."""
    ledger = open_log(ctx, demand_id)
    for kind, body in events:
        ledger.append(kind, body)
    return ledger.save()
