"""One copy's entry in an attestation: table and claim guard (docs/formats.md §3, "Copies").

The verifier, the server and the forms all ask here. `problems` names every member that is wrong
with a sentence for a person; an entry without problems is one that an officer may sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from attest.domain import text
from attest.domain.outcomes import (
    ALL_LEVELS,
    ALWAYS_ALLOWED,
    METHODS,
    OUTCOMES,
    SAFEGUARDS,
    STANDARDS,
    Outcome,
)
from attest.domain.scalars import FormatError, is_sha256, is_uuid, parse_date

MAX_NOTE = 10_000
MAX_MEDIA = 500
MAX_EVIDENCE = 100
MAX_COUNT = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one member; `member` is a path such as `search.on` or `media.2.serial`."""

    member: str
    sentence: str


Check = Callable[[str, Any], list[Problem]]


def problems(copy: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with one entry of `copies`; an empty list where nothing is."""
    name = copy.get("outcome")
    outcome = OUTCOMES.get(name) if isinstance(name, str) else None
    if outcome is None:
        return [Problem("outcome", "Say what became of the copy.")]
    needs, may = _members_of(outcome, copy)
    found = [Problem(member, _ask(member)) for member in needs if member not in copy]
    for member, value in copy.items():
        if member == "outcome":
            continue
        if member not in may:
            found.append(Problem(member, f"This does not go with “{outcome.words}”: leave it out."))
        elif member == "method":
            found += _method(outcome, value)
        elif member == "exception" and outcome.name == "beyond_use":
            found += _BEYOND_USE(member, value)
        else:
            found += _MEMBERS[member](member, value)
    return found


def _members_of(outcome: Outcome, copy: Mapping[str, Any]) -> tuple[list[str], set[str]]:
    needs = ["storeId", *outcome.needs]
    may = {*needs, *outcome.may, *ALWAYS_ALLOWED}
    if "level" in may:
        name = copy.get("method")
        method = METHODS.get(name) if isinstance(name, str) else None
        if method is not None and method.needs_level:
            needs.append("level")
        elif method is not None:
            may.discard("level")
    return needs, may


def _method(outcome: Outcome, value: Any) -> list[Problem]:
    """The claim guard: a method goes only with the outcome that it can honestly claim."""
    method = METHODS.get(value) if isinstance(value, str) else None
    if method is None:
        return [Problem("method", _ask("method"))]
    if outcome.name in method.outcomes:
        return []
    claims = " or ".join(f"“{OUTCOMES[name].words}”" for name in method.outcomes)
    words = method.words[0].upper() + method.words[1:]
    return [
        Problem(
            "method",
            f"{words} can only be claimed as {claims}: change the outcome or the method.",
        )
    ]


def _words(most: int, *, multiline: bool = False) -> Check:
    def check(member: str, value: Any) -> list[Problem]:
        if not isinstance(value, str) or not value.strip():
            return [Problem(member, _ask(member))]
        if len(value) > most:
            return [Problem(member, f"Use at most {most:,} characters; this has {len(value):,}.")]
        wrong = text.problem(value, multiline=multiline)
        return [Problem(member, wrong)] if wrong is not None else []

    return check


def _is(test: Callable[[str], object]) -> Check:
    """A string that a test takes; the test may answer False or raise FormatError."""

    def check(member: str, value: Any) -> list[Problem]:
        try:
            good = isinstance(value, str) and test(value) is not False
        except FormatError:
            good = False
        return [] if good else [Problem(member, _ask(member))]

    return check


def _count(member: str, value: Any) -> list[Problem]:
    if type(value) is int and 0 <= value <= MAX_COUNT:
        return []
    return [Problem(member, _ask(member))]


def _all_safeguards(member: str, value: Any) -> list[Problem]:
    return [] if value == list(SAFEGUARDS) else [Problem(member, _ask(member))]


def _object(
    needs: Mapping[str, Check], may: Mapping[str, Check] | None = None, *, any_of: bool = False
) -> Check:
    known = {**needs, **(may or {})}

    def check(member: str, value: Any) -> list[Problem]:
        if not isinstance(value, Mapping) or (any_of and not value):
            return [Problem(member, _ask(member))]
        found = [
            Problem(f"{member}.{name}", _ask(f"{member}.{name}"))
            for name in needs
            if name not in value
        ]
        for name, part in value.items():
            path = f"{member}.{name}"
            if name in known:
                found += known[name](path, part)
            else:
                found.append(Problem(path, "There is no place for this here: leave it out."))
        return found

    return check


def _list(item: Check, most: int) -> Check:
    def check(member: str, value: Any) -> list[Problem]:
        if not isinstance(value, list) or not value:
            return [Problem(member, _ask(member))]
        if len(value) > most:
            return [Problem(member, f"List at most {most}; this lists {len(value):,}.")]
        return [
            problem
            for number, part in enumerate(value)
            for problem in item(f"{member}.{number}", part)
        ]

    return check


_name = _words(500)
_day = _is(parse_date)
_EXCEPTION: dict[str, Check] = {"basis": _words(2000), "until": _day}
_BEYOND_USE = _object({**_EXCEPTION, "safeguards": _all_safeguards})

_MEMBERS: dict[str, Check] = {
    "storeId": _is(is_uuid),
    "search": _object({"scope": _words(2000), "on": _day, "by": _name}),
    "performedOn": _day,
    "performedBy": _name,
    "witnessedBy": _name,
    "returnedTo": _name,
    "level": _is(ALL_LEVELS.__contains__),
    "exception": _object(_EXCEPTION),
    "passedTo": _object({"name": _name}, {"demand": _words(200)}),
    "count": _count,
    "technique": _words(500),
    "standard": _is(STANDARDS.__contains__),
    "tool": _words(500),
    "media": _list(
        _object(
            {},
            {name: _words(200) for name in ("manufacturer", "model", "serial", "assetTag")},
            any_of=True,
        ),
        MAX_MEDIA,
    ),
    "verification": _object({"method": _words(500), "result": _words(2000), "by": _name}),
    "evidence": _list(
        _object({"name": _words(1000), "digest": _object({"sha256": _is(is_sha256)})}),
        MAX_EVIDENCE,
    ),
    "note": _words(MAX_NOTE, multiline=True),
    "onWordOf": _name,
}

_ASK: dict[str, str] = {
    "storeId": "Say which store the answer is for.",
    "method": "Say which method was used.",
    "performedOn": "Say on which day it was done.",
    "performedBy": "Say who did it.",
    "witnessedBy": "Say who witnessed it, or leave it out.",
    "returnedTo": "Say to whom it was returned.",
    "level": "Say how small the pieces are: a level of ISO/IEC 21964, such as P-4 or H-5.",
    "search": "Say what was searched, on which day and by whom.",
    "search.scope": "Say what was searched.",
    "search.on": "Say on which day it was searched.",
    "search.by": "Say who searched.",
    "exception": "Say why the copy is still there, and until when.",
    "exception.basis": "Say why the copy is still there.",
    "exception.until": "Say on which day the exception ends.",
    "exception.safeguards": "A copy put beyond use needs all four safeguards.",
    "passedTo": "Say to whom it was passed on.",
    "passedTo.name": "Say to whom it was passed on.",
    "passedTo.demand": "Give the demand that was raised against them, or leave it out.",
    "count": "Give the number of copies as a whole number from 0.",
    "technique": "Say which technique was used, or leave it out.",
    "standard": "Choose one of the standards listed.",
    "tool": "Say which tool was used, or leave it out.",
    "media": "Give at least one medium with its maker, model, serial or asset tag.",
    "verification": "Say how it was verified, with what result and by whom.",
    "verification.method": "Say how it was verified.",
    "verification.result": "Say what the verification found.",
    "verification.by": "Say who verified it.",
    "evidence": "Give at least one evidence file, by its name and SHA-256.",
    "note": "Say in a note what happened.",
    "onWordOf": "Say on whose word this is, or leave it out.",
}


def _ask(member: str) -> str:
    path = [part for part in member.split(".") if not part.isdigit()]
    return _ASK.get(".".join(path)) or _ASK.get(path[0], "Fill this in.")
