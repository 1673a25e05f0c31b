"""Files with due days of their own; demands that were raised from other demands.

Revision: 0009. Follows: 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so. Until now nobody could answer that a copy was passed on."""
    op.add_column("copy", sa.Column("passed_to", sa.String(length=500), nullable=True))
    op.add_column("demand", sa.Column("open_due_on", sa.Date(), nullable=True))
    op.add_column("demand", sa.Column("passed_to", sa.String(length=500), nullable=True))
    op.add_column(
        "demand",
        sa.Column(
            "parent_id",
            sa.String(length=36),
            sa.ForeignKey("demand.id", name=op.f("fk_demand_parent_id_demand")),
            nullable=True,
        ),
        # SQLite adds no constraint to a table that is there, but takes one with its column.
        inline_references=True,
    )
    op.create_index(op.f("ix_demand_parent_id"), "demand", ["parent_id"], unique=False)
    op.add_column("named_file", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column(
        "named_file",
        sa.Column(
            "parent_file_id",
            sa.String(length=36),
            sa.ForeignKey("named_file.id", name=op.f("fk_named_file_parent_file_id_named_file")),
            nullable=True,
        ),
        inline_references=True,
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("named_file", "parent_file_id")
    op.drop_column("named_file", "due_on")
    op.drop_index(op.f("ix_demand_parent_id"), table_name="demand")
    op.drop_column("demand", "parent_id")
    op.drop_column("demand", "passed_to")
    op.drop_column("demand", "open_due_on")
    op.drop_column("copy", "passed_to")
