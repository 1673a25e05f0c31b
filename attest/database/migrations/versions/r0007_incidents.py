"""The incident around a demand: facts, reports, decisions, people told, letters to them.

Revision: 0007. Follows: 0006.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INCIDENTS = sa.text(
    "SELECT incident.id, organisation.code, incident.created_at FROM incident "
    "JOIN organisation ON organisation.id = incident.organisation_id "
    "ORDER BY incident.created_at, incident.id"
)


def upgrade() -> None:
    """Makes it so. Incidents that are there get references in the order in which they came."""
    op.create_table(
        "incident_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("now", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_incident_change_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_change_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_change")),
    )
    op.create_index(
        op.f("ix_incident_change_incident_id_at"),
        "incident_change",
        ["incident_id", "at"],
        unique=False,
    )
    op.create_table(
        "incident_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_decision_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_incident_decision_recorded_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_decision")),
    )
    op.create_index(
        op.f("ix_incident_decision_incident_id_recorded_at"),
        "incident_decision",
        ["incident_id", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "incident_facts",
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("how_occurred", sa.Text(), nullable=True),
        sa.Column("cyber", sa.String(length=8), nullable=True),
        sa.Column("discovered_how", sa.Text(), nullable=True),
        sa.Column("data_categories", sa.Text(), nullable=True),
        sa.Column("records_affected", sa.BigInteger(), nullable=True),
        sa.Column("people_categories", sa.Text(), nullable=True),
        sa.Column("consequences", sa.Text(), nullable=True),
        sa.Column("likelihood", sa.String(length=16), nullable=True),
        sa.Column("prevention", sa.Text(), nullable=True),
        sa.Column("training", sa.String(length=8), nullable=True),
        sa.Column("training_details", sa.Text(), nullable=True),
        sa.Column("measures_taken", sa.Text(), nullable=True),
        sa.Column("measures_planned", sa.Text(), nullable=True),
        sa.Column("other_bodies", sa.Text(), nullable=True),
        sa.Column("registration", sa.String(length=40), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("contact_role", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("contact_telephone", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_facts_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incident_facts")),
    )
    op.create_table(
        "incident_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("kept_at", types.UtcDateTime(), nullable=False),
        sa.Column("kept_by_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_letter_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["person.id"], name=op.f("fk_incident_letter_kept_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_letter")),
        sa.UniqueConstraint(
            "incident_id", "version", name=op.f("uq_incident_letter_incident_id_version")
        ),
    )
    op.create_table(
        "incident_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_incident_merge_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_merge_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_merge")),
    )
    op.create_index(
        op.f("ix_incident_merge_incident_id_at"),
        "incident_merge",
        ["incident_id", "at"],
        unique=False,
    )
    op.create_table(
        "incident_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("reported_at", types.UtcDateTime(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("late_reasons", sa.Text(), nullable=True),
        sa.Column("more_to_follow", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=36), nullable=False),
        sa.Column("struck_at", types.UtcDateTime(), nullable=True),
        sa.Column("struck_by_id", sa.String(length=36), nullable=True),
        sa.Column("strike_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_report_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_incident_report_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["person.id"], name=op.f("fk_incident_report_struck_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report")),
    )
    op.create_index(
        op.f("ix_incident_report_incident_id_reported_at"),
        "incident_report",
        ["incident_id", "reported_at"],
        unique=False,
    )
    op.create_table(
        "incident_telling",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("incident_id", sa.String(length=36), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=36), nullable=False),
        sa.Column("struck_at", types.UtcDateTime(), nullable=True),
        sa.Column("struck_by_id", sa.String(length=36), nullable=True),
        sa.Column("strike_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_telling_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_incident_telling_recorded_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["struck_by_id"], ["person.id"], name=op.f("fk_incident_telling_struck_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_telling")),
    )
    op.create_index(
        op.f("ix_incident_telling_incident_id_told_on"),
        "incident_telling",
        ["incident_id", "told_on"],
        unique=False,
    )
    op.add_column("incident", sa.Column("reference", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_incident_reference"), "incident", ["reference"], unique=True)
    numbers: Counter[str] = Counter()
    for incident_id, code, created_at in op.get_bind().execute(_INCIDENTS).all():
        # SQLite gives the moment as text, PostgreSQL as a datetime: both begin with the year.
        stem = f"{code}-{str(created_at)[:4]}-I"
        numbers[stem] += 1
        op.execute(
            sa.text("UPDATE incident SET reference = :reference WHERE id = :id").bindparams(
                reference=f"{stem}{numbers[stem]:02d}", id=incident_id
            )
        )


def downgrade() -> None:
    """Takes it back."""
    op.drop_index(op.f("ix_incident_reference"), table_name="incident")
    op.drop_column("incident", "reference")
    op.drop_index(op.f("ix_incident_telling_incident_id_told_on"), table_name="incident_telling")
    op.drop_table("incident_telling")
    op.drop_index(op.f("ix_incident_report_incident_id_reported_at"), table_name="incident_report")
    op.drop_table("incident_report")
    op.drop_index(op.f("ix_incident_merge_incident_id_at"), table_name="incident_merge")
    op.drop_table("incident_merge")
    op.drop_table("incident_letter")
    op.drop_table("incident_facts")
    op.drop_index(
        op.f("ix_incident_decision_incident_id_recorded_at"), table_name="incident_decision"
    )
    op.drop_table("incident_decision")
    op.drop_index(op.f("ix_incident_change_incident_id_at"), table_name="incident_change")
    op.drop_table("incident_change")
