"""To whom signed answers say that copies were passed on: kept as the attestations are signed.

Both count: a copy whose outcome is that it was passed on, and the onward disclosure of a file
whose copies are all dealt with. A party of the demand is a recipient by the former alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from attest.database.tables import Demand, PassedOn
from attest.domain import lineage
from attest.services.context import Context

AT_ONCE = 500  # files a statement
CHUNK = 5_000  # rows an INSERT


def keep(
    ctx: Context, demand: Demand, signed: Sequence[tuple[datetime, Mapping[str, Any]]]
) -> None:
    """Replaces the rows of these files: when each was stated, and its attestation's predicate.

    What is said again, of a file that no person opened, was said before: `since` stays.
    """
    parties = {lineage.key(party.name) for party in demand.parties}
    before: dict[tuple[str, str | None, str], datetime] = {}
    for ids in _chunks([predicate["fileId"] for _, predicate in signed]):
        for row in ctx.session.scalars(
            select(PassedOn).where(PassedOn.file_id.in_(ids), ~PassedOn.opened_again)
        ):
            before[row.file_id, row.store_id, row.key] = row.since
        ctx.session.execute(
            delete(PassedOn).where(PassedOn.file_id.in_(ids)),
            execution_options={"synchronize_session": False},
        )
    rows: list[dict[str, Any]] = []
    for stated_at, predicate in signed:
        file_id = predicate["fileId"]
        for name, store_id in named(predicate["copies"], predicate["onward"], parties):
            key = lineage.key(name)
            rows.append(
                {
                    "id": str(uuid4()),
                    "demand_id": demand.id,
                    "file_id": file_id,
                    "store_id": store_id,
                    "name": lineage.plain(name),
                    "key": key,
                    "since": before.get((file_id, store_id, key), stated_at),
                    "opened_again": False,
                }
            )
    for start in range(0, len(rows), CHUNK):
        ctx.session.execute(insert(PassedOn), rows[start : start + CHUNK])
    if rows:
        demand.has_passed_on = True


def named(
    copies: Iterable[Mapping[str, Any]], onward: Mapping[str, Any], parties: Iterable[str]
) -> list[tuple[str, str | None]]:
    """The recipients in an attestation with the store of their copy, each once a store.

    `parties`: keys of names that an onward disclosure may hold and are no recipients.
    """
    found: list[tuple[str, str | None]] = [
        (copy["passedTo"]["name"], copy["storeId"]) for copy in copies if "passedTo" in copy
    ]
    known = {*parties, *(lineage.key(name) for name, _ in found)}
    for recipient in onward.get("recipients", []):
        if lineage.key(recipient["name"]) not in known:
            known.add(lineage.key(recipient["name"]))
            found.append((recipient["name"], None))
    return found


def opened_again(ctx: Context, file_id: str) -> None:
    """A person opened this file again: what it says next is said anew."""
    ctx.session.execute(
        update(PassedOn).where(PassedOn.file_id == file_id).values(opened_again=True),
        execution_options={"synchronize_session": False},
    )


def _chunks(ids: Sequence[str]) -> list[list[str]]:
    # A statement takes only so many bound values.
    return [list(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE)]
