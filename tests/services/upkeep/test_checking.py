"""`attest check` finds every kind of tampering with a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attest.database.tables import (
    Attestation,
    Demand,
    LogEntry,
    LogHead,
    NamedFile,
    SentCheckpoint,
    Store,
)
from attest.log import checkpoint as notes
from attest.log.merkle import Frontier
from attest.signing import PrivateKey
from tests import stage as play

Tamper = Callable[[Any], None]


def entry(session, number: int) -> LogEntry:
    return session.scalars(select(LogEntry).where(LogEntry.seq == number)).one()


def last(session) -> LogEntry:
    return session.scalars(select(LogEntry).order_by(LogEntry.seq.desc())).first()


def one(session, table):
    return session.scalars(select(table).limit(1)).one()


def set_in(table, **columns: Any) -> Tamper:
    """Sets columns of one row."""

    def run(session) -> None:
        row = one(session, table)
        for name, value in columns.items():
            assert getattr(row, name) != value, f"{name} would not change"
            setattr(row, name, value)

    return run


def _leaf(session) -> None:
    row = entry(session, 3)
    row.leaf = row.leaf.replace(b"2013-02-04T0", b"2013-02-04T1", 1)


def _body(session) -> None:
    row = entry(session, 1)
    assert row.body is not None
    row.body = row.body.replace(b"list.csv", b"lost.csv")


def _body_and_hash(session) -> None:
    _body(session)
    row = entry(session, 1)
    assert row.body is not None
    row.body_hash = hashlib.sha256(row.body).hexdigest()


def _erased(session) -> None:
    entry(session, 1).body = None


def _gone(session) -> None:
    session.delete(last(session))


def _gap(session) -> None:
    session.delete(entry(session, 4))


def _signature(session) -> None:
    row = session.scalars(select(LogEntry).where(LogEntry.type == "demand.issued")).one()
    position = row.body.index(b'"sig":"') + 8
    swapped = b"B" if row.body[position : position + 1] != b"B" else b"C"
    row.body = row.body[:position] + swapped + row.body[position + 1 :]


def _frontier(session) -> None:
    head = one(session, LogHead)
    head.frontier = Frontier().to_bytes()


def _checkpoint_of_another_key(session) -> None:
    head = one(session, LogHead)
    origin = head.checkpoint.split("\n", 1)[0]
    head.checkpoint = notes.sign_checkpoint(origin, head.size, head.root, PrivateKey.generate())


def _no_head(session) -> None:
    session.delete(one(session, LogHead))


TAMPERINGS: dict[str, tuple[Tamper, str]] = {
    "a leaf": (_leaf, "does not stand|another root|step"),
    "a body": (_body, "body of entry 1 was changed"),
    "a body and its hash": (_body_and_hash, "does not stand"),
    "an erased body": (_erased, "nobody erased it"),
    "the last entry": (_gone, "The head says"),
    "an entry in the middle": (_gap, "Entry 4 is missing"),
    "a signature": (_signature, "was changed|does not stand"),
    "the head's size": (set_in(LogHead, size=3), "The head says"),
    "the head's root": (set_in(LogHead, root=bytes(32)), "The head says"),
    "the frontier": (_frontier, "frontier"),
    "the checkpoint": (set_in(LogHead, checkpoint="nonsense"), "does not open"),
    "the log key": (_checkpoint_of_another_key, "does not open"),
    "no head": (_no_head, "has no log"),
    "a checkpoint that was sent": (set_in(SentCheckpoint, note="nonsense"), "does not open"),
    "files_total": (set_in(Demand, files_total=7), "files_total is 7, and should be 2"),
    "files_open": (set_in(Demand, files_open=1), "files_open"),
    "files_attested": (set_in(Demand, files_attested=1), "files_attested"),
    "files_accepted": (set_in(Demand, files_accepted=0), "files_accepted"),
    "stores_total": (set_in(Demand, stores_total=9), "stores_total"),
    "copies_settled": (set_in(Demand, copies_settled=0), "copies_settled"),
    "copies_excepted": (set_in(Demand, copies_excepted=1), "copies_excepted"),
    "the state": (set_in(Demand, state="closed"), "The state is closed"),
    "a file's state": (set_in(NamedFile, state="open"), "files' rows"),
    "a file's attestation": (set_in(NamedFile, last_attestation=None), "files' rows"),
    "a store's standing": (set_in(Store, standing=False), "stores' rows"),
    "an attestation's state": (set_in(Attestation, state="signed"), "attestations' rows"),
    "an issued demand made a draft": (set_in(Demand, state="draft"), "A draft has a log"),
}


def test_a_demand_that_nobody_would_chase_is_found(quick_stage_at) -> None:
    stage = quick_stage_at("issued")
    assert play.problems(stage) == []
    with stage.act() as ctx:
        set_in(Demand, chase_at=None)(ctx.session)
    assert "nobody is going to be chased" in " ".join(play.problems(stage))
    with stage.act() as ctx:
        set_in(Demand, chase_at=ctx.now + timedelta(days=3))(ctx.session)
    assert "nobody looks before" in " ".join(play.problems(stage))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(quick_stage_at, name: str) -> None:
    stage = quick_stage_at("accepted")
    assert play.problems(stage) == []
    tamper, told = TAMPERINGS[name]
    with stage.act() as ctx:
        tamper(ctx.session)
    found = play.problems(stage)
    assert found
    assert re.search(told, " ".join(found)), found


def test_a_sound_log_is_sound_on_both(stage_at) -> None:
    assert play.problems(stage_at("closed")) == []


def test_every_demand_is_checked(quick_stage_at) -> None:
    """The first one's trouble does not hide the second one's."""
    stage = quick_stage_at("issued")
    play.drafted(stage)
    play.handed(stage)
    play.issued(stage)
    with stage.act() as ctx:
        for demand in ctx.session.scalars(select(Demand)):
            demand.files_total = 99
    assert len(play.problems(stage)) == 2
