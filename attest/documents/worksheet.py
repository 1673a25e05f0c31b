"""The work sheet: a page or more for each store, to be filled by hand where the copies are."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attest.documents import parts
from attest.documents.parts import FilePart, StorePart
from attest.documents.rendering import render
from attest.domain import wording

# The answers that paper has boxes for, by medium; all else is written in.
_OFFERED = {
    "electronic": ("none_found", "deleted", "destroyed", "beyond_use"),
    "hard_copy": ("none_found", "destroyed", "returned"),
}

# A longer list stands once, at the end: nobody fills in thousands of lines by hand, and each store
# gets one line for all files and some for those that went another way.
_MOST_FILES_A_STORE = 50
_EMPTY_ROWS = 8


@dataclass(frozen=True, slots=True)
class WorksheetData:
    """What is to be searched, and where. `made_at` is the time that the PDF names as its own."""

    reference: str
    contractor: str
    due_on: date
    stores: tuple[StorePart, ...]
    files: tuple[FilePart, ...]
    made_at: datetime


def make_worksheet(data: WorksheetData, *, fonts: Path | None = None) -> bytes:
    """The work sheet as a PDF. The same data and fonts give the same bytes."""
    return render("worksheet.typ", _told(data), at=data.made_at, fonts=fonts)


def _told(data: WorksheetData) -> dict[str, Any]:
    files = parts.files(data.files)
    listed_apart = len(files) > _MOST_FILES_A_STORE
    return {
        "title": f"Copies to find for {data.reference}",
        "author": data.contractor,
        "description": "A work sheet by store. It is no evidence.",
        "footer": f"{data.reference} · work sheet, made on {wording.short_day(data.made_at)}",
        "due": wording.day(data.due_on),
        "stores": [
            told
            | {
                "outcomes": [
                    wording.capital(wording.OUTCOMES[key]) for key in _OFFERED[store.medium]
                ]
            }
            for told, store in zip(parts.stores(data.stores), data.stores, strict=True)
        ],
        "rows": _rows(files) if listed_apart else files,
        "annex": files if listed_apart else [],
        "annex-heading": f"The {wording.count(len(files), 'file')}",
    }


def _rows(files: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One row for all files, and empty ones for those that went another way."""
    everything = f"All {wording.count(len(files), 'file')}, but for those below"
    return [{"number": "", "short": everything}, *[{"number": "", "short": ""}] * _EMPTY_ROWS]
