"""The certificate: what became of every copy, for people to read. It is never evidence."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attest.documents import evidence_table, parts
from attest.documents.evidence_table import EvidencePart
from attest.documents.parts import (
    AmendedPart,
    CheckpointText,
    CopyPart,
    FilePart,
    Party,
    Signer,
    StorePart,
)
from attest.documents.rendering import render
from attest.domain import wording
from attest.domain.extensions import due_words

# More stores than this go into a second table below: a narrower column holds no word.
_STORES_A_BAND = 7

_STANDING = {
    "closed": "Closed: every file is accepted and every copy is settled.",
    "closed_with_exceptions": "Closed with exceptions: every file is accepted, but not every copy "
    "is settled.",
    "withdrawn": "Withdrawn by the controller: nothing more is demanded.",
}


@dataclass(frozen=True, slots=True)
class Attested:
    """The last attestation of a file. `key` is the fingerprint of the officer's key."""

    by: str
    role: str
    organisation: str
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Onward:
    """A recipient to whom a copy went on, as an attestation declares it."""

    recipient: str
    what: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CertifiedFile:
    """A named file, its state (`accepted`, …), and the answers by its last attestation.

    `copies` has one entry for each store of the certificate, in its order.
    """

    file: FilePart
    state: str
    copies: tuple[CopyPart, ...]
    attested: Attested | None = None
    onward: tuple[Onward, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateData:
    """Everything that a certificate says. `state` is the demand's (`closed`, …)."""

    reference: str
    demand_id: str
    state: str
    parties: tuple[Party, ...]
    action: str
    basis: str
    due_on: date
    issued_at: datetime
    issued_by: Signer
    checkpoint: CheckpointText
    files: tuple[CertifiedFile, ...]
    stores: tuple[StorePart, ...]
    closed_at: datetime | None = None
    closed_by: Signer | None = None
    closing_reason: str | None = None
    amended: tuple[AmendedPart, ...] = ()
    signed_due_on: date | None = None  # where more time was granted since
    more_time: tuple[str, ...] = ()  # a line for each request that was decided
    evidence: tuple[EvidencePart, ...] = ()  # in the order in which they were added


def make_certificate(data: CertificateData, *, fonts: Path | None = None) -> bytes:
    """The certificate as a PDF. The same data and fonts give the same bytes.

    Raises ValueError where a file's answers are not one a store.
    """
    for entry in data.files:
        if len(entry.copies) != len(data.stores):
            raise ValueError("a file of the certificate needs one answer for each store")
    return render("certificate.typ", _told(data), at=data.checkpoint.at, fonts=fonts)


def _told(data: CertificateData) -> dict[str, Any]:
    keys = _letters(data.files)
    bundle = f"{data.reference}-bundle.zip"
    evidence = evidence_table.listing(
        data.evidence, [entry.copies for entry in data.files], data.parties
    )
    return {
        "title": f"Deletion demand {data.reference}",
        "author": next(party.name for party in data.parties if party.role == "lead"),
        "description": "A rendering for people of what became of every copy. It is no evidence.",
        "footer": f"{data.reference} · certificate, no evidence",
        "standing": _STANDING.get(
            data.state,
            f"Not closed. As it stood on {wording.short_day(data.checkpoint.at)}, the demand was "
            f"{wording.DEMAND_STATES[data.state]}.",
        ),
        "bundle": bundle,
        "command": f"attest verify {bundle} --trust trust.json",
        "facts": _facts(data),
        "checkpoint": parts.checkpoint(data.checkpoint),
        "files-heading": wording.capital(wording.count(len(data.files), "named file")),
        "files": [
            told | _attested(entry, keys)
            for told, entry in zip(
                parts.files([entry.file for entry in data.files]), data.files, strict=True
            )
        ],
        "keys": [
            {
                "letter": letter,
                "holder": f"{signed.by}, {signed.role}, {signed.organisation}",
                "fingerprint": signed.key,
            }
            for signed, letter in keys.values()
        ],
        "stores-heading": wording.capital(wording.count(len(data.stores), "store")),
        "stores": parts.stores(data.stores),
        "bands": _bands(data, evidence.numbers),
        "evidence": evidence.told,
        "onward": [
            _onward(entry.file.name, onward) for entry in data.files for onward in entry.onward
        ],
        "no-onward": _no_onward(data.files),
    }


def _facts(data: CertificateData) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("Parties", parts.parties(data.parties)),
        ("Demanded", wording.capital(wording.ACTIONS[data.action])),
        ("Basis", data.basis),
        ("Due", due_words(data.due_on, data.signed_due_on)),
        ("Issued", _signed(data.issued_at, data.issued_by)),
    ]
    facts += [("Amended", parts.amended(part)) for part in data.amended]
    facts += [("More time", line) for line in data.more_time]
    if data.closed_at is not None and data.closed_by is not None:
        ended = "Withdrawn" if data.state == "withdrawn" else "Closed"
        facts.append((ended, _signed(data.closed_at, data.closed_by)))
    if data.closing_reason:
        facts.append(("Reason", data.closing_reason))
    facts.append(("Demand's number", data.demand_id))
    return facts


