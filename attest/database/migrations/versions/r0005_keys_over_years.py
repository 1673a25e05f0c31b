"""Which key was made from which, and in which logs each is enrolled.

Revision: 0005. Follows: 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# An enrolment is copied into a log byte for byte, so that the log's body finds the key.
_FROM_THE_LOGS = """
    INSERT INTO key_in_log (keyid, demand_id)
    SELECT DISTINCT key_statement.keyid, log_entry.demand_id
    FROM log_entry JOIN key_statement ON key_statement.envelope = log_entry.body
    WHERE log_entry.type = 'key.enrolled' AND key_statement.name = 'key-enrolment'
"""


def upgrade() -> None:
    """Makes it so."""
    op.add_column("signing_key", sa.Column("rotated_from", sa.String(length=64), nullable=True))
    op.create_table(
        "key_in_log",
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_key_in_log_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["keyid"], ["signing_key.keyid"], name=op.f("fk_key_in_log_keyid_signing_key")
        ),
        sa.PrimaryKeyConstraint("keyid", "demand_id", name=op.f("pk_key_in_log")),
    )
    op.create_index("ix_key_in_log_demand_id", "key_in_log", ["demand_id"], unique=False)
    op.execute(sa.text(_FROM_THE_LOGS))


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_key_in_log_demand_id", "key_in_log")
    op.drop_table("key_in_log")
    op.drop_column("signing_key", "rotated_from")
