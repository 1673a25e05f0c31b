"""${message}.

Revision: ${up_revision}. Follows: ${down_revision or 'nothing'}.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Takes it back."""
    ${downgrades if downgrades else "pass"}
