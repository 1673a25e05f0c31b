"""The certificate's list of evidence files: what was added, by whom, and which copies it is about.

Numbers (E1, E2, …) tie the list to the cells of the matrix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from attest.documents.parts import CopyPart, Party, parties
from attest.domain import wording
from attest.domain.media_types import in_words

# A list of photographs that fills page after page is read by nobody: the log names each.
MOST_LISTED = 60
_NUMBERS_A_CELL = 4
_COPIES_A_LINE = 8


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """An evidence file as its `evidence.added` says. `size` is in bytes.

    Where that body was erased after its time, an attestation still gives `name` and `sha256`;
    all else is None.
    """

    name: str
    sha256: str
    media_type: str | None = None
    size: int | None = None
    organisation: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What the template is told, and each listed file's number by its SHA-256."""

    told: dict[str, Any]
    numbers: Mapping[str, str]


def listing(
    evidence: Sequence[EvidencePart],
    rows: Sequence[Sequence[CopyPart]],
    named: Sequence[Party],
) -> Listing:
    """The list, in the order given; of a long one, first what attestations name.

    `rows` holds the copies of each named file, in the order of files and stores.
    """
    uses: dict[str, list[tuple[int, int]]] = {}
    for number, copies in enumerate(rows, start=1):
        for store, copy in enumerate(copies, start=1):
            for digest in copy.evidence:
                uses.setdefault(digest, []).append((number, store))
    shown = list(evidence)
    if len(shown) > MOST_LISTED:
        chosen = sorted(shown, key=lambda part: part.sha256 not in uses)[:MOST_LISTED]
        kept = {part.sha256 for part in chosen}
        shown = [part for part in shown if part.sha256 in kept]
    numbers = {part.sha256: f"E{number}" for number, part in enumerate(shown, start=1)}
    roles = {party["name"]: party["role"] for party in parties(named)}
    told = {
        "heading": wording.capital(wording.count(len(evidence), "evidence file"))
        if evidence
        else "Evidence files",
        "rows": [
            {
                "number": numbers[part.sha256],
                "name": part.name,
                "about": _about(part),
                "sha256": part.sha256,
                "by": _by(part, roles),
                "at": wording.moment_utc(part.at) if part.at else "",
                "copies": _copies(uses.get(part.sha256, ()), len(rows)),
            }
            for part in shown
        ],
        "rest": _rest([part for part in evidence if part.sha256 not in numbers]),
    }
    return Listing(told, numbers)


def in_cell(copy: CopyPart, numbers: Mapping[str, str]) -> list[str]:
    """What a cell of the matrix says of its evidence files: a line, or none."""
    if not copy.evidence:
        return []
    listed = [numbers[digest] for digest in copy.evidence if digest in numbers]
    if len(listed) == len(copy.evidence) <= _NUMBERS_A_CELL:
        return [f"evidence {', '.join(sorted(listed, key=lambda number: int(number[1:])))}"]
    return [wording.count(len(copy.evidence), "evidence file")]


def _about(part: EvidencePart) -> str:
    if part.media_type is None or part.size is None:
        return "what it was, and who added it, was erased after its time"
    return f"{in_words(part.media_type)}, {wording.size(part.size)}"


def _by(part: EvidencePart, roles: Mapping[str, str]) -> str:
    if part.organisation is None:
        return ""
    role = roles.get(part.organisation)
    return f"{part.organisation}, {role}" if role else part.organisation


def _copies(places: Sequence[tuple[int, int]], files: int) -> str:
    """The copies that name it, such as "file 1 in S1 and S3; file 2 in S1"."""
    if not places:
        return "none; it is about the demand"
    if len(places) > _COPIES_A_LINE:
        number = len({file for file, _ in places})
        return f"{wording.count(len(places), 'copy')} of {wording.count(number, 'file')}"
    by_file: dict[int, list[str]] = {}
    for file, store in places:
        by_file.setdefault(file, []).append(f"S{store}")
    return "; ".join(
        f"file {wording.number(file)} in {wording.listing(stores)}"
        for file, stores in by_file.items()
    )


def _rest(parts: Sequence[EvidencePart]) -> str:
    if not parts:
        return ""
    together = wording.size(sum(part.size or 0 for part in parts))
    return (
        f"And {wording.count(len(parts), 'further evidence file')}, {together} together. "
        "The log in the bundle names each, with its SHA-256."
    )
