"""The log as it will stand before a demand is signed.

The signatory signs over a prefix that holds every named file and store, so the prefix must
be there before the signature: its bodies are fixed when the draft is handed over, and its
leaves follow from them. Nothing is in the log until the demand is issued; then the
same leaves are written, with the demand, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from attest.database.tables import AmendmentFile, Demand, NamedFile, SigningKey, Store
from attest.services.access import Seat
from attest.services.context import Context
from attest.services.log import key_statements
from attest.services.log.ledger import Ledger, new_log
from attest.statements import build


def file_members(row: NamedFile | AmendmentFile) -> dict[str, Any]:
    """The members of a `file.named` body; what is not known is absent."""
    members: dict[str, Any] = {"fileId": row.id, "name": row.name, "kind": row.kind}
    optional = {
        "description": row.description,
        "size": row.size,
        "sha256": row.sha256,
        "sentOn": row.sent_on,
        "channel": row.channel,
        "dataCategories": categories(row.data_categories),
        "subjects": row.subjects,
    }
    return members | present(optional)


def store_members(row: Store, named_by: Mapping[str, str]) -> dict[str, Any]:
    """The members of a `store.named` body."""
    members: dict[str, Any] = {
        "storeId": row.id,
        "label": row.label,
        "medium": row.medium,
        "kind": row.kind,
        "namedBy": dict(named_by),
    }
    return members | present({"location": row.location, "custodian": row.custodian})


def present(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that have a value: an absent member is absent (docs/formats.md §1)."""
    return {name: value for name, value in members.items() if value is not None and value != []}


def categories(typed: str | None) -> list[str]:
    """Data categories as a list, from text with semicolons."""
    return [part.strip() for part in (typed or "").split(";") if part.strip()]


def by(seat: Seat) -> dict[str, str]:
    """Who did something, as plain bodies name them."""
    return {
        "name": seat.person.name,
        "role": seat.person.role,
        "organisation": seat.organisation,
    }


def fix_bodies(ctx: Context, seat: Seat) -> None:
    """Makes the bodies of all files and stores, each with its nonce, at hand-over."""
    demand = seat.demand
    files = []
    for row in ctx.session.scalars(select(NamedFile).where(NamedFile.demand_id == demand.id)):
        body = build.plain("file.named", demand.id, build.new_nonce(), **file_members(row))
        files.append({"row": row.id, "new": body, "digest": hashlib.sha256(body).hexdigest()})
    stores = []
    for store in ctx.session.scalars(select(Store).where(Store.demand_id == demand.id)):
        body = build.plain(
            "store.named", demand.id, build.new_nonce(), **store_members(store, by(seat))
        )
        stores.append({"row": store.id, "new": body, "digest": hashlib.sha256(body).hexdigest()})
    for table, rows in ((NamedFile.__table__, files), (Store.__table__, stores)):
        if rows:
            ctx.session.connection().execute(
                update(table)  # type: ignore[arg-type]
                .where(table.c.id == bindparam("row"))
                .values(body=bindparam("new"), body_hash=bindparam("digest")),
                rows,
            )
    ctx.session.expire_all()


def build_prefix(ctx: Context, demand: Demand, key: SigningKey) -> Ledger:
    """The unsaved log up to the demand: the signatory's key, the files, the stores.

    Every leaf has the time of the hand-over, or of what was last said of the key where that is
    later, so that the same draft gives the same prefix however often the page is opened.
    """
    if demand.handed_at is None:
        raise ValueError("the draft was not handed over")
    statements = key_statements.needed(ctx, {key.keyid}, ())
    at = max(demand.handed_at, key.enrolled_at, *(row.stated_at for row in statements))
    ledger = new_log(ctx, demand.id)
    ledger.copy_key_statements([key.keyid], at=at)
    for kind, body in _bodies(ctx, demand):
        ledger.append(kind, body, at=at)
    return ledger


def _bodies(ctx: Context, demand: Demand) -> Sequence[tuple[str, bytes]]:
    files = ctx.session.scalars(
        select(NamedFile.body).where(NamedFile.demand_id == demand.id).order_by(NamedFile.position)
    )
    stores = ctx.session.scalars(
        select(Store.body).where(Store.demand_id == demand.id).order_by(Store.position)
    )
    found = [("file.named", body) for body in files] + [("store.named", body) for body in stores]
    return [(kind, body) for kind, body in found if body is not None]
