"""What an attestation says otherwise than the one that it supersedes, in the words of both.

The lines are the ones that were signed (docs/formats.md §3), so nothing is called a difference
that the declarations don't say, and none is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attest.statements.copy_lines import copy_lines
from attest.statements.declarations import onward_lines


@dataclass(frozen=True)
class Difference:
    """One store, or the onward disclosure (`store_id` None): lines taken out and put in."""

    store_id: str | None
    out: Sequence[str]
    into: Sequence[str]


def sentences(entry: Mapping[str, Any]) -> list[str]:
    """An entry of `copies` in the declaration's words; the outcome comes first."""
    first, *rest = copy_lines(1, entry, "", "")
    outcome = first.partition("): ")[2]
    return [outcome[:1].upper() + outcome[1:], *(line.strip() for line in rest)]


def differences(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    onward_before: Mapping[str, Any],
    onward_after: Mapping[str, Any],
) -> list[Difference]:
    """The stores whose lines differ, in the order of `after`, then those left out, then onward."""
    old = {entry["storeId"]: sentences(entry) for entry in before}
    new = {entry["storeId"]: sentences(entry) for entry in after}
    found = [
        Difference(store_id, *_parted(old.get(store_id, []), new.get(store_id, [])))
        for store_id in (*new, *(store_id for store_id in old if store_id not in new))
    ]
    found.append(
        Difference(None, *_parted(onward_lines(onward_before), onward_lines(onward_after)))
    )
    return [difference for difference in found if difference.out or difference.into]


def _parted(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of each that the other lacks; a line said twice counts twice."""
    return _without(before, after), _without(after, before)


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    left = Counter(others)
    kept = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            kept.append(line)
    return kept
