"""A disk image comes in and goes out in pieces: memory does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from attest.demo.acting import demand_of, seat_of
from attest.services.acts.evidence_files import add, keep
from attest.services.exports import evidence
from attest.web.pieces import Pieces
from tests import stage as play

SIZE = 64_000_000
PIECE = bytes(1_000_000)
MOST = 12_000_000  # bytes, whatever the size


@contextmanager
def flat() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST, f"{peak:,} bytes at once"


def test_a_large_file_in_and_out(quick_stage_at):
    stage = quick_stage_at("ready")
    with flat():
        file = keep(stage.settings, "disk.img", (PIECE for _ in range(SIZE // len(PIECE))))
    assert file.size == SIZE
    with stage.act() as ctx:
        add(ctx, seat_of(ctx, stage, play.CASEWORK), [file])
    pieces = Pieces()
    with flat():
        with stage.look() as ctx:
            evidence.write_bundle(ctx, demand_of(ctx, stage), pieces)
        sent = sum(len(piece) for piece in pieces)
    assert sent == pieces.size > SIZE
