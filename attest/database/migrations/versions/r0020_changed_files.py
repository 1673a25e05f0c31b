"""When what an officer says of a file beyond its copies was changed last.

Revision: 0020. Follows: 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("named_file", sa.Column("changed_at", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("named_file", "changed_at")
