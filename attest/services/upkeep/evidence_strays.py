"""The store of evidence files against the rows that name them: what is missing, what is left over.

A file comes into the store before its row is written. So a process that dies in between leaves a
stray, which harms nobody, and never a row without a file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select

from attest.attachments.incoming import left_behind
from attest.attachments.opening import store_of
from attest.attachments.store import Changed, Store, StoreFailed
from attest.database.tables import Demand, EvidenceFile
from attest.domain.wording import count, size
from attest.services.context import Context
from attest.services.upkeep.findings import Finding

PLACE = "Evidence files"
# What is younger may be on its way into a demand right now.
STRAY_AFTER = timedelta(days=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Strays:
    """What no demand names: files in the store, and halves of files that never came in whole."""

    digests: Collection[str]
    bytes: int
    halves: int

    def __bool__(self) -> bool:
        """Is there anything?"""
        return bool(self.digests or self.halves)


@dataclass(frozen=True)
class Forgotten:
    """How many erased files are gone from the store, and how many are too young to go yet."""

    gone: int
    young: int


def check_store(ctx: Context, *, hashes: bool = True) -> Iterator[Finding]:
    """What does not hold. With `hashes`, every file is read, which takes its time."""
    store = store_of(ctx.settings)
    try:
        named = _named(ctx)
        strays = octets = 0
        for kept in store.every():
            told = named.pop(kept.digest, None)
            if told is None:
                if kept.since < ctx.now - STRAY_AFTER:
                    strays, octets = strays + 1, octets + kept.size
            else:
                yield from _check_file(ctx, store, kept.digest, told, kept.size, hashes=hashes)
    except StoreFailed as error:
        yield Finding(PLACE, str(error))
        return
    for digest in sorted(named):
        yield Finding(_demands(ctx, digest), f"The evidence file {digest} is missing.")
    if strays:
        yield Finding(
            PLACE,
            f"{count(strays, 'file')} ({size(octets)}) that no demand names: `attest tidy`.",
        )
    try:
        halves = _halves(ctx, store)
    except StoreFailed as error:
        yield Finding(PLACE, str(error))
        return
    if halves:
        yield Finding(PLACE, f"{count(halves, 'file')} that never came in whole: `attest tidy`.")


def find_strays(ctx: Context) -> Strays:
    """What `tidy` would remove. Raises StoreFailed."""
    before = ctx.now - STRAY_AFTER
    named = _named(ctx)
    store = store_of(ctx.settings)
    found = [kept for kept in store.every() if kept.digest not in named and kept.since < before]
    return Strays(
        [kept.digest for kept in found],
        sum(kept.size for kept in found),
        _halves(ctx, store),
    )


def tidy(ctx: Context) -> Strays:
    """Removes what no demand names. Raises StoreFailed.

    One that somebody adds meanwhile is kept: it is young again by then (Store.remove).
    """
    before = ctx.now - STRAY_AFTER
    found = find_strays(ctx)
    store = store_of(ctx.settings)
    for digest in found.digests:
        store.remove(digest, before)
    for path in left_behind(ctx.settings.evidence_path, before):
        path.unlink(missing_ok=True)
    for unfinished in store.unfinished(before):
        store.abandon(unfinished)
    if found:
        _log.info("tidied", files=len(found.digests), bytes=found.bytes, halves=found.halves)
    return found


def forget(ctx: Context, digests: Collection[str]) -> Forgotten:
    """Removes files that were erased from a demand, unless another one names them.

    Call it after the commit. What was put there within STRAY_AFTER stays, for `tidy` to take
    later: another demand may be adding the same file, and its row is not written yet. Raises
    StoreFailed.
    """
    store = store_of(ctx.settings)
    before = ctx.now - STRAY_AFTER
    gone = young = 0
    for digest in sorted(digests):
        other = select(EvidenceFile.digest).where(EvidenceFile.digest == digest).limit(1)
        if ctx.session.scalar(other) is None:
            if store.remove(digest, before):
                gone += 1
            elif store.find(digest) is not None:
                young += 1
    return Forgotten(gone, young)


def _halves(ctx: Context, store: Store) -> int:
    """Files that were coming in, and those that were on their way into the storage."""
    before = ctx.now - STRAY_AFTER
    coming = sum(1 for _ in left_behind(ctx.settings.evidence_path, before))
    return coming + sum(1 for _ in store.unfinished(before))


def _named(ctx: Context) -> dict[str, int]:
    rows = ctx.session.execute(select(EvidenceFile.digest, EvidenceFile.size).distinct())
    return dict(rows.all())


def _check_file(
    ctx: Context, store: Store, digest: str, told: int, found: int, *, hashes: bool
) -> Iterator[Finding]:
    if found != told:
        yield Finding(
            _demands(ctx, digest),
            f"The evidence file {digest} has {found:,} bytes, and should have {told:,}.",
        )
    elif hashes:
        try:
            for _ in store.read(digest):
                pass
        except Changed:
            yield Finding(
                _demands(ctx, digest), f"The evidence file {digest} does not hash to its name."
            )


def _demands(ctx: Context, digest: str) -> str:
    """The references of the demands that name it."""
    rows = ctx.session.scalars(
        select(Demand.reference)
        .join(EvidenceFile, EvidenceFile.demand_id == Demand.id)
        .where(EvidenceFile.digest == digest)
        .order_by(Demand.reference)
    )
    return ", ".join(rows)
