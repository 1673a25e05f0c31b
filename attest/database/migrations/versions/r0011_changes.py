"""Stores withdrawn, files never received, and amendments being prepared.

Revision: 0011. Follows: 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "amendment",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("concurrence", sa.String(length=4), nullable=False),
        sa.Column("begun_at", types.UtcDateTime(), nullable=False),
        sa.Column("begun_by_id", sa.String(length=36), nullable=False),
        sa.Column("handed_at", types.UtcDateTime(), nullable=True),
        sa.Column("return_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["person.id"], name=op.f("fk_amendment_begun_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_amendment_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_amendment")),
    )
    op.create_table(
        "amendment_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=200), nullable=True),
        sa.Column("data_categories", sa.Text(), nullable=True),
        sa.Column("subjects", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["amendment.demand_id"],
            name=op.f("fk_amendment_file_demand_id_amendment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_file")),
        sa.UniqueConstraint("demand_id", "name", name=op.f("uq_amendment_file_demand_id_name")),
    )
    op.create_table(
        "not_received",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=False),
        sa.Column("claimed_by_id", sa.String(length=36), nullable=False),
        sa.Column("ruling", sa.String(length=12), nullable=True),
        sa.Column("ruling_reason", sa.Text(), nullable=True),
        sa.Column("ruled_at", types.UtcDateTime(), nullable=True),
        sa.Column("ruled_by_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["person.id"], name=op.f("fk_not_received_claimed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_not_received_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_not_received_file_id_named_file")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["person.id"], name=op.f("fk_not_received_ruled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_received")),
    )
    op.create_index(
        op.f("ix_not_received_demand_id_file_id"),
        "not_received",
        ["demand_id", "file_id"],
        unique=False,
    )
    op.create_table(
        "store_withdrawal",
        sa.Column("store_id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.String(length=36), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("amended_seq", sa.Integer(), nullable=True),
        sa.Column("again_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["again_id"], ["store.id"], name=op.f("fk_store_withdrawal_again_id_store")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_store_withdrawal_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_store_withdrawal_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_store_withdrawal_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_store_withdrawal_store_id_store")
        ),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store_withdrawal")),
    )
    op.create_index(
        op.f("ix_store_withdrawal_demand_id"), "store_withdrawal", ["demand_id"], unique=False
    )
    op.create_table(
        "amendment_store",
        sa.Column("store_id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("again_id", sa.String(length=36), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["amendment.demand_id"],
            name=op.f("fk_amendment_store_demand_id_amendment"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store_withdrawal.store_id"],
            name=op.f("fk_amendment_store_store_id_store_withdrawal"),
        ),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_amendment_store")),
    )
    op.create_index(
        op.f("ix_amendment_store_demand_id"), "amendment_store", ["demand_id"], unique=False
    )
    op.add_column("demand", sa.Column("amended_at", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("demand", "amended_at")
    op.drop_index(op.f("ix_amendment_store_demand_id"), table_name="amendment_store")
    op.drop_table("amendment_store")
    op.drop_index(op.f("ix_store_withdrawal_demand_id"), table_name="store_withdrawal")
    op.drop_table("store_withdrawal")
    op.drop_index(op.f("ix_not_received_demand_id_file_id"), table_name="not_received")
    op.drop_table("not_received")
    op.drop_table("amendment_file")
    op.drop_table("amendment")
