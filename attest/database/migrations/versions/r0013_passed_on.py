"""To whom copies were passed on, by outcome or by onward disclosure, by a name that compares.

Revision: 0013. Follows: 0012.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_LAST = """
    SELECT attestation.demand_id, attestation.file_id, attestation.stated_at, log_entry.body
    FROM named_file JOIN attestation ON attestation.hash = named_file.last_attestation
    JOIN log_entry
    ON log_entry.demand_id = attestation.demand_id AND log_entry.seq = attestation.seq
"""
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
    last = sa.text(_LAST).columns(stated_at=types.UtcDateTime(), body=sa.LargeBinary())
    having: set[str] = set()
    for demand_id, file_id, stated_at, body in connection.execute(last).all():
        rows = list(_rows(demand_id, file_id, stated_at, body, parties.get(demand_id, set())))
        if rows:
            connection.execute(sa.insert(passed_on), rows)
            having.add(demand_id)
    for demand_id in sorted(having):
        connection.execute(
            sa.update(demand).where(demand.c.id == demand_id).values(has_passed_on=True)
        )


def _rows(
    demand_id: str, file_id: str, since: datetime, body: bytes, parties: set[str]
) -> Iterator[dict[str, Any]]:
    statement = json.loads(base64.b64decode(json.loads(body)["payload"]))
    predicate = statement["predicate"]
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
    for name, store_id in said:
        yield {
            "id": str(uuid4()),
            "demand_id": demand_id,
            "file_id": file_id,
            "store_id": store_id,
            "name": " ".join(name.split()),
            "key": _key(name),
            "since": since,
            "opened_again": False,
        }


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("demand", "has_passed_on")
    op.drop_column("demand", "passed_to_key")
    for name in ("file_id", "demand_id"):
        op.drop_index(op.f(f"ix_passed_on_{name}"), table_name="passed_on")
    op.drop_table("passed_on")
