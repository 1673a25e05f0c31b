"""Whether a letter asked for a receipt.

Revision: 0017. Follows: 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("letter", sa.Column("asks_receipt", sa.Boolean(), nullable=True))
    # Of what has left already it was not kept: only who was asked can have pressed.
    op.execute(
        "UPDATE letter SET asks_receipt = (received_at IS NOT NULL) "
        "WHERE state NOT IN ('queued', 'sending', 'deferred')"
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("letter", "asks_receipt")
