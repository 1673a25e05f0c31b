"""Over what somebody opened a form that they have not sent.

Revision: 0014. Follows: 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column(
        "unsent_form", sa.Column("over", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("unsent_form", "over")
