"""The turn of a form that is typed: what a page of before still saves is told apart.

Revision: 0019. Follows: 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column(
        "unsent_form", sa.Column("turn", sa.String(32), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Takes it back."""
    op.execute("DELETE FROM unsent_form WHERE fields = ''")
    op.drop_column("unsent_form", "turn")
