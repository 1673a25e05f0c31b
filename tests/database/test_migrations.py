import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from attest.database import migrate
from attest.database.tables import Base
from tests.rows import opened


def test_the_migrated_schema_is_what_the_tables_say(blank_database_url):
    migrate.upgrade(blank_database_url)
    with opened(blank_database_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_says_where_the_database_stands(blank_database_url):
    with opened(blank_database_url) as engine:
        assert migrate.current(engine) is None
        assert not migrate.is_current(engine)
        assert migrate.upgrade(blank_database_url) == migrate.newest()
        assert migrate.current(engine) == migrate.newest()
        assert migrate.is_current(engine)


def test_upgrading_twice_changes_nothing(database_url):
    assert migrate.upgrade(database_url) == migrate.newest()


def test_each_revision_can_be_taken_back(database_url):
    with opened(database_url) as engine:
        with engine.begin() as connection:
            config = migrate._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        assert inspect(engine).get_table_names() == ["alembic_version"]


def test_revisions_follow_each_other_in_one_line():
    script = ScriptDirectory.from_config(migrate._config())
    revisions = list(script.walk_revisions())
    assert [r.revision for r in revisions] == sorted((r.revision for r in revisions), reverse=True)
    assert len(script.get_heads()) == 1


def test_a_folder_that_is_missing_is_made(tmp_path):
    url = f"sqlite:///{tmp_path / 'deep' / 'attest.sqlite3'}"
    migrate.upgrade(url)
    with opened(url) as engine:
        assert migrate.is_current(engine)


def test_env_says_how_to_migrate(tmp_path):
    with pytest.raises(RuntimeError, match="attest db upgrade"):
        command.upgrade(migrate._config(), "head")
