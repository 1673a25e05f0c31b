"""What an amendment changes: the demand that stood before, and the one that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from attest.domain.wording import ACTIONS, CONCURRENCE, capital, count, day, listing

# How many names a line gives before it counts the rest.
MOST_NAMES = 5


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: `old` is empty where it was added, `new` where it went.

    `long`: texts of many lines, which a letter does not repeat.
    """

    what: str
    old: str
    new: str
    long: bool = False

    @property
    def line(self) -> str:
        """In one line, for a timeline or a letter."""
        if self.long:
            return f"{self.what}: written anew"
        if not self.old:
            return f"{self.what}: {self.new}"
        return f"{self.what}: {self.old}, now {self.new}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What two predicates of a demand (docs/formats.md §3) say differently, in reading order."""
    return [
        Change(what, said(before), said(after), long)
        for what, said, long in _MEMBERS
        if said(before) != said(after)
    ]


def with_lists(
    found: list[Change], *, files: list[str], released: list[str], again: list[str]
) -> list[Change]:
    """The changes with what comes and goes besides: files, stores let go, stores named again."""
    lists = (
        ("Files added", files, "file"),
        ("No longer searched", released, "store"),
        ("Searched on, and named again", again, "store"),
    )
    more = [Change(what, "", naming(names, noun)) for what, names, noun in lists if names]
    return [*found, *more]


def naming(names: list[str], noun: str) -> str:
    """The first few names in quotes, and how many more there are."""
    shown = [f"“{name}”" for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        shown.append(count(len(names) - MOST_NAMES, f"other {noun}"))
    return listing(shown)


def _due(said: Mapping[str, Any]) -> str:
    return day(date.fromisoformat(said["dueOn"]))


def _controllers(said: Mapping[str, Any]) -> str:
    return listing(f"{each['name']} ({each['role']})" for each in said["parties"]["controllers"])


def _contractor(said: Mapping[str, Any]) -> str:
    return str(said["parties"]["contractor"]["name"])


def _carriers(said: Mapping[str, Any]) -> str:
    return listing(each["name"] for each in said["parties"]["carriers"]) or "none"


_MEMBERS: tuple[tuple[str, Callable[[Mapping[str, Any]], str], bool], ...] = (
    ("Due date", _due, False),
    ("What the contractor must do", lambda said: capital(ACTIONS[said["action"]]), False),
    (
        "Whose review counts",
        lambda said: capital(CONCURRENCE[said["parties"]["concurrence"]]),
        False,
    ),
    ("Reference", lambda said: str(said["reference"]), False),
    ("Controllers", _controllers, False),
    ("Contractor", _contractor, False),
    ("Carriers", _carriers, False),
    ("Basis", lambda said: str(said["basis"]), True),
    ("Instruction", lambda said: str(said["instruction"]), True),
)
