"""What was erased after its time.

Revision: 0006. Follows: 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("log_entry", sa.Column("erased_at", types.UtcDateTime(), nullable=True))
    op.add_column("letter", sa.Column("erased_at", types.UtcDateTime(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("bodies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_erasure_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_demand_id", "erasure", ["demand_id"], unique=False)


def downgrade() -> None:
    """Takes it back. What was erased stays erased."""
    op.drop_index("ix_erasure_demand_id", "erasure")
    op.drop_table("erasure")
    op.drop_column("letter", "erased_at")
    op.drop_column("log_entry", "erased_at")
