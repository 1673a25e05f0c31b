"""Answers, logs and letters.

Revision: 0003. Follows: 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("invitation_id", sa.String(length=36), nullable=True),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("to_email", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("queued_at", types.UtcDateTime(), nullable=False),
        sa.Column("next_attempt_at", types.UtcDateTime(), nullable=False),
        sa.Column("claimed_at", types.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("checkpoint_size", sa.Integer(), nullable=True),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_letter_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_letter_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_letter_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    op.create_index("ix_letter_demand_id", "letter", ["demand_id"], unique=False)
    op.create_index(
        "ix_letter_state_next_attempt_at", "letter", ["state", "next_attempt_at"], unique=False
    )

    op.create_table(
        "log_entry",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_log_entry_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", "seq", name=op.f("pk_log_entry")),
        sa.UniqueConstraint(
            "demand_id", "body_hash", name=op.f("uq_log_entry_demand_id_body_hash")
        ),
    )
    op.create_table(
        "log_head",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_log_head_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "review",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stated_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_review_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["keyid"], ["signing_key.keyid"], name=op.f("fk_review_keyid_signing_key")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_review")),
    )
    op.create_index("ix_review_demand_id", "review", ["demand_id"], unique=False)

    op.create_table(
        "sent_checkpoint",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_sent_checkpoint_demand_id_demand")
        ),
        sa.PrimaryKeyConstraint("demand_id", "size", name=op.f("pk_sent_checkpoint")),
    )
    op.create_table(
        "attestation",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("stated_at", types.UtcDateTime(), nullable=False),
        sa.Column("supersedes", sa.String(length=64), nullable=True),
        sa.Column("excepted", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answers", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_attestation_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_attestation_file_id_named_file")
        ),
        sa.ForeignKeyConstraint(
            ["keyid"], ["signing_key.keyid"], name=op.f("fk_attestation_keyid_signing_key")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_attestation")),
    )
    op.create_index(
        "ix_attestation_demand_id_file_id_seq",
        "attestation",
        ["demand_id", "file_id", "seq"],
        unique=False,
    )

    op.create_table(
        "copy",
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("store_id", sa.String(length=36), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answered_by_id", sa.String(length=36), nullable=True),
        sa.Column("answered_at", types.UtcDateTime(), nullable=True),
        sa.Column("signed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signed_outcome", sa.String(length=16), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_copy_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_copy_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_copy_file_id_named_file")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_copy_store_id_store")),
        sa.PrimaryKeyConstraint("demand_id", "file_id", "store_id", name=op.f("pk_copy")),
    )
    op.create_index("ix_copy_file_id", "copy", ["file_id"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("demand_id", sa.String(length=36), nullable=False),
        sa.Column("onward", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"], ["demand.id"], name=op.f("fk_disclosure_demand_id_demand")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_disclosure_file_id_named_file")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_demand_id", "disclosure", ["demand_id"], unique=False)

    op.create_table(
        "review_subject",
        sa.Column("review_hash", sa.String(length=64), nullable=False),
        sa.Column("attestation_hash", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["attestation_hash"],
            ["attestation.hash"],
            name=op.f("fk_review_subject_attestation_hash_attestation"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["named_file.id"], name=op.f("fk_review_subject_file_id_named_file")
        ),
        sa.ForeignKeyConstraint(
            ["review_hash"], ["review.hash"], name=op.f("fk_review_subject_review_hash_review")
        ),
        sa.PrimaryKeyConstraint("review_hash", "attestation_hash", name=op.f("pk_review_subject")),
    )
    op.create_index(
        "ix_review_subject_attestation_hash", "review_subject", ["attestation_hash"], unique=False
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_review_subject_attestation_hash", "review_subject")

    op.drop_table("review_subject")
    op.drop_index("ix_disclosure_demand_id", "disclosure")

    op.drop_table("disclosure")
    op.drop_index("ix_copy_file_id", "copy")

    op.drop_table("copy")
    op.drop_index("ix_attestation_demand_id_file_id_seq", "attestation")

    op.drop_table("attestation")
    op.drop_table("sent_checkpoint")
    op.drop_index("ix_review_demand_id", "review")

    op.drop_table("review")
    op.drop_table("log_head")
    op.drop_table("log_entry")
    op.drop_index("ix_letter_state_next_attempt_at", "letter")
    op.drop_index("ix_letter_demand_id", "letter")

    op.drop_table("letter")
