"""Which of the parent's files each file of a demand raised from another is."""

from __future__ import annotations

from sqlalchemy import select

from attest.database.tables import Demand, NamedFile
from attest.services.context import Context


def link_files(ctx: Context, child: Demand) -> None:
    """Finds the parent's file for each of the child's files that somebody added by hand: by its
    SHA-256, or by its name as it was copied. Nothing for a demand that was raised by itself."""
    if child.parent_id is None:
        return
    loose = ctx.session.scalars(
        select(NamedFile).where(NamedFile.demand_id == child.id, NamedFile.parent_file_id.is_(None))
    ).all()
    if not loose:
        return
    by_hash: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for file_id, name, sha256 in ctx.session.execute(
        select(NamedFile.id, NamedFile.name, NamedFile.sha256)
        .where(NamedFile.demand_id == child.parent_id)
        .order_by(NamedFile.position)
    ):
        by_name.setdefault(name, file_id)
        if sha256:
            by_hash.setdefault(sha256, file_id)
    for file in loose:
        found = by_hash.get(file.sha256 or "") or by_name.get(file.name)
        if found:
            file.parent_file_id = found
