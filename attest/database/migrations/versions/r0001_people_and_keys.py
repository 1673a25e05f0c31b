"""People and keys.

Revision: 0001. Follows: nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from attest.database import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it so."""
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_sign_in_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("telephone", sa.String(length=60), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        "ix_sign_in_attempt_subject_at", "sign_in_attempt", ["subject", "at"], unique=False
    )

    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("used_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("telephone", sa.String(length=60), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_person_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint(
            "account_id", "organisation_id", name=op.f("uq_person_account_id_organisation_id")
        ),
    )
    op.create_index("ix_person_account_id", "person", ["account_id"], unique=False)
    op.create_index("ix_person_organisation_id", "person", ["organisation_id"], unique=False)

    op.create_table(
        "duty",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duty_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_duty")),
    )
    op.create_table(
        "signing_key",
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("duty", sa.String(length=12), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("key_file", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("enrolled_at", types.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.Column("replaced_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signing_key_person_id_person")
        ),
        sa.PrimaryKeyConstraint("keyid", name=op.f("pk_signing_key")),
    )
    op.create_index("ix_signing_key_person_id", "signing_key", ["person_id"], unique=False)

    op.create_table(
        "key_comparison",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keyid"], ["signing_key.keyid"], name=op.f("fk_key_comparison_keyid_signing_key")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_key_comparison_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_key_comparison_person_id_person")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "keyid", name=op.f("pk_key_comparison")),
    )
    op.create_table(
        "key_statement",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("keyid", sa.String(length=64), nullable=False),
        sa.Column("signer_keyid", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("stated_at", types.UtcDateTime(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keyid"], ["signing_key.keyid"], name=op.f("fk_key_statement_keyid_signing_key")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_key_statement")),
    )
    op.create_index("ix_key_statement_keyid", "key_statement", ["keyid"], unique=False)


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_key_statement_keyid", "key_statement")

    op.drop_table("key_statement")
    op.drop_table("key_comparison")
    op.drop_index("ix_signing_key_person_id", "signing_key")

    op.drop_table("signing_key")
    op.drop_table("duty")
    op.drop_index("ix_person_organisation_id", "person")
    op.drop_index("ix_person_account_id", "person")

    op.drop_table("person")
    op.drop_index("ix_invitation_account_id", "invitation")

    op.drop_table("invitation")
    op.drop_index("ix_sign_in_attempt_subject_at", "sign_in_attempt")

    op.drop_table("sign_in_attempt")
    op.drop_table("organisation")
    op.drop_table("account")
