"""What evidence is for, as pages say it: chosen copies, one whole file, or nothing but the demand.

A copy is named as in the matrix ("3.STORE", services/acts/selection.py), a file by its position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from attest.database.tables import NamedFile
from attest.domain.refusal import NotFound
from attest.services.access import Seat
from attest.services.acts.evidence_uses import Places
from attest.services.acts.selection import Selection, select_copies
from attest.services.context import Context
from attest.services.views import overview

CELL, OF = "cell", "of"
# More copies than this are no address any more.
IN_AN_ADDRESS = 20


@dataclass(frozen=True)
class Chosen:
    """What was chosen on a page: copies, or one file with all of its copies, or neither."""

    copies: Selection | None = None
    file: NamedFile | None = None

    def __bool__(self) -> bool:
        """Is it more than the demand as a whole?"""
        return self.copies is not None or self.file is not None

    @property
    def places(self) -> Places:
        """The same for services."""
        cells = self.copies.cells if self.copies else ()
        return Places(cells, (self.file.id,) if self.file else ())

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form carries along."""
        if self.copies is not None:
            return [(CELL, " ".join(self.copies.tokens))]
        return [(OF, str(self.file.position))] if self.file else []

    def page(self, seat: Seat) -> str:
        """The page to go to once something was done."""
        base = f"/demands/{seat.demand.reference}"
        if self.copies is not None:
            tokens = self.copies.tokens
            if len(tokens) > IN_AN_ADDRESS:
                return f"{base}/answer"
            return f"{base}/evidence/attach?{urlencode([(CELL, token) for token in tokens])}"
        if self.file is not None:
            return f"{base}/evidence/attach?{OF}={self.file.position}"
        return f"{base}/evidence"


def chosen(
    ctx: Context, seat: Seat, fields: Mapping[str, Sequence[str]], columns: Sequence[str] = ()
) -> Chosen:
    """What these fields name. Raises Refused for too many copies, NotFound for what isn't there."""
    tokens = [token for sent in fields.get(CELL, ()) for token in sent.split()]
    if tokens or columns:
        return Chosen(copies=select_copies(ctx, seat.demand, tokens, columns))
    positions = [sent for sent in fields.get(OF, ()) if sent]
    if not positions:
        return Chosen()
    if not (positions[0].isascii() and positions[0].isdigit() and len(positions[0]) < 10):
        raise NotFound
    return Chosen(file=overview.file_at(ctx, seat.demand, int(positions[0])))
