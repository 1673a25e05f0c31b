"""Runs migrations on the connection that `attest.database.migrate` hands over."""

from __future__ import annotations

from alembic import context

from attest.database.tables import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("Run `attest db upgrade`, which says which database is meant.")

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite alters a table by copying it.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="types.",
)
with context.begin_transaction():
    context.run_migrations()
