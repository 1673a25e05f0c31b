"""Files of which the officer says something else than before, beyond the answers for copies.

A file that came back counts as changed once a copy was answered since (`Copy.answered_at`), or
what is noted here: another word on whether a copy was passed on, evidence attached or taken off.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update

from attest.database.tables import Demand, NamedFile
from attest.services.context import Context


def note(ctx: Context, demand: Demand, file_ids: Iterable[str]) -> None:
    """Notes that these files of the demand were changed now."""
    ids = sorted(set(file_ids))
    # In chunks: a statement takes only so many bound values.
    for start in range(0, len(ids), 500):
        ctx.session.execute(
            update(NamedFile)
            .where(NamedFile.demand_id == demand.id, NamedFile.id.in_(ids[start : start + 500]))
            .values(changed_at=ctx.now)
            .execution_options(synchronize_session=False)
        )
