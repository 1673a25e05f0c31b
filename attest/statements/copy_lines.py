"""What template v1 says about one copy: every member of its entry, one sentence a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attest.statements.wording_v1 import day, number, quoted

_INDENT = "   "

_OUTCOME = {
    "none_found": "searched, and no copy was found",
    "deleted": "deleted",
    "destroyed": "destroyed",
    "crypto_erased": "made unreadable by destroying the encryption key",
    "returned": "returned",
    "beyond_use": "put beyond use, and not deleted yet",
    "legal_hold": "kept under a legal hold, and not deleted",
    "cannot_locate": "searched, and the copy could not be located",
    "passed_on": "passed on to somebody else",
}

_METHOD = {
    "file_deletion": "deletion of the file",
    "overwrite": "overwriting of the file",
    "block_erase": "block erase of the whole medium",
    "secure_erase": "secure erase of the whole medium",
    "degauss": "degaussing of the medium",
    "shred": "shredding",
    "incinerate": "incineration",
    "pulverise": "pulverising",
    "disintegrate": "disintegration",
    "key_destruction": "destruction of the encryption key",
    "retention_expiry": "expiry of the retention period",
}

_SAFEGUARD = {
    "no_decisions": "Until then, it is not used for any decision about anybody.",
    "no_sharing": "Until then, nobody else is given access to it.",
    "secured": "Until then, it is kept secure.",
    "will_delete": "It will be deleted as soon as that is possible.",
}

_MEDIUM_PARTS = (
    ("manufacturer", "manufacturer"),
    ("model", "model"),
    ("serial", "serial number"),
    ("assetTag", "asset tag"),
)


def copy_lines(position: int, copy: Mapping[str, Any], label: str, medium: str) -> list[str]:
    """The lines for one entry of `copies`; `label` is quoted already."""
    lines = [f"{position}. Store {label} ({medium}): {_OUTCOME[copy['outcome']]}."]
    lines += [f"{_INDENT}{line}" for line in (*_answer(copy), *_details(copy))]
    return lines


def _answer(copy: Mapping[str, Any]) -> list[str]:
    """What the outcome needs, and on whose word it is."""
    lines: list[str] = []
    if "onWordOf" in copy:
        lines.append(f"This is on the word of {quoted(copy['onWordOf'])}.")
    if "search" in copy:
        search = copy["search"]
        lines.append(f"What was searched: {quoted(search['scope'])}.")
        lines.append(f"Searched on {day(search['on'])} by {quoted(search['by'])}.")
    if "method" in copy:
        lines.append(f"Method: {_METHOD[copy['method']]}.")
    if "level" in copy:
        lines.append(f"Size of the pieces: level {copy['level']} of ISO/IEC 21964.")
    if "performedOn" in copy:
        lines.append(f"Done on {day(copy['performedOn'])} by {quoted(copy['performedBy'])}.")
    if "witnessedBy" in copy:
        lines.append(f"Witnessed by {quoted(copy['witnessedBy'])}.")
    if "returnedTo" in copy:
        lines.append(f"Returned to {quoted(copy['returnedTo'])}.")
    if "exception" in copy:
        exception = copy["exception"]
        lines.append(f"Reason for keeping it: {quoted(exception['basis'])}.")
        lines.append(f"This exception ends on {day(exception['until'])}.")
        lines += [_SAFEGUARD[name] for name in exception.get("safeguards", [])]
    if "passedTo" in copy:
        passed_to = copy["passedTo"]
        lines.append(f"Passed on to {quoted(passed_to['name'])}.")
        if "demand" in passed_to:
            lines.append(f"The demand raised against them is {quoted(passed_to['demand'])}.")
        else:
            lines.append("No demand raised against them is named.")
    if copy["outcome"] == "deleted":
        lines.append("This does not claim that the medium itself was sanitised.")
    return lines


def _details(copy: Mapping[str, Any]) -> list[str]:
    """What any outcome may have."""
    lines: list[str] = []
    if "count" in copy:
        lines.append(f"This is about {number(copy['count'], 'copy', 'copies')}.")
    if "technique" in copy:
        lines.append(f"Technique: {quoted(copy['technique'])}.")
    if "standard" in copy:
        standard = copy["standard"]
        lines.append(f"Standard: {'another one' if standard == 'other' else standard}.")
    if "tool" in copy:
        lines.append(f"Tool: {quoted(copy['tool'])}.")
    if "media" in copy:
        lines.append(f"This is about {number(len(copy['media']), 'medium', 'media')}.")
        lines += [f"Medium: {_medium(item)}." for item in copy["media"]]
    if "verification" in copy:
        verification = copy["verification"]
        lines.append(f"Verified by {quoted(verification['by'])}: {quoted(verification['method'])}.")
        lines.append(f"Result of the verification: {quoted(verification['result'])}.")
    for item in copy.get("evidence", []):
        digest = item["digest"]["sha256"]
        lines.append(f"Evidence: {quoted(item['name'])}, with the SHA-256 {digest}.")
    if "note" in copy:
        lines.append(f"Note: {quoted(copy['note'])}.")
    return lines


def _medium(item: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{words} {quoted(item[name])}" for name, words in _MEDIUM_PARTS if name in item
    )
