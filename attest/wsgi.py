"""The application for a web server such as gunicorn: `gunicorn 'attest.wsgi:create()'`.

`ATTEST_INSTANCE_PATH` says which instance, as for every command.
"""

from __future__ import annotations

from attest.app import Attest, create_app
from attest.database.engine import make_engine
from attest.database.migrate import is_current
from attest.services.upkeep.journal import set_up_journal
from attest.settings import Settings, SettingsError


def create() -> Attest:
    """The application of one instance. Raises SettingsError where its tables are not current."""
    set_up_journal()
    settings = Settings.load()
    engine = make_engine(settings.database_url)
    if not is_current(engine):
        raise SettingsError(
            "The database is not at this version of Attest. Run `attest db upgrade`."
        )
    # Each of the server's processes opens connections of its own.
    engine.dispose()
    return create_app(settings, engine=engine)
