"""What people typed into a form and have not sent.

Revision: 0012. Follows: 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=True),
        sa.Column("incident_id", sa.String(length=36), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=False),
        sa.Column("saved_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_unsent_form_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_unsent_form_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_unsent_form_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_form")),
        sa.UniqueConstraint("person_id", "place", name=op.f("uq_unsent_form_person_id_place")),
    )
    for name in ("demand_id", "incident_id", "saved_at"):
        op.create_index(op.f(f"ix_unsent_form_{name}"), "unsent_form", [name])


def downgrade() -> None:
    """Takes it back."""
    for name in ("saved_at", "incident_id", "demand_id"):
        op.drop_index(op.f(f"ix_unsent_form_{name}"), table_name="unsent_form")
    op.drop_table("unsent_form")
