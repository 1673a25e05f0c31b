"""Ladders as data, pauses, contacts of both sides, and what became of each letter.

Revision: 0015. Follows: 0014.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    # First, while no other table refers to this one: SQLite makes it anew.
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("carried_by_id", sa.String(length=36), nullable=True))
        letter.create_foreign_key(
            op.f("fk_letter_carried_by_id_letter"), "letter", ["carried_by_id"], ["id"]
        )
    op.create_table(
        "chase_pause",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("started_by_id", sa.String(length=36), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_chase_pause_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_chase_pause_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["person.id"], name=op.f("fk_chase_pause_started_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_pause")),
    )
    op.create_index(op.f("ix_chase_pause_demand_id"), "chase_pause", ["demand_id"], unique=False)

    op.create_table(
        "ladder_rung",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=8), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_ladder_rung_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", "position", name=op.f("pk_ladder_rung")),
    )
    op.create_table(
        "failing_address",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("letter_id", sa.String(length=36), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_failing_address_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_failing_address_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("demand_id", "email", name=op.f("pk_failing_address")),
    )
    op.create_table(
        "letter_event",
        sa.Column("letter_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_event_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("pk_letter_event")),
    )
    op.add_column("demand", sa.Column("chase_at", types.UtcDateTime(), nullable=True))
    op.add_column(
        "demand", sa.Column("own_ladder", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "demand", sa.Column("asks_receipt", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(op.f("ix_demand_chase_at"), "demand", ["chase_at"], unique=False)

    op.add_column("letter", sa.Column("rung", sa.String(length=40), nullable=True))
    op.add_column("letter", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("letter", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column(
        "letter", sa.Column("language", sa.String(length=12), server_default="en", nullable=False)
    )
    op.add_column("letter", sa.Column("received_at", types.UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_letter_carried_by_id"), "letter", ["carried_by_id"], unique=False)

    op.add_column("organisation", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("organisation", sa.Column("language", sa.String(length=12), nullable=True))

    op.add_column("person", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("person", sa.Column("language", sa.String(length=12), nullable=True))
    op.add_column(
        "person", sa.Column("daily_digest", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _contacts(
        [
            sa.Column("side", sa.String(length=12), server_default="contractor", nullable=False),
            sa.Column("time_zone", sa.String(length=64), nullable=True),
            sa.Column("language", sa.String(length=12), nullable=True),
        ],
        key=["demand_id", "side"],
    )
    # Looked at with the next tick.
    op.execute(
        "UPDATE demand SET chase_at = issued_at"
        " WHERE state IN ('issued', 'acknowledged', 'in_progress', 'awaiting_review')"
    )


def _contacts(columns: list[sa.Column[Any]], *, key: list[str]) -> None:
    """Makes the table of contacts anew with these columns and this primary key.

    SQLite cannot change a primary key, so the rows wait in a table of their own.
    """
    op.execute("CREATE TABLE contact_before AS SELECT * FROM escalation_contact")
    op.drop_table("escalation_contact")
    op.create_table(
        "escalation_contact",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("given_at", types.UtcDateTime(), nullable=False),
        sa.Column("given_by_id", sa.String(length=36), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_escalation_contact_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_escalation_contact_given_by_id_person")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_escalation_contact")),
    )
    op.execute(
        "INSERT INTO escalation_contact (demand_id, name, role, email, given_at, given_by_id)"
        " SELECT demand_id, name, role, email, given_at, given_by_id FROM contact_before"
    )
    op.drop_table("contact_before")


def downgrade() -> None:
    """Takes it back."""
    for name in ("letter_event", "failing_address", "ladder_rung", "chase_pause"):
        op.drop_table(name)
    op.execute("DELETE FROM escalation_contact WHERE side <> 'contractor'")
    _contacts([], key=["demand_id"])
    for name in ("daily_digest", "language", "time_zone"):
        op.drop_column("person", name)
    for name in ("language", "time_zone"):
        op.drop_column("organisation", name)
    op.drop_index(op.f("ix_letter_carried_by_id"), table_name="letter")
    with op.batch_alter_table("letter") as letter:
        letter.drop_constraint(op.f("fk_letter_carried_by_id_letter"), type_="foreignkey")
        for name in ("received_at", "carried_by_id", "language", "time_zone", "due_on", "rung"):
            letter.drop_column(name)
    op.drop_index(op.f("ix_demand_chase_at"), table_name="demand")
    for name in ("asks_receipt", "own_ladder", "chase_at"):
        op.drop_column("demand", name)
