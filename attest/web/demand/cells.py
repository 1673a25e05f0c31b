"""A copy as a cell of the matrix says it: a word, a tone for those who see colours, and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attest.domain import wording
from attest.domain.outcomes import is_settled
from attest.services.views.overview import Cell

TO_BE_ANSWERED = wording.COPY_STATES["to_be_answered"]
RECORDED = wording.COPY_STATES["action_recorded"]


@dataclass(frozen=True)
class CellWords:
    """What a cell shows. `tone` is one of components/parts.html: tag."""

    word: str
    tone: str
    more: str = ""


def cell_words(cell: Cell, today: date) -> CellWords:
    """The words of one cell. What nobody has signed yet is only said to be recorded."""
    if cell.outcome is None:
        return CellWords(TO_BE_ANSWERED, "open")
    if not cell.signed:
        return CellWords(RECORDED, "waiting", "not signed yet")
    word = wording.OUTCOMES[cell.outcome]
    if is_settled(cell.outcome):
        return CellWords(word, "settled", _day_of(cell))
    if cell.until is None:
        return CellWords(word, "excepted", _day_of(cell))
    if cell.until <= today:
        return CellWords(word, "late", f"ended {wording.cell_day(cell.until)}")
    return CellWords(word, "excepted", f"until {wording.cell_day(cell.until)}")


def _day_of(cell: Cell) -> str:
    entry = cell.entry or {}
    on = entry.get("performedOn") or entry.get("search", {}).get("on")
    return wording.cell_day(date.fromisoformat(on)) if on else ""
