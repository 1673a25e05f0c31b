"""A session that ended loses nothing that was typed.

A form that is sent after the session (or its token) ended comes back as hidden inputs: with the
sign-in page where nobody is signed in, else with one button that sends it again. Passwords and
tokens are never carried, files can't be, and the page says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import (
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from attest.domain.outcomes import OUTCOMES
from attest.domain.wording import capital
from attest.web.forms.sign_in import SignInForm
from attest.web.session import SAFE_METHODS, is_receiving

SIGNED_OUT = "Your session has ended. Sign in again: nothing that you typed here is lost."
# Sent along by the sign-in page; a form of ours uses no such names.
ADDRESS = "again.address"
PREFIX = "again.field."
FILES = "again.file"
_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b")
_NEVER = ("csrf_token", "password", "passphrase")


@dataclass(frozen=True)
class Kept:
    """What was typed, and where it was to go (a path on this site)."""

    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The inputs of the sign-in page that carry it."""
        return [
            (ADDRESS, self.address),
            *((PREFIX + name, value) for name, value in self.fields),
            *((FILES, name) for name in self.files),
        ]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Name and value of what was typed, for people; identifiers were not typed."""
        return [
            (_words(name), OUTCOMES[value].words if value in OUTCOMES else value)
            for name, value in self.fields
            if value.strip() and not _IDENTIFIER.search(value)
        ]


def wants_json() -> bool:
    """Whether a script asked: it gets a sentence as JSON, never a page or a redirect."""
    if request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and bool(request.accept_mimetypes)


def from_request() -> Kept:
    """What this request carries."""
    fields = [(name, value) for name, value in _pairs(request.form) if _may_carry(name)]
    files = [file.filename for file in request.files.values() if file.filename]
    return Kept(_own_path(request.full_path.rstrip("?")), fields, files)


def from_sign_in(form: MultiDict[str, str]) -> Kept | None:
    """What a sign-in page carried, or None."""
    address = form.get(ADDRESS)
    if not address:
        return None
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in _pairs(form)
        if name.startswith(PREFIX) and _may_carry(name.removeprefix(PREFIX))
    ]
    return Kept(_own_path(address), fields, form.getlist(FILES))


def ask_to_sign_in() -> BaseResponse:
    """The answer to somebody who isn't signed in: a 401 for scripts, else the sign-in page."""
    if wants_json():
        return _json_401()
    if request.method in SAFE_METHODS:
        target = _own_path(request.full_path.rstrip("?"))
        return redirect(url_for("access.sign_in", next=None if target == "/" else target))
    if request.method != "POST" or is_receiving():
        # What a view would read itself is not read for this, however large it is.
        abort(401)
    # A sign-in page that was itself open for too long still carries what it was given.
    signing_in = request.endpoint == "access.sign_in"
    kept = from_sign_in(request.form) if signing_in else from_request()
    form = SignInForm(formdata=None)
    if signing_in:
        form.email.data = request.form.get("email", "")
    return make_response(
        render_template(
            "pages/access/sign_in.html", form=form, kept=kept, next_path="/", ended=True
        ),
        401,
    )


def send_again() -> BaseResponse:
    """The answer to a signed-in person whose page was open for too long."""
    if wants_json():
        response = jsonify(sentence="This page was open for too long. Press the button again.")
        response.status_code = 400
        return response
    return make_response(
        render_template("pages/access/send_again.html", kept=from_request(), signed_in_now=False),
        400,
    )


def own_path(given: str | None) -> str:
    """A path on this site, or "/" for anything else: nobody is led away after signing in."""
    return _own_path(given or "/")


def _json_401() -> Response:
    response = jsonify(sentence=SIGNED_OUT)
    response.status_code = 401
    return response


def _own_path(given: str) -> str:
    if not given.startswith("/") or given.startswith(("//", "/\\")) or "\\" in given:
        return "/"
    if any(ord(character) < 33 for character in given):
        return "/"
    parts = urlsplit(given)
    return "/" if parts.scheme or parts.netloc else given


def _pairs(form: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    return form.items(multi=True)


def _may_carry(name: str) -> bool:
    return not any(part in name.lower() for part in _NEVER) and not name.startswith("again.")


def _words(name: str) -> str:
    return capital(name.replace("_", " ").replace("-", " "))
