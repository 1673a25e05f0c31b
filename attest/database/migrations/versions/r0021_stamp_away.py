"""Since when a demand's log gets no timestamp because the time-stamping service fails.

Revision: 0021. Follows: 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("log_head", sa.Column("stamp_fails_since", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("log_head", "stamp_fails_since")
