"""Small data for the papers, in the manner of the reference case."""

import io
from datetime import UTC, date, datetime

from pypdf import PdfReader

from attest.documents.certificate import Attested, CertificateData, CertifiedFile
from attest.documents.demand_pdf import DemandData, IncidentPart
from attest.documents.parts import CheckpointText, CopyPart, FilePart, Party, Signer, StorePart
from attest.documents.worksheet import WorksheetData

ROOT = "qvZp0m3bX1u8J1sO0Gm0H2C8XqTq6h0l5wz3N2nY4aM="
LOG_KEY = "mn4k z2pq 7rst uvw3 xyz2 abc4 def5 ghi6"
OFFICER_KEY = "abcd efgh ijkl mnop qrst uvwx yz23 4567"
SIGNATORY_KEY = "k5zq 2m4t x7ab q2cd 3efg hij4 klm5 nop6"
HASH = "6664f7312a6126abcb1d8a0ed9b87f24d823826e7eac2200d184da3ccd296e3e"

PARTIES = (
    Party("Northshire Constabulary", "lead"),
    Party("Eastshire Police", "joint"),
    Party("Halden Support Services plc", "contractor"),
    Party("Midshire Police", "carrier"),
)
SIGNATORY = Signer(
    "Ruth Alder", "Senior Information Risk Owner", "Northshire Constabulary", SIGNATORY_KEY
)
CHECKPOINT = CheckpointText(
    "attest.example/demand/0b4e8a52-7d39-4c1e-9a55-2f1d8c6f7b10",
    87,
    ROOT,
    LOG_KEY,
    datetime(2013, 3, 15, 16, 0, tzinfo=UTC),
)
STORES = (
    StorePart("Bid team file share", "electronic", "file_share", r"\\halden\bids", "IT operations"),
    StorePart("Nightly backup", "electronic", "backup"),
    StorePart("Records store, Unit 7", "hard_copy", "records_store", "Unit 7", None),
)
COPIES = (
    CopyPart("deleted", date(2013, 2, 6), method="overwrite"),
    CopyPart("beyond_use", until=date(2013, 3, 12)),
    CopyPart("none_found", date(2013, 2, 8), on_word_of="Unit 7's keeper"),
)


def certified(name: str, copies: tuple[CopyPart, ...] = COPIES) -> CertifiedFile:
    return CertifiedFile(
        FilePart(name, "electronic", HASH, 63485, "Establishment list", date(2013, 1, 14)),
        "accepted",
        copies,
        Attested(
            "Daniel Okoye",
            "Head of Information Assurance",
            "Halden Support Services plc",
            datetime(2013, 3, 13, 10, 12, tzinfo=UTC),
            OFFICER_KEY,
        ),
    )


def certificate(*files: CertifiedFile, state: str = "closed", **changes: object) -> CertificateData:
    ended = state not in ("draft", "issued", "acknowledged", "in_progress", "awaiting_review")
    given = {
        "reference": "ND-2013-004",
        "demand_id": "0b4e8a52-7d39-4c1e-9a55-2f1d8c6f7b10",
        "state": state,
        "parties": PARTIES,
        "action": "delete",
        "basis": "Non-disclosure agreement NDA-2012-117",
        "due_on": date(2013, 2, 18),
        "issued_at": datetime(2013, 2, 4, 14, 5, tzinfo=UTC),
        "issued_by": SIGNATORY,
        "checkpoint": CHECKPOINT,
        "files": files or (certified("establishment-list-2012-12.csv"),),
        "stores": STORES,
        "closed_at": datetime(2013, 3, 15, 15, 58, tzinfo=UTC) if ended else None,
        "closed_by": SIGNATORY if ended else None,
    }
    return CertificateData(**{**given, **changes})  # type: ignore[arg-type]


def demand(*files: FilePart, **changes: object) -> DemandData:
    given = {
        "reference": "ND-2013-004",
        "demand_id": "0b4e8a52-7d39-4c1e-9a55-2f1d8c6f7b10",
        "parties": PARTIES,
        "action": "delete_or_return",
        "basis": "Non-disclosure agreement NDA-2012-117",
        "instruction": "Delete every copy,\nor return it.",
        "due_on": date(2013, 2, 18),
        "issued_at": datetime(2013, 2, 4, 14, 5, tzinfo=UTC),
        "signed_by": SIGNATORY,
        "declaration": 'The reference is "ND-2013-004".\nIt must be done.\nIt covers one file.',
        "statement": "ab" * 32,
        "checkpoint": CHECKPOINT,
        "files": files or (FilePart("payroll.csv", sha256=HASH, description="Union dues"),),
        "stores": STORES,
        "incident": IncidentPart(
            "Staff files sent to a bidder",
            noticed_at=datetime(2013, 2, 1, 9, 40, tzinfo=UTC),
            people_affected=0,
        ),
    }
    return DemandData(**{**given, **changes})  # type: ignore[arg-type]


def worksheet(*files: FilePart, stores: tuple[StorePart, ...] = STORES) -> WorksheetData:
    return WorksheetData(
        "ND-2013-004",
        "Halden Support Services plc",
        date(2013, 2, 18),
        stores,
        files or (FilePart("payroll.csv"),),
        datetime(2013, 2, 5, 9, 0, tzinfo=UTC),
    )


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with the places to break (which take no ink) left out."""
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(io.BytesIO(pdf)).pages]


def words(pdf: bytes) -> str:
    """All text in one line: where the lines break says nothing."""
    return " ".join(" ".join(pages(pdf)).split())


def squeezed(pdf: bytes) -> str:
    """All text without any space, for names that are broken over lines."""
    return "".join(" ".join(pages(pdf)).split())
