"""Demands.

Revision: 0002. Follows: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("what_happened", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("noticed_at", types.UtcDateTime(), nullable=True),
        sa.Column("people_affected", sa.Integer(), nullable=True),
        sa.Column("data_affected", sa.Text(), nullable=True),
        sa.Column("agreements", sa.Text(), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_incident_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_organisation_id", "incident", ["organisation_id"], unique=False)

    op.create_table(
        "demand",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("concurrence", sa.String(length=4), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=True),
        sa.Column("calendar", sa.String(length=12), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.String(length=36), nullable=False),
        sa.Column("handed_at", types.UtcDateTime(), nullable=True),
        sa.Column("return_note", sa.Text(), nullable=True),
        sa.Column("issued_at", types.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("disputed_at", types.UtcDateTime(), nullable=True),
        sa.Column("dispute_reason", sa.Text(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("liaison_id", sa.String(length=36), nullable=True),
        sa.Column("officer_id", sa.String(length=36), nullable=True),
        sa.Column("files_total", sa.Integer(), nullable=False),
        sa.Column("files_open", sa.Integer(), nullable=False),
        sa.Column("files_attested", sa.Integer(), nullable=False),
        sa.Column("files_accepted", sa.Integer(), nullable=False),
        sa.Column("stores_total", sa.Integer(), nullable=False),
        sa.Column("copies_settled", sa.Integer(), nullable=False),
        sa.Column("copies_excepted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_demand_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_demand_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["person.id"], name=op.f("fk_demand_liaison_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_demand_officer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_demand_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("reference", name=op.f("uq_demand_reference")),
    )
    op.create_index("ix_demand_incident_id", "demand", ["incident_id"], unique=False)
    op.create_index("ix_demand_organisation_id", "demand", ["organisation_id"], unique=False)
    op.create_index("ix_demand_state_due_on", "demand", ["state", "due_on"], unique=False)

    op.create_table(
        "demand_party",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("contact_role", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("telephone", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_demand_party_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_demand_party_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_party")),
        sa.UniqueConstraint(
            "demand_id", "role", "name", name=op.f("uq_demand_party_demand_id_role_name")
        ),
    )
    op.create_index("ix_demand_party_demand_id", "demand_party", ["demand_id"], unique=False)
    op.create_index(
        "ix_demand_party_organisation_id", "demand_party", ["organisation_id"], unique=False
    )

    op.create_table(
        "named_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=200), nullable=True),
        sa.Column("data_categories", sa.Text(), nullable=True),
        sa.Column("subjects", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=28), nullable=False),
        sa.Column("last_attestation", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_named_file_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_file")),
        sa.UniqueConstraint("demand_id", "name", name=op.f("uq_named_file_demand_id_name")),
    )
    op.create_index(
        "ix_named_file_demand_id_position", "named_file", ["demand_id", "position"], unique=False
    )
    op.create_index(
        "ix_named_file_demand_id_state", "named_file", ["demand_id", "state"], unique=False
    )

    op.create_table(
        "store",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("medium", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("custodian", sa.String(length=200), nullable=True),
        sa.Column("named_by_side", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_store_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("demand_id", "label", name=op.f("uq_store_demand_id_label")),
    )
    op.create_index("ix_store_demand_id_position", "store", ["demand_id", "position"], unique=False)


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_store_demand_id_position", "store")

    op.drop_table("store")
    op.drop_index("ix_named_file_demand_id_state", "named_file")
    op.drop_index("ix_named_file_demand_id_position", "named_file")

    op.drop_table("named_file")
    op.drop_index("ix_demand_party_organisation_id", "demand_party")
    op.drop_index("ix_demand_party_demand_id", "demand_party")

    op.drop_table("demand_party")
    op.drop_index("ix_demand_state_due_on", "demand")
    op.drop_index("ix_demand_organisation_id", "demand")
    op.drop_index("ix_demand_incident_id", "demand")

    op.drop_table("demand")
    op.drop_index("ix_incident_organisation_id", "incident")

    op.drop_table("incident")