def _signed(at: datetime, by: Signer) -> dict[str, str]:
    return parts.signer(by) | {"at": wording.moment_utc(at)}


def _letters(files: Sequence[CertifiedFile]) -> dict[str, tuple[Attested, str]]:
    """The officers' keys in the order of their first use, with a letter each for the table."""
    keys: dict[str, tuple[Attested, str]] = {}
    for entry in files:
        if entry.attested is not None and entry.attested.key not in keys:
            keys[entry.attested.key] = (entry.attested, _letter(len(keys)))
    return keys


def _letter(index: int) -> str:
    """A, B, …, Z, AA, AB, …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _attested(entry: CertifiedFile, keys: dict[str, tuple[Attested, str]]) -> dict[str, Any]:
    """A file's state, and by whom it was attested."""
    excepted = [parts.copy(copy)["tone"] for copy in entry.copies].count("excepted")
    tone = "excepted" if excepted else "settled"
    if entry.state in ("open", "rejected"):
        tone = "open"
    signed = entry.attested
    told = (
        [f"attested {wording.moment_utc(signed.at)}", f"{signed.by}, key {keys[signed.key][1]}"]
        if signed
        else []
    )
    if excepted:
        told.insert(0, f"{wording.count(excepted, 'copy')} not settled")
    return {
        "state": wording.capital(wording.FILE_STATES[entry.state]),
        "tone": tone,
        "attested": told,
    }


def _bands(data: CertificateData, evidence: Mapping[str, str]) -> list[dict[str, Any]]:
    """The matrix, cut into tables of about equally many stores."""
    if not data.stores:
        return []
    stores = parts.stores(data.stores)
    wide = math.ceil(len(stores) / math.ceil(len(stores) / _STORES_A_BAND))
    return [
        {
            "stores": stores[start : start + wide],
            "rows": [
                {
                    "number": str(number),
                    "name": parts.short(entry.file.name, 60),
                    "cells": [_cell(copy, evidence) for copy in entry.copies[start : start + wide]],
                }
                for number, entry in enumerate(data.files, start=1)
            ],
        }
        for start in range(0, len(stores), wide)
    ]


def _cell(copy: CopyPart, evidence: Mapping[str, str]) -> dict[str, Any]:
    told = parts.copy(copy)
    return told | {"details": told["details"] + evidence_table.in_cell(copy, evidence)}


def _onward(name: str, onward: Onward) -> str:
    on = f" on {wording.short_day(onward.on)}" if onward.on else ""
    return f"{name}: {onward.what}, to {onward.recipient}{on}"


def _no_onward(files: Sequence[CertifiedFile]) -> str:
    if all(entry.attested is not None for entry in files):
        return "Each attestation declares that no copy left the parties named."
    return "No attestation declares that a copy left the parties named."
