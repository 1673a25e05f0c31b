"""More time: requests and answers. Contact points, and whom to write to when a demand is late.

Revision: 0010. Follows: 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.add_column("demand", sa.Column("signed_due_on", sa.Date(), nullable=True))
    op.add_column(
        "demand_party",
        sa.Column("contact_point", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=36), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.String(length=36), nullable=True),
        sa.Column("decided_seq", sa.Integer(), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_extension_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_extension_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_extension_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(
        op.f("ix_extension_demand_id_seq"), "extension", ["demand_id", "seq"], unique=True
    )
    op.create_table(
        "extension_file",
        sa.Column("extension_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extension_id"],
            ["extension.id"],
            name=op.f("fk_extension_file_extension_id_extension"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_extension_file_file_id_named_file")
        ),
        sa.PrimaryKeyConstraint("extension_id", "file_id", name=op.f("pk_extension_file")),
    )
    op.create_index(op.f("ix_extension_file_file_id"), "extension_file", ["file_id"])
    op.create_table(
        "escalation_contact",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_at", types.UtcDateTime(), nullable=False),
        sa.Column("given_by_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_escalation_contact_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_escalation_contact_given_by_id_person")
        ),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_escalation_contact")),
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("escalation_contact")
    op.drop_index(op.f("ix_extension_file_file_id"), table_name="extension_file")
    op.drop_table("extension_file")
    op.drop_index(op.f("ix_extension_demand_id_seq"), table_name="extension")
    op.drop_table("extension")
    op.drop_column("demand_party", "contact_point")
    op.drop_column("demand", "signed_due_on")
