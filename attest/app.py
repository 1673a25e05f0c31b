"""The web application, put together: settings, guards, errors, and the list of pages."""

import traceback
from importlib import resources as package_resources
from pathlib import Path
from typing import Any

from flask import Flask, Response
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from structlog import get_logger
from werkzeug.middleware.proxy_fix import ProxyFix

from attest.database.engine import make_engine
from attest.mail import own_templates
from attest.services.instance import load_log_key
from attest.settings import Settings
from attest.signing import PrivateKey
from attest.web import (
    access,
    acknowledge,
    admin,
    amending,
    answer,
    answer_lists,
    changes,
    chasing,
    closing,
    dashboard,
    demand,
    demand_keys,
    downloads,
    drafts,
    evidence,
    exceptions,
    failing,
    health,
    home,
    incidents,
    info,
    issuing,
    keeping,
    keys,
    letters,
    mailbox,
    more_time,
    people,
    preferences,
    progress,
    received,
    review,
    sign,
)
from attest.web.errors import init_errors
from attest.web.filters import init_filters
from attest.web.layout import init_layout
from attest.web.macros import macros
from attest.web.security import init_security
from attest.web.session import EXTENSION, Resources, abandon, finish, init_sessions
from attest.web.uploads import CarefulRequest

log = get_logger(__name__)

# Every page of Attest, by topic.
BLUEPRINTS = (
    access.pages,
    home.pages,
    dashboard.pages,
    drafts.pages,
    incidents.pages,
    issuing.pages,
    people.pages,
    preferences.pages,
    keys.pages,
    demand.pages,
    progress.pages,
    demand_keys.pages,
    letters.pages,
    failing.pages,
    received.pages,
    acknowledge.pages,
    answer.pages,
    answer_lists.pages,
    keeping.pages,
    sign.pages,
    review.pages,
    closing.pages,
    more_time.pages,
    chasing.pages,
    exceptions.pages,
    changes.pages,
    evidence.pages,
    amending.pages,
    downloads.pages,
    info.pages,
    mailbox.pages,
    admin.pages,
    admin.letters,
    health.pages,
)


class Attest(Flask):
    """Flask, with a database session that never outlives an exception."""

    request_class = CarefulRequest

    def handle_user_exception(self, error: Exception) -> Any:
        """Rolls back before the error's page is made."""
        abandon()
        return super().handle_user_exception(error)

    def handle_exception(self, error: Exception) -> Response:
        """The same for what went wrong at the edge, while committing."""
        abandon()
        return super().handle_exception(error)

    def log_exception(self, exc_info: Any) -> None:
        """Logs what kind of error it was and where, and nothing of what was sent.

        Messages and local variables repeat what people typed, and SQL errors a row's values.
        """
        kind, _, trace = exc_info
        log.error("unexpected", error=kind.__name__, trace="".join(traceback.format_tb(trace)))


def create_app(
    settings: Settings, *, engine: Engine | None = None, log_key: PrivateKey | None = None
) -> Attest:
    """The application for one instance. Raises SettingsError where its log key can't be read."""
    app = Attest(
        "attest",
        template_folder=str(project_folder("templates")),
        static_folder=str(project_folder("static")),
    )
    app.extensions[EXTENSION] = Resources(
        settings, engine or make_engine(settings.database_url), log_key or load_log_key(settings)
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(macros())
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's way
    init_sessions(app)
    init_security(app, settings)
    init_errors(app)
    init_filters(app, settings)
    init_layout(app, settings)
    own_templates.report(settings.letters_path)
    # Functions after a request run last one first: the commit comes before the headers.
    app.after_request(_commit)
    app.teardown_request(lambda error: abandon())
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def project_folder(name: str) -> Path:
    """`templates` or `static`: inside the package in a wheel, beside it in a checkout."""
    package = Path(str(package_resources.files("attest")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def _commit(response: Response) -> Response:
    finish()
    return response
