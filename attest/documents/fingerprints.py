"""The fingerprint sheet: what each side reads out, hears and ticks on the telephone, on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from attest.documents import parts
from attest.documents.rendering import render
from attest.domain import wording

_GROUPS = 8
_SIGNS = 40  # of a name, a title or an organisation: more would push a key off the page


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key. `fingerprint` is "" where the reader must hear it first, and fills in the boxes.

    `own`: its holder reads it out to the other side. `telephone`: a number that was noted.
    """

    name: str
    role: str
    organisation: str
    duty: str
    made_at: datetime
    fingerprint: str
    own: bool
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class SheetData:
    """`reader` is the organisation whose sheet it is; `made_at` the time that the PDF names."""

    reference: str
    reader: str
    origin: str
    log_key: str
    keys: tuple[KeyLine, ...]
    made_at: datetime


def make_sheet(data: SheetData, *, fonts: Path | None = None) -> bytes:
    """The sheet as a PDF: an A4 page for up to six keys. The same data give the same bytes."""
    return render("fingerprints.typ", _told(data), at=data.made_at, fonts=fonts)


def _told(data: SheetData) -> dict[str, Any]:
    return {
        "title": f"Fingerprints for {data.reference}",
        "author": data.reader,
        "description": "A sheet for the telephone call in which keys are compared. No evidence.",
        "footer": f"{data.reference} · fingerprints, made on {wording.short_day(data.made_at)}",
        "reader": data.reader,
        "log-key": data.log_key.split(" "),
        "origin": data.origin,
        "read-out": _lines([key for key in data.keys if key.own]),
        "heard": _lines([key for key in data.keys if not key.own]),
        "methods": [wording.capital(words) for words in wording.CONFIRMATION_METHODS.values()],
    }


def _lines(keys: Sequence[KeyLine]) -> list[dict[str, Any]]:
    return [
        {
            "name": parts.short(key.name, _SIGNS),
            "role": parts.short(key.role, _SIGNS),
            "organisation": parts.short(key.organisation, _SIGNS),
            "duty": key.duty,
            "made": wording.short_day(key.made_at),
            "groups": key.fingerprint.split(" ") if key.fingerprint else [""] * _GROUPS,
            "shown": bool(key.fingerprint),
            "telephone": parts.short(key.telephone, _SIGNS),
        }
        for key in keys
    ]
