"""To whom copies were passed on, by outcome or by onward disclosure, by a name that compares.

Revision: 0013. Follows: 0012.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# All that was attested and opened again in one demand, in the order of its log.
_TOLD = """
    SELECT attestation.file_id, attestation.stated_at, log_entry.body
    FROM log_entry LEFT JOIN attestation
    ON attestation.demand_id = log_entry.demand_id AND attestation.seq = log_entry.seq
    WHERE log_entry.demand_id = :demand_id AND log_entry.body IS NOT NULL
    AND log_entry.type IN ('attestation.signed', 'file.reopened')
    ORDER BY log_entry.seq
"""
_ATTESTED = "SELECT DISTINCT demand_id FROM attestation ORDER BY demand_id"
# Whose `by` says so opened a file because an exception had ended, and no person did.
_WORKER = ("Attest", "Watches the days on which exceptions end")
_PARTIES = "SELECT demand_id, name FROM demand_party"


def upgrade() -> None:
    """Makes it so; what is signed is read from the logs."""
    op.create_table(
        "passed_on",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("store_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("opened_again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_passed_on_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_passed_on_file_id_named_file")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_passed_on_store_id_store")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_on")),
    )
    for name in ("demand_id", "file_id"):
        op.create_index(op.f(f"ix_passed_on_{name}"), "passed_on", [name])
    op.add_column("demand", sa.Column("passed_to_key", sa.Text(), nullable=True))
    op.add_column(
        "demand",
        sa.Column("has_passed_on", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    demand = sa.table(
        "demand",
        sa.column("id"),
        sa.column("passed_to"),
        sa.column("passed_to_key"),
        sa.column("has_passed_on", sa.Boolean()),
    )
    raised = connection.execute(
        sa.select(demand.c.id, demand.c.passed_to).where(demand.c.passed_to.is_not(None))
    ).all()
    for demand_id, name in raised:
        connection.execute(
            sa.update(demand).where(demand.c.id == demand_id).values(passed_to_key=_key(name))
        )
    parties: dict[str, set[str]] = {}
    for demand_id, name in connection.execute(sa.text(_PARTIES)):
        parties.setdefault(demand_id, set()).add(_key(name))
    passed_on = sa.table(
        "passed_on",
        *(sa.column(name) for name in ("id", "demand_id", "file_id", "store_id", "name", "key")),
        sa.column("since", types.UtcDateTime()),
        sa.column("opened_again", sa.Boolean()),
    )
    for demand_id in connection.execute(sa.text(_ATTESTED)).scalars().all():
        rows = _walk(connection, demand_id, parties.get(demand_id, set()))
        for start in range(0, len(rows), 5_000):
            connection.execute(sa.insert(passed_on), rows[start : start + 5_000])
        if rows:
            connection.execute(
                sa.update(demand).where(demand.c.id == demand_id).values(has_passed_on=True)
            )


def _walk(connection: sa.Connection, demand_id: str, parties: set[str]) -> list[dict[str, Any]]:
    """The rows of a demand as signing would have kept them, one attestation after the other.

    What a file says again, that no person opened since, was said before: `since` stays.
    """
    told = sa.text(_TOLD).columns(stated_at=types.UtcDateTime(), body=sa.LargeBinary())
    files: dict[str, list[dict[str, Any]]] = {}
    found = connection.execute(told, {"demand_id": demand_id}, execution_options={"yield_per": 500})
    for file_id, stated_at, body in found:
        said = json.loads(body)
        if file_id is None:
            by = said.get("by", {})
            if (by.get("name"), by.get("role")) != _WORKER:
                for row in files.get(said.get("fileId"), []):
                    row["opened_again"] = True
            continue
        before = {
            (row["store_id"], row["key"]): row["since"]
            for row in files.get(file_id, [])
            if not row["opened_again"]
        }
        statement = json.loads(base64.b64decode(said["payload"]))
        files[file_id] = [
            {
                "id": str(uuid4()),
                "demand_id": demand_id,
                "file_id": file_id,
                "store_id": store_id,
                "name": " ".join(name.split()),
                "key": _key(name),
                "since": before.get((store_id, _key(name)), stated_at),
                "opened_again": False,
            }
            for name, store_id in _named(statement["predicate"], parties)
        ]
    return [row for rows in files.values() for row in rows]


def _named(predicate: Mapping[str, Any], parties: set[str]) -> list[tuple[str, str | None]]:
    said = [
        (copy["passedTo"]["name"], copy["storeId"])
        for copy in predicate["copies"]
        if "passedTo" in copy
    ]
    known = parties | {_key(name) for name, _ in said}
    for recipient in predicate["onward"].get("recipients", []):
        if _key(recipient["name"]) not in known:
            known.add(_key(recipient["name"]))
            said.append((recipient["name"], None))
    return said


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("demand", "has_passed_on")
    op.drop_column("demand", "passed_to_key")
    for name in ("file_id", "demand_id"):
        op.drop_index(op.f(f"ix_passed_on_{name}"), table_name="passed_on")
    op.drop_table("passed_on")
