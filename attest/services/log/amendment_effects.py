"""What an amendment brings about beyond its text: files that come back, and their due days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attest.database.tables import Amendment, Demand
from attest.services.context import Context
from attest.services.facts import deadlines
from attest.services.facts.overruled import Overruled, overruled


@dataclass(frozen=True)
class Effects:
    """What signing an amendment now would bring about.

    `opens`: how many files that are signed for come back, because a store is named again.
    `opens_due`: by when those are due. `added_due`: by when the files that it adds are due, where
    the amended due day leaves them no time. `waits`: how many accepted files then wait for the
    joint controllers' reviews too. `overruled`: reviews of theirs that do not count any more.
    """

    opens: int
    opens_due: date | None
    added_due: date | None
    waits: int
    overruled: Sequence[Overruled]


def effects(
    ctx: Context, demand: Demand, row: Amendment, *, files: int, named_again: bool
) -> Effects:
    """`files`: how many it adds; `named_again`: whether a store comes back under another name."""
    each_counts = row.concurrence == "each" and demand.concurrence == "lead"
    joint = any(party.role == "joint" for party in demand.parties)
    lead_counts = row.concurrence == "lead" and demand.concurrence == "each"
    opens = demand.files_attested + demand.files_accepted if named_again else 0
    return Effects(
        opens=opens,
        opens_due=deadlines.again_by(ctx, demand, row.due_on) if opens else None,
        added_due=deadlines.added_by(ctx, demand, row.due_on) if files else None,
        waits=demand.files_accepted if each_counts and joint and not named_again else 0,
        # Where a store is named again, every file is to be attested and reviewed anew.
        overruled=overruled(ctx, demand) if lead_counts and not named_again else [],
    )
