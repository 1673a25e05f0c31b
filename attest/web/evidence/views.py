"""What the page that attaches evidence shows: what is attached already, and what could be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from attest.services.access import Seat
from attest.services.acts import evidence_list, evidence_uses
from attest.services.acts.evidence_list import EvidenceView
from attest.services.context import Context
from attest.web.evidence.places import Chosen


@dataclass(frozen=True)
class Attached:
    """An evidence file on what was chosen. `on`: on how many of the chosen copies by themselves;
    `by_file`: it is attached to their whole file."""

    view: EvidenceView
    on: int
    by_file: bool


@dataclass(frozen=True)
class AttachView:
    """What is attached, oldest first, and what else the demand has: its newest fifty."""

    attached: Sequence[Attached]
    others: Sequence[EvidenceView]


def attach_view(ctx: Context, seat: Seat, picked: Chosen) -> AttachView:
    """The page's lists."""
    files = [picked.file] if picked.file else list(picked.copies.files if picked.copies else ())
    of_files = evidence_uses.of_files(ctx, seat.demand, [file.id for file in files])
    rows = {row.digest: row for of_file in of_files.values() for row in of_file.all()}
    on: Counter[str] = Counter()
    for file_id, store_id in picked.copies.cells if picked.copies else ():
        if file_id in of_files:
            on.update(row.digest for row in of_files[file_id].by_store.get(store_id, ()))
    by_file = {row.digest for of_file in of_files.values() for row in of_file.every}
    mine = by_file if picked.file else by_file | set(on)
    ordered = sorted(
        (row for digest, row in rows.items() if digest in mine),
        key=lambda row: (row.added_at, row.digest),
    )
    attached = [
        Attached(view, on[view.row.digest], view.row.digest in by_file)
        for view in evidence_list.view(ctx, seat.demand, ordered)
    ]
    full = {
        each.view.row.digest
        for each in attached
        if picked.file or (picked.copies and each.on == len(picked.copies.cells))
    }
    newest = evidence_list.listed(ctx, seat.demand).items
    return AttachView(attached, [view for view in newest if view.row.digest not in full])
