"""Who named a demand's assurance officer.

Revision: 0022. Follows: 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so. Nothing but the words of a letter says who named an officer before."""
    op.add_column(
        "demand",
        sa.Column(
            "officer_named_by_id",
            sa.String(length=36),
            sa.ForeignKey("person.id", name=op.f("fk_demand_officer_named_by_id_person")),
            nullable=True,
        ),
        # SQLite adds no constraint to a table that is there, but takes one with its column.
        inline_references=True,
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("demand", "officer_named_by_id")
