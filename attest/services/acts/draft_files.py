"""The files of a draft: typed one by one, or imported from a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update

from attest.database.tables import AmendmentFile, Demand, NamedFile
from attest.domain import text
from attest.domain.list_rows import Line
from attest.domain.manifest import Import, ManifestFile, Merge, Problem, merge
from attest.domain.manifest.fields import read_line
from attest.domain.refusal import Refused
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.facts.draft_lock import editable, recount
from attest.services.facts.lists import read_manifest

CHUNK = 5_000  # rows an INSERT, so that memory stays flat


@dataclass(frozen=True)
class Preview:
    """What an import would do; nothing is kept while there are problems."""

    kind: str
    files: Sequence[ManifestFile]
    added: int
    filled_in: int
    already_there: int
    problems: Sequence[Problem]
    notes: Sequence[str]


def add_file(ctx: Context, seat: Seat, typed: dict[str, str]) -> None:
    """Adds one file from typed fields, named as the columns of a CSV list. Raises Refused."""
    demand = editable(seat)
    file = read_typed(typed)
    clash = ctx.session.scalar(
        select(NamedFile.id).where(NamedFile.demand_id == demand.id, NamedFile.name == file.name)
    )
    if clash:
        raise Refused(
            f"“{file.name}” is on the list already. Two different files need two different "
            "names: add the folder, or a remark in brackets.",
            field="name",
        )
    _insert(ctx, demand, [file])
    recount(ctx, demand)


def read_typed(typed: dict[str, str]) -> ManifestFile:
    """A file from typed fields, named as the columns of a CSV list. Raises Refused."""
    name = text.typed(typed.get("name", ""))
    # Cell by cell, so that each refusal stands next to its own field.
    for column, value in typed.items():
        _, problems = read_line(Line(0, {column: value} if column != "name" else {}), name)
        if problems:
            raise Refused(problems[0].sentence, field=column)
    file, _ = read_line(Line(0, typed), name)
    if file is None:
        raise Refused("Type the file's name.", field="name")
    return file


def remove_file(ctx: Context, seat: Seat, file_id: str) -> None:
    """Takes a file off the draft; nothing happens if it is gone already."""
    demand = editable(seat)
    ctx.session.execute(
        delete(NamedFile).where(NamedFile.id == file_id, NamedFile.demand_id == demand.id)
    )
    recount(ctx, demand)


def preview(ctx: Context, seat: Seat, data: bytes) -> Preview:
    """Reads a list and says what importing it would do. Keeps nothing."""
    imported, merged = _merged(ctx, editable(seat), data)
    return Preview(
        kind=imported.kind,
        files=imported.readable,
        added=len(merged.added),
        filled_in=len(merged.filled_in),
        already_there=merged.already_there,
        problems=merged.problems,
        notes=merged.notes,
    )


def import_files(ctx: Context, seat: Seat, data: bytes) -> Preview:
    """Imports a list whole or not at all. Raises Refused where a line is bad."""
    demand = editable(seat)
    imported, merged = _merged(ctx, demand, data)
    if merged.problems:
        raise Refused(
            "Nothing was imported: the list has lines to be put right first.", field="list"
        )
    _insert(ctx, demand, merged.added)
    _fill_in(ctx, demand, merged.filled_in)
    recount(ctx, demand)
    return Preview(
        kind=imported.kind,
        files=imported.readable,
        added=len(merged.added),
        filled_in=len(merged.filled_in),
        already_there=merged.already_there,
        problems=(),
        notes=merged.notes,
    )


def _merged(ctx: Context, demand: Demand, data: bytes) -> tuple[Import, Merge]:
    imported = read_manifest(data)
    existing = ctx.session.scalars(select(NamedFile).where(NamedFile.demand_id == demand.id))
    return imported, merge((as_manifest(row) for row in existing), imported)


def as_manifest(row: NamedFile | AmendmentFile) -> ManifestFile:
    """A row as a list would give it, to be merged with one."""
    return ManifestFile(
        name=row.name,
        kind=row.kind,
        sha256=row.sha256,
        size=row.size,
        description=row.description,
        sent_on=row.sent_on,
        channel=row.channel,
        data_categories=tuple((row.data_categories or "").split(";"))
        if row.data_categories
        else (),
        subjects=row.subjects,
    )


def columns(file: ManifestFile) -> dict[str, object]:
    """The columns of a row for a file of a list."""
    return {
        "name": file.name,
        "kind": file.kind,
        "sha256": file.sha256,
        "size": file.size,
        "description": file.description,
        "sent_on": file.sent_on,
        "channel": file.channel,
        "data_categories": ";".join(file.data_categories) or None,
        "subjects": file.subjects,
    }


def _insert(ctx: Context, demand: Demand, files: Sequence[ManifestFile]) -> None:
    last = ctx.session.scalar(
        select(func.max(NamedFile.position)).where(NamedFile.demand_id == demand.id)
    )
    rows = [
        {"id": str(uuid4()), "demand_id": demand.id, "position": position, "state": "open"}
        | columns(file)
        for position, file in enumerate(files, start=(last or 0) + 1)
    ]
    for start in range(0, len(rows), CHUNK):
        ctx.session.execute(insert(NamedFile), rows[start : start + CHUNK])


def _fill_in(ctx: Context, demand: Demand, files: Sequence[ManifestFile]) -> None:
    if not files:
        return
    ids: dict[str, str] = {
        name: file_id
        for file_id, name in ctx.session.execute(
            select(NamedFile.id, NamedFile.name).where(NamedFile.demand_id == demand.id)
        )
    }
    ctx.session.execute(
        update(NamedFile), [{"id": ids[file.name]} | columns(file) for file in files]
    )
