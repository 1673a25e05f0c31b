"""What the papers are told: parties, files, stores, signers and the checkpoint they were made at.

Values are those of the formats (`electronic`, `accepted`, …); the papers turn them into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from attest.domain import wording
from attest.domain.outcomes import METHODS, OUTCOMES
from attest.domain.stores import KINDS


@dataclass(frozen=True, slots=True)
class Party:
    """A party as the demand names it. `role` is `lead`, `joint`, `contractor` or `carrier`."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed. `fingerprint` is the key's, eight groups of four."""

    name: str
    role: str
    organisation: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AmendedPart:
    """An amendment of the demand: when, by whom, and what it changed, a line each."""

    at: datetime
    by: Signer
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckpointText:
    """The checkpoint that a paper was made from. `root` is base64, as in the checkpoint's text.

    `log_key` is the fingerprint of the log's key; `at` is when the last leaf under it was logged.
    """

    origin: str
    size: int
    root: str
    log_key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StorePart:
    """A store as its `store.named` says. `named_by` is `controller` or `contractor`."""

    label: str
    medium: str
    kind: str
    location: str | None = None
    custodian: str | None = None
    named_by: str | None = None


@dataclass(frozen=True, slots=True)
class CopyPart:
    """The answer for one copy; an `outcome` of None says that there is no answer yet.

    `evidence`: the SHA-256 of each evidence file that the answer names.
    """

    outcome: str | None = None
    on: date | None = None
    until: date | None = None
    method: str | None = None
    level: str | None = None
    on_word_of: str | None = None
    evidence: tuple[str, ...] = ()

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "CopyPart":
        """From one entry of an attestation's `copies` (docs/formats.md §3, "Copies")."""
        on = entry.get("performedOn") or entry.get("search", {}).get("on")
        until = entry.get("exception", {}).get("until")
        return cls(
            outcome=entry["outcome"],
            on=date.fromisoformat(on) if on else None,
            until=date.fromisoformat(until) if until else None,
            method=entry.get("method"),
            level=entry.get("level"),
            on_word_of=entry.get("onWordOf"),
            evidence=tuple(item["digest"]["sha256"] for item in entry.get("evidence", ())),
        )


@dataclass(frozen=True, slots=True)
class FilePart:
    """A named file. `size` is in bytes."""

    name: str
    kind: str = "electronic"
    sha256: str | None = None
    size: int | None = None
    description: str | None = None
    sent_on: date | None = None


_ROLES = {**wording.CONTROLLER_ROLES, "contractor": "contractor", "carrier": "carrier"}


def parties(named: Sequence[Party]) -> list[dict[str, str]]:
    """Parties with their roles in words, for a template."""
    return [{"name": party.name, "role": _ROLES[party.role]} for party in named]


def signer(person: Signer) -> dict[str, str]:
    """A signer for a template."""
    return {
        "name": person.name,
        "role": person.role,
        "organisation": person.organisation,
        "fingerprint": person.fingerprint,
    }


def amended(part: AmendedPart) -> dict[str, Any]:
    """An amendment for a template."""
    return signer(part.by) | {"at": wording.moment_utc(part.at), "lines": list(part.lines)}


def checkpoint(point: CheckpointText) -> dict[str, Any]:
    """A checkpoint for a template."""
    return {
        "origin": point.origin,
        "size": wording.number(point.size),
        "root": point.root,
        "fingerprint": point.log_key,
        "at": wording.moment_utc(point.at),
    }


def short(value: str, longest: int) -> str:
    """`value`, or its start and end around "…" where it has more than `longest` signs."""
    if len(value) <= longest:
        return value
    end = longest // 3
    return f"{value[: longest - end - 1]}…{value[-end:]}"


def about_file(file: FilePart) -> str:
    """Kind, size and day of sending in one line."""
    said = [wording.MEDIUMS[file.kind]]
    if file.size is not None:
        said.append(wording.count(file.size, "byte"))
    if file.sent_on is not None:
        said.append(f"sent on {wording.short_day(file.sent_on)}")
    return ", ".join(said)


def files(named: Sequence[FilePart]) -> list[dict[str, Any]]:
    """Files, numbered 1, 2, … in the order given, for a template."""
    return [
        {
            "number": wording.number(number),
            "name": file.name,
            "short": short(file.name, 120),
            "about": about_file(file),
            "sha256": file.sha256 or "",
        }
        for number, file in enumerate(named, start=1)
    ]


def stores(named: Sequence[StorePart]) -> list[dict[str, Any]]:
    """Stores, numbered S1, S2, … in the order given, for a template."""
    return [
        {
            "number": f"S{number}",
            "label": store.label,
            "short": short(store.label, 40),
            "medium": wording.MEDIUMS[store.medium],
            "kind": KINDS.get(store.kind, store.kind),
            "place": "; ".join(filter(None, (store.location, store.custodian))),
        }
        for number, store in enumerate(named, start=1)
    ]


def copy(part: CopyPart) -> dict[str, Any]:
    """A cell of the matrix: its word, its details, and its tone for those who see colours."""
    if part.outcome is None:
        return {"outcome": "to be answered", "details": [], "tone": "open"}
    details = []
    if part.until is not None:
        details.append(f"until {wording.cell_day(part.until)}")
    if part.method is not None:
        how = METHODS[part.method].words
        details.append(f"{how}, {part.level}" if part.level else how)
    if part.on is not None:
        details.append(wording.cell_day(part.on))
    if part.on_word_of is not None:
        details.append(f"on the word of {short(part.on_word_of, 40)}")
    settled = OUTCOMES[part.outcome].settled
    return {
        "outcome": wording.OUTCOMES[part.outcome],
        "details": details,
        "tone": "settled" if settled else "excepted",
    }
