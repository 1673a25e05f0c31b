"""A closed schema as rows for a table: member, must or may, and what it is.

The schemas are functions put together from functions, so their parts are read from the closures.
docs/formats.md writes its tables in the same words, and tests/test_docs.py compares the two.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from attest.domain import copies, outcomes
from attest.domain.scalars import is_sha256, is_uuid, parse_date
from attest.statements import bodies, predicates, schema

Check = Callable[..., Any]

_ALONE: dict[Any, str] = {
    schema.sha256: "sha256",
    schema.uuid: "uuid",
    schema.time: "time",
    schema.date: "date",
    is_sha256: "sha256",
    is_uuid: "uuid",
    parse_date: "date",
    copies._count: "integer",
    copies._all_safeguards: "list of all four safeguards, in the order of their table",
    predicates._copy: "a copy's entry, see Copies",
    predicates._onward: "see Onward disclosure",
}
# Objects that stand in many places, and have one table of their own.
SHARED: dict[Any, str] = {
    bodies.PERSON: "person",
    predicates.HOLDER: "holder",
    predicates.SIGNER: "signer",
    predicates._DEMAND["seen"]: "seen",
    predicates._DEMAND["declaration"]: "declaration",
}
# Bound methods are made afresh each time, and so are compared and not looked up.
_SETS = (
    (outcomes.ALL_LEVELS.__contains__, "a level, see Copies"),
    (outcomes.STANDARDS.__contains__, "one of " + ", ".join(f"`{s}`" for s in outcomes.STANDARDS)),
)


class Row(NamedTuple):
    """One member: its path, whether it is a must, and what it is, in words."""

    member: str
    must: bool
    what: str


def rows(check: Check, before: str = "") -> Iterator[Row]:
    """Every member of an object's schema, those of objects inside it after their owner."""
    needs, known = _members(check)
    for name, member in known.items():
        yield Row(f"{before}{name}", name in needs, words(member))
        yield from inside(f"{before}{name}", member)


def inside(name: str, check: Check) -> Iterator[Row]:
    """The members of what a member holds: an object of its own, or a list of them."""
    item = _parts(check).get("item")
    if item is not None and _is_object(item):
        yield from rows(item, f"{name}[].")
    elif _is_object(check) and check not in SHARED:
        yield from rows(check, f"{name}.")


def words(check: Check) -> str:
    """What a member is."""
    if check in SHARED:
        return f"a {SHARED[check]}"
    if check in _ALONE:
        return _ALONE[check]
    parts = _parts(check)
    if "test" in parts:
        for test, said in _SETS:
            if parts["test"] == test:
                return said
        return _ALONE[parts["test"]]
    if "values" in parts:
        return "one of " + ", ".join(f"`{value}`" for value in parts["values"])
    if "wanted" in parts:
        wanted = parts["wanted"]
        return f"always `{wanted}`"
    if "item" in parts:
        return _list(parts)
    if "multiline" in parts:
        return f"{'prose' if parts['multiline'] else 'line'} ≤ {parts['most']:,}"
    if "size" in parts:
        return f"base64 of {parts['size']} bytes"
    if "least" in parts:
        if (parts["least"], parts["most"]) == (0, schema.MAX_INTEGER):
            return "integer"
        return f"integer, {parts['least']} to {parts['most']:,}"
    assert _is_object(check), check
    return "object, at least one member" if parts.get("any_of") else "object"


def _list(parts: Mapping[str, Any]) -> str:
    bounds = f"{parts.get('least', 1)} to {parts['most']:,}"
    inner = words(parts["item"])
    return f"list of {bounds}" if inner.startswith("object") else f"list of {bounds}: {inner}"


def _is_object(check: Check) -> bool:
    return "known" in _parts(check)


def _members(check: Check) -> tuple[Mapping[str, Check], Mapping[str, Check]]:
    parts = _parts(check)
    return parts.get("required", parts.get("needs", {})), parts["known"]


def _parts(check: Check) -> Mapping[str, Any]:
    if not inspect.isfunction(check):
        return {}
    return inspect.getclosurevars(check).nonlocals
