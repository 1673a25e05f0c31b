"""One file's evidence, for somebody who may see that file only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from attest.bundle.extract import CannotExtract
from attest.bundle.extract import write_extract as write
from attest.database import log_rows, stamps
from attest.database.tables import Demand, LogHead, NamedFile
from attest.domain.refusal import Refused
from attest.services.context import Context
from attest.services.exports.evidence import need_head


def write_extract(ctx: Context, demand: Demand, file: NamedFile, out: IO[bytes]) -> None:
    """Writes a file's extract, as `attest extract` would from the bundle. Raises Refused."""
    try:
        write(out, RowLog(ctx, demand, need_head(ctx, demand)), file.id)
    except CannotExtract as error:
        raise Refused(str(error)) from error


class RowLog:
    """A demand's log as its rows have it, up to the newest checkpoint."""

    def __init__(self, ctx: Context, demand: Demand, head: LogHead) -> None:
        self._ctx = ctx
        self._demand_id = demand.id
        self._size = head.size
        self.checkpoint = head.checkpoint.encode("utf-8")
        sent = log_rows.sent_checkpoints(ctx.session, demand.id)
        self._tokens = {
            row.size: row.token for row in stamps.timestamps(ctx.session, demand.id, head.size)
        }
        self.stamped = tuple(self._tokens)
        self.earlier = tuple(row.size for row in sent if row.size < head.size)

    def timestamp(self, size: int) -> bytes:
        """The timestamp over that size."""
        return self._tokens[size]

    def entries(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Each leaf with its body, None where it was erased."""
        for entry in log_rows.entries(self._ctx.session, self._demand_id):
            if entry.seq >= self._size:
                return
            yield entry.leaf, entry.body
            self._ctx.session.expunge(entry)
