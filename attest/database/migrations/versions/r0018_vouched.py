"""When a case handler said that a letter's address works, after it had left.

Revision: 0018. Follows: 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("letter", sa.Column("vouched_at", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("letter", "vouched_at")
