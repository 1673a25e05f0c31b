"""One request, one database session; who is signed in; what time it is.

A GET reads, everything else writes. The session opens when it is first asked for and is
committed at the edge, after the page is made, unless an exception left the handler or a form
refused (`doom`). This is the one place of the web that reads the clock.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from attest.database.engine import read_session, write_session
from attest.database.tables import Account, Person
from attest.services.context import Context
from attest.settings import Settings
from attest.signing import PrivateKey

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EXTENSION = "attest"


@dataclass(frozen=True)
class Resources:
    """What lives as long as the application."""

    settings: Settings
    engine: Engine
    log_key: PrivateKey


def resources() -> Resources:
    """The application's settings, engine and log key."""
    return cast(Resources, current_app.extensions[EXTENSION])


def clock() -> datetime:
    """Now, in UTC and whole seconds. Tests put their own into app.config["CLOCK"]."""
    given: Callable[[], datetime] | None = current_app.config.get("CLOCK")
    now = given() if given else datetime.now(UTC)
    return now.replace(microsecond=0)


# --- the database session ---------------------------------------------------------------


@dataclass
class _Transaction:
    opened: AbstractContextManager[Session]
    session: Session
    doomed: bool = field(default=False)


def db() -> Session:
    """This request's session, opened at the first use."""
    transaction = _current()
    if transaction is None:
        writes = request.method not in SAFE_METHODS and not g.get("abandoned", False)
        writes = writes and not is_receiving()
        opened = (write_session if writes else read_session)(resources().engine)
        transaction = g.transaction = _Transaction(opened, opened.__enter__())
    return transaction.session


def ctx() -> Context:
    """The first argument of every act: this request's session, its time, settings, log key."""
    kept = resources()
    if "now" not in g:
        g.now = clock()
    return Context(db(), g.now, kept.settings, kept.log_key)


@contextmanager
def reading() -> Iterator[Context]:
    """A short session of its own, for what takes long and must not keep writers waiting."""
    kept = resources()
    with read_session(kept.engine) as session:
        yield Context(session, clock(), kept.settings, kept.log_key)


def doom() -> None:
    """Nothing that this request wrote is kept: an act refused, and the page says why."""
    db()
    transaction = _current()
    if transaction is not None:
        transaction.doomed = True


def finish() -> None:
    """Commits, or rolls back what was doomed. Called once, when the page is made."""
    transaction = _current()
    if transaction is None:
        return
    if transaction.doomed:
        transaction.session.rollback()
    g.transaction = None
    transaction.opened.__exit__(None, None, None)


def streams(view: View) -> View:
    """Marks a view that reads its request itself, piece by piece, because it may be gigabytes.

    Nobody reads the form before it, so it checks the token itself (web/receiving.py). Until it
    says `write_from_here` its session only reads: it must not keep writers waiting for minutes.
    """
    view.streams = True  # type: ignore[attr-defined]  # read by `is_receiving`
    return view


def is_receiving() -> bool:
    """Whether this request's view reads it itself, and has not done so yet."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "streams", False)) and not g.get("received", False)


def let_go() -> None:
    """Ends this request's transaction while something takes long; what it needs is asked anew."""
    finish()
    g.pop("_login_user", None)
    g.pop("now", None)


def write_from_here() -> None:
    """What a streaming view received is there: the rest of the request writes, and it is now."""
    let_go()
    g.received = True


def abandon() -> None:
    """Rolls back after an exception; whatever the error page reads, it only reads."""
    transaction = _current()
    g.abandoned = True
    # What was loaded went with its session: the error page asks anew who is signed in.
    g.pop("_login_user", None)
    if transaction is None:
        return
    g.transaction = None
    transaction.session.rollback()
    transaction.session.close()
    transaction.opened.__exit__(None, None, None)


def _current() -> _Transaction | None:
    return cast(_Transaction | None, g.get("transaction"))


# --- who is signed in ---------------------------------------------------------------------


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """An account as Flask-Login keeps it. The epoch ends sessions when a password is reset."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.id}:{self.account.epoch}"


def public(view: View) -> View:
    """Marks a view that nobody has to sign in for. Every other one asks for it."""
    view.is_public = True  # type: ignore[attr-defined]  # read by the guard
    return view


def own_token(view: View) -> View:
    """Marks a public view whose form brings a token of its own, for whoever keeps no cookies.

    The view checks it; the app's, which belongs to a session, is not asked for.
    """
    view.own_token = True  # type: ignore[attr-defined]  # read by the guard
    return view


def has_own_token() -> bool:
    """Whether this request's view checks a token of its own."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "own_token", False))


def is_public(endpoint: str | None) -> bool:
    """Whether an endpoint may be asked for by anybody. An unknown address is answered 404."""
    if endpoint is None or endpoint == "static":
        return True
    return bool(getattr(current_app.view_functions[endpoint], "is_public", False))


def signed_in_account() -> Account | None:
    """Whoever is signed in, or None."""
    return current_user.account if current_user.is_authenticated else None


def current_account() -> Account:
    """Whoever is signed in. For pages that aren't public only."""
    account = signed_in_account()
    if account is None:
        raise RuntimeError("a public page must not ask for the current account")
    return account


def current_people() -> list[Person]:
    """The organisations in which the current account acts, as people."""
    return [person for person in current_account().people if person.active]


def start_session(account: Account) -> None:
    """Signs an account in, under a new cookie."""
    cookie.clear()
    cookie.permanent = True
    login_user(SignedIn(account))


def end_session() -> None:
    """Signs out, and forgets all that the cookie held."""
    logout_user()
    cookie.clear()


def init_sessions(app: Flask) -> None:
    """Lets Flask-Login find accounts again by id and epoch."""
    manager = LoginManager()
    # A changed network address is no thief: people move between networks while they sign.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)


def _load(kept: str) -> SignedIn | None:
    account_id, _, epoch = kept.partition(":")
    account = db().get(Account, account_id)
    if account is None or str(account.epoch) != epoch:
        return None
    if not any(person.active for person in account.people):
        return None
    return SignedIn(account)
