"""Evidence files, and which copies they are attached to.

Revision: 0008. Follows: 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "evidence_file",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("added_by_id", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_evidence_file_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_evidence_file_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", "digest", name=op.f("pk_evidence_file")),
    )
    op.create_index(
        op.f("ix_evidence_file_demand_id_added_at"), "evidence_file", ["demand_id", "added_at"]
    )
    op.create_index(op.f("ix_evidence_file_digest"), "evidence_file", ["digest"])
    _attached("evidence_of_file")
    _attached(
        "evidence_of_copy",
        sa.Column("store_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_evidence_of_copy_store_id_store")
        ),
    )


def _attached(name: str, *more: sa.schema.SchemaItem) -> None:
    key = ["demand_id", "digest", "file_id"]
    key += [column.name for column in more if isinstance(column, sa.Column)]
    op.create_table(
        name,
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["demand_id", "digest"],
            ["evidence_file.demand_id", "evidence_file.digest"],
            name=op.f(f"fk_{name}_demand_id_digest_evidence_file"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f(f"fk_{name}_file_id_named_file")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_file_id"), name, ["file_id"])


def downgrade() -> None:
    """Takes it back."""
    for name in ("evidence_of_copy", "evidence_of_file"):
        op.drop_index(op.f(f"ix_{name}_file_id"), table_name=name)
        op.drop_table(name)
    op.drop_index(op.f("ix_evidence_file_digest"), table_name="evidence_file")
    op.drop_index(op.f("ix_evidence_file_demand_id_added_at"), table_name="evidence_file")
    op.drop_table("evidence_file")
