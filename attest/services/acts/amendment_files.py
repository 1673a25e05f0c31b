"""The files that an amendment adds: typed one by one, or read from a list."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, func, insert, select

from attest.database.tables import Amendment, AmendmentFile, NamedFile
from attest.domain.manifest import ManifestFile, Problem, merge, read
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.acts.amendment_drafts import editable
from attest.services.acts.draft_files import CHUNK, as_manifest, columns, read_typed
from attest.services.context import Context
from attest.services.facts.paging import Page, page_of

FILES_A_PAGE = 100


class BadList(Refused):
    """A list with lines to be put right. Nothing of it was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "Nothing was added: the list has lines to be put right first.", field="manifest"
        )
        self.problems = problems


def files(ctx: Context, row: Amendment, page: int = 1) -> Page:
    """One page of the added files, in their order."""
    query = select(AmendmentFile).where(AmendmentFile.demand_id == row.demand_id)
    return page_of(ctx, query.order_by(AmendmentFile.position), page, FILES_A_PAGE)


def add_file(ctx: Context, seat: Seat, typed: dict[str, str]) -> None:
    """Adds one file from typed fields, named as the columns of a CSV list. Raises Refused."""
    row = editable(ctx, seat)
    file = read_typed(typed)
    if file.name in _names(ctx, row):
        raise Refused(
            f"“{file.name}” is named already. Two different files need two different names: add "
            "the folder, or a remark in brackets.",
            field="name",
        )
    _insert(ctx, row, [file])


def add_list(ctx: Context, seat: Seat, data: bytes) -> tuple[int, int]:
    """Adds the files of a list that are not named yet; gives how many, and how many are.

    Raises BadList where a line is bad, or names a file otherwise than the demand does.
    """
    row = editable(ctx, seat)
    named = ctx.session.scalars(select(NamedFile).where(NamedFile.demand_id == row.demand_id))
    fresh = ctx.session.scalars(
        select(AmendmentFile).where(AmendmentFile.demand_id == row.demand_id)
    ).all()
    there = [as_manifest(each) for each in (*named, *fresh)]
    merged = merge(there, read(data))
    if merged.problems:
        raise BadList(merged.problems)
    _insert(ctx, row, merged.added)
    # What the demand names already is signed: only files of the amendment can gain a hash.
    gains = {file.name: file for file in merged.filled_in}
    for each in fresh:
        if each.name in gains:
            for name, value in columns(gains[each.name]).items():
                setattr(each, name, value)
    ctx.session.flush()
    return len(merged.added), merged.already_there


def remove_file(ctx: Context, seat: Seat, file_id: str) -> None:
    """Takes a file off the amendment; nothing happens if it is gone already."""
    row = editable(ctx, seat)
    ctx.session.execute(
        delete(AmendmentFile).where(
            AmendmentFile.id == file_id, AmendmentFile.demand_id == row.demand_id
        )
    )


def _names(ctx: Context, row: Amendment) -> set[str]:
    found: set[str] = set()
    for table in (NamedFile, AmendmentFile):
        found |= set(
            ctx.session.scalars(select(table.name).where(table.demand_id == row.demand_id))
        )
    return found


def _insert(ctx: Context, row: Amendment, many: Sequence[ManifestFile]) -> None:
    last = ctx.session.scalar(
        select(func.max(AmendmentFile.position)).where(AmendmentFile.demand_id == row.demand_id)
    )
    rows = [
        {"id": str(uuid4()), "demand_id": row.demand_id, "position": position} | columns(file)
        for position, file in enumerate(many, start=(last or 0) + 1)
    ]
    for start in range(0, len(rows), CHUNK):
        ctx.session.execute(insert(AmendmentFile), rows[start : start + CHUNK])
