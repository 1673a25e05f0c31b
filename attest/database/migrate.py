"""Brings a database to the newest schema, and says where it stands.

The migrations are in `attest/database/migrations/versions` and travel with the package. Each runs
in one transaction on both databases, so a failed upgrade leaves the database as it was.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from attest.database.engine import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> str:
    """Makes or upgrades the schema at `url`; gives the revision that it has then.

    Raises SQLAlchemy's `OperationalError` where the database can't be reached.
    """
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return newest()


def current(engine: Engine) -> str | None:
    """The revision that the database has, or None where it has no schema of ours."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this release of Attest needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the package carries no migrations")
    return head


def is_current(engine: Engine) -> bool:
    """Whether the database has the schema that this release needs."""
    return current(engine) == newest()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return config
