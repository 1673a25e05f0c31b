"""Timestamps over checkpoints.

Revision: 0004. Follows: 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW = ("stamped_size", "stamped_at", "stamp_attempts", "stamp_next_at", "stamp_answer")


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "checkpoint_timestamp",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("gen_time", types.UtcDateTime(), nullable=False),
        sa.Column("tsa", sa.String(length=200), nullable=False),
        sa.Column("certificate_ends_on", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_checkpoint_timestamp_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", "size", name=op.f("pk_checkpoint_timestamp")),
    )
    op.create_index(
        "ix_checkpoint_timestamp_gen_time", "checkpoint_timestamp", ["gen_time"], unique=False
    )
    for column in (
        sa.Column("stamped_size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stamped_at", types.UtcDateTime(), nullable=True),
        sa.Column("stamp_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stamp_next_at", types.UtcDateTime(), nullable=True),
        sa.Column("stamp_answer", sa.Text(), nullable=True),
    ):
        op.add_column("log_head", column)
    unstamped = sa.text("stamped_size < size")
    op.create_index(
        "ix_log_head_unstamped",
        "log_head",
        ["updated_at", "demand_id"],
        unique=False,
        sqlite_where=unstamped,
        postgresql_where=unstamped,
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_log_head_unstamped", "log_head")
    for name in reversed(_NEW):
        op.drop_column("log_head", name)
    op.drop_index("ix_checkpoint_timestamp_gen_time", "checkpoint_timestamp")
    op.drop_table("checkpoint_timestamp")
