"""Adding evidence files to a demand: photographs, certificates of destruction, erasure reports.

The bytes come first: they are kept in the store (`take_in`), and then one transaction writes the
event, the row, and what the file is attached to (`add`). Where a process dies in between, a file
lies in the store that nobody names: `attest check` says so, and `attest tidy` removes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from attest.attachments.incoming import Arrived, Incoming, TooLarge, receiving
from attest.attachments.opening import store_of
from attest.attachments.store import CHUNK
from attest.database.tables import EvidenceFile
from attest.domain.evidence_files import MOST_BYTES, check_size, clean_name
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts.acknowledging import live
from attest.services.acts.evidence_uses import NOWHERE, Places, attach
from attest.services.context import Context
from attest.services.log import prefix
from attest.services.log.ledger import open_log
from attest.settings import Settings
from attest.statements import build

# As many as anybody drops at once, and one event each.
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class NewFile:
    """An evidence file that the store keeps and that no demand names yet."""

    name: str
    digest: str
    size: int  # bytes
    crc32: int
    media_type: str
    thumbnail: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Added:
    """What became of the files: names of the new ones, and of those that were there already."""

    new: Sequence[str]
    known: Sequence[str]


def take_in(settings: Settings, sent_name: str, incoming: Incoming) -> NewFile:
    """Keeps a file that came in whole. Needs no session: it may take a while.

    Raises Refused for an empty one, and StoreFailed where it cannot be kept.
    """
    arrived: Arrived = incoming.finish()
    name = clean_name(sent_name)
    check_size(name, arrived.size)
    thumbnail = arrived.thumbnail()
    store_of(settings).put(arrived.path, arrived.digest)
    return NewFile(name, arrived.digest, arrived.size, arrived.crc32, arrived.media_type, thumbnail)


def keep(settings: Settings, name: str, pieces: Iterable[bytes] | bytes) -> NewFile:
    """Keeps a file that is given in pieces, or whole. Raises as `take_in`."""
    if isinstance(pieces, bytes):
        pieces = [pieces[start : start + CHUNK] for start in range(0, len(pieces), CHUNK)]
    with receiving(settings.evidence_path, MOST_BYTES) as incoming:
        try:
            for piece in pieces:
                incoming.write(piece)
        except TooLarge:
            check_size(clean_name(name), MOST_BYTES + 1)
        return take_in(settings, name, incoming)


def add(ctx: Context, seat: Seat, files: Sequence[NewFile], places: Places = NOWHERE) -> Added:
    """Adds files to the demand, and attaches them to copies where `places` says so.

    Either side may add, while the demand is open. The same content is added once, under its
    first name; it can be attached to further copies. Raises Refused, NotFound and Stale.
    """
    live(seat)
    if not files:
        raise Refused("Choose at least one file.", field="file")
    if len(files) > MOST_AT_ONCE:
        raise Refused(f"Add at most {MOST_AT_ONCE} files at once.", field="file")
    by_digest = {file.digest: file for file in reversed(files)}
    names = dict(
        ctx.session.execute(
            select(EvidenceFile.digest, EvidenceFile.name).where(
                EvidenceFile.demand_id == seat.demand.id,
                EvidenceFile.digest.in_(list(by_digest)),
            )
        ).all()
    )
    fresh = [file for digest, file in reversed(by_digest.items()) if digest not in names]
    if fresh:
        _record(ctx, seat, fresh)
    attach(ctx, seat, list(by_digest), places)
    return Added([file.name for file in fresh], list(names.values()))


def _record(ctx: Context, seat: Seat, files: Sequence[NewFile]) -> None:
    """The events and the rows."""
    ledger = open_log(ctx, seat.demand.id)
    for file in files:
        ledger.append(
            "evidence.added",
            build.plain(
                "evidence.added",
                seat.demand.id,
                build.new_nonce(),
                name=file.name,
                sha256=file.digest,
                size=file.size,
                mediaType=file.media_type,
                by=prefix.by(seat),
            ),
        )
        ctx.session.add(
            EvidenceFile(
                demand_id=seat.demand.id,
                digest=file.digest,
                name=file.name,
                size=file.size,
                crc32=file.crc32,
                media_type=file.media_type,
                added_by_id=seat.person.id,
                organisation=seat.organisation,
                added_at=ctx.now,
                thumbnail=file.thumbnail,
            )
        )
    ledger.save()
    ctx.session.flush()
