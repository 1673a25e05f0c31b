"""What a leaf costs in memory: at most 200 bytes, names aside (docs/formats.md §6).

Measured over whole logs through the judge itself: about 115 bytes for a letter, 180 for a mix
of files, attestations and reviews, up to 195 for files alone. The figures swing by a tenth with
the size of the log, because tables double.
"""

from __future__ import annotations

import gc
import hashlib
import tracemalloc

from attest.bundle.judge import Judge
from tests.logs import LogWriter, issued_log, made_up_uuid

FILES = 6_000
ATTESTED = 1_000
MOST = 200  # bytes a leaf


def cost(log: LogWriter) -> float:
    """Bytes a leaf of all that the judge keeps, without names (and eight bytes for each end)."""
    # Once before, so that caches and compiled patterns are nobody's cost.
    replayed(issued_log())
    gc.collect()
    tracemalloc.start()
    try:
        judge = replayed(log)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    names = sum(len(file.name.encode()) + 8 for file in judge.facts.files())
    return (kept - names) / log.size


def replayed(log: LogWriter) -> Judge:
    judge = Judge(log.origin, log.demand_id)
    for leaf, body in zip(log.leaves, log.bodies, strict=True):
        judge.admit(leaf, body, trusted=True)
    return judge


def test_letters():
    log = issued_log()
    for _ in range(FILES):
        log.letter_unjudged()
    assert cost(log) < MOST


def test_named_files():
    log = issued_log()
    for number in range(FILES):
        name = f"staff/establishment {number}.xlsx"
        body = log.plain_body(
            "file.named",
            fileId=made_up_uuid(str(number)),
            name=name,
            kind="electronic",
            sha256=hashlib.sha256(name.encode()).hexdigest(),
        )
        log.append_unjudged("file.named", body)
    assert cost(log) < MOST


def test_attestations_and_reviews():
    log = issued_log(files=ATTESTED, stores=1)
    for file_id in log.files:
        log.attest(file_id)
    for file_id in log.files:
        log.review(file_id)
    assert cost(log) < MOST
