"""The attestations of a file, each compared with the one that it supersedes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attest.database.tables import Store
from attest.services.facts.differences import Difference, differences
from attest.services.views.overview import AttestationView
from attest.statements.declarations import onward_lines

ONWARD = "Passed on to others"


@dataclass(frozen=True)
class History:
    """An attestation, and what it says otherwise than the one before.

    `changed`: the store's label, or ONWARD, and the lines that differ.
    """

    view: AttestationView
    onward: Sequence[str]
    changed: Sequence[tuple[str, Difference]]


def history(views: Sequence[AttestationView], stores: Mapping[str, Store]) -> list[History]:
    """Attestations of one file, newest first. `stores`: all of them, withdrawn ones too."""
    by_hash = {view.row.hash: view for view in views}
    found = []
    for view in views:
        before = by_hash.get(view.row.supersedes or "")
        changed: list[tuple[str, Difference]] = []
        if before is not None:
            changed = [
                (stores[each.store_id].label if each.store_id else ONWARD, each)
                for each in differences(before.copies, view.copies, before.onward, view.onward)
            ]
        found.append(History(view, onward_lines(view.onward), changed))
    return found
