"""Which claim a letter is under, and when it was handed to the mail server.

Revision: 0016. Follows: 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("letter", sa.Column("claim", sa.String(length=32), nullable=True))
    op.add_column("letter", sa.Column("handed_at", types.UtcDateTime(), nullable=True))
    # Of what an older worker was sending, nobody knows whether the mail server had it already.
    op.execute("UPDATE letter SET handed_at = claimed_at WHERE state = 'sending'")


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("letter", "handed_at")
    op.drop_column("letter", "claim")
