"""What an amendment changes: the demand that stood before, and the one that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from attest.domain.phrases import Phrase, phrase, phrases
from attest.domain.wording import listing

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
    def line(self) -> Phrase:
        """In one line, for a timeline or a letter."""
        if self.long:
            return phrase("%(what)s: written anew", what=self.what)
        if not self.old:
            return phrase("%(what)s: %(new)s", what=self.what, new=self.new)
        return phrase("%(what)s: %(old)s, now %(new)s", what=self.what, old=self.old, new=self.new)


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
        (phrase("Files added"), files, "file"),
        (phrase("No longer searched"), released, "store"),
        (phrase("Searched on, and named again"), again, "store"),
    )
    more = [Change(what, "", naming(names, noun)) for what, names, noun in lists if names]
    return [*found, *more]


def naming(names: list[str], noun: str) -> Phrase:
    """The first few names in quotes, and how many more there are. `noun`: `file` or `store`."""
    shown = [f"“{name}”" for name in names[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    if more > 0 and noun == "file":
        shown.append(phrases("%(num)s other file", "%(num)s other files", more))
    elif more > 0:
        shown.append(phrases("%(num)s other store", "%(num)s other stores", more))
    return phrase("%(names)s", names=shown)


def _due(said: Mapping[str, Any]) -> Phrase:
    return phrase("%(day)s", day=date.fromisoformat(said["dueOn"]))


def _controllers(said: Mapping[str, Any]) -> str:
    return listing(f"{each['name']} ({each['role']})" for each in said["parties"]["controllers"])


def _contractor(said: Mapping[str, Any]) -> str:
    return str(said["parties"]["contractor"]["name"])


def _carriers(said: Mapping[str, Any]) -> str:
    return listing(each["name"] for each in said["parties"]["carriers"]) or phrase("none")


# As wording.py has them, at the start of a line, and where gettext finds them.
_ACTIONS: Mapping[str, Phrase] = {
    "delete": phrase("Delete every copy"),
    "return": phrase("Return every copy"),
    "delete_or_return": phrase("Delete or return every copy"),
}
_CONCURRENCE: Mapping[str, Phrase] = {
    "lead": phrase("The lead controller's review counts"),
    "each": phrase("Each controller's review counts"),
}

_MEMBERS: tuple[tuple[str, Callable[[Mapping[str, Any]], str], bool], ...] = (
    (phrase("Due date"), _due, False),
    (phrase("What the contractor must do"), lambda said: _ACTIONS[said["action"]], False),
    (
        phrase("Whose review counts"),
        lambda said: _CONCURRENCE[said["parties"]["concurrence"]],
        False,
    ),
    (phrase("Reference"), lambda said: str(said["reference"]), False),
    (phrase("Controllers"), _controllers, False),
    (phrase("Contractor"), _contractor, False),
    (phrase("Carriers"), _carriers, False),
    (phrase("Basis"), lambda said: str(said["basis"]), True),
    (phrase("Instruction"), lambda said: str(said["instruction"]), True),
)
