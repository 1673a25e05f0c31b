"""What guards every request: the token, where it comes from, who is signed in, the headers."""

import secrets
from typing import Any

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from attest.settings import Settings
from attest.web import again
from attest.web.session import (
    SAFE_METHODS,
    has_own_token,
    is_public,
    is_receiving,
    signed_in_account,
)

# A large matrix has a checkbox a copy.
MOST_FIELDS = 50_000
URLENCODED = "application/x-www-form-urlencoded"

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
)


# Of a letter's HTML part: it stands by itself, has styles of its own, and can do nothing. Its links
# may open, as they would from a mail program.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation"
)


class FromElsewhere(BadRequest):
    """Another site sent this. Nothing of it is carried on."""

    description = (
        "This was sent from another website, so nothing was done. "
        "Open the page here and do it again."
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Cookies, limits, the guards before every request and the headers after it."""
    seconds = settings.session_minutes * 60
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=settings.upload_limit,
        MAX_FORM_PARTS=MOST_FIELDS,
        PERMANENT_SESSION_LIFETIME=seconds,
        SESSION_COOKIE_NAME="attest",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        # As long as the session: a token must not end before the session that it belongs to.
        WTF_CSRF_TIME_LIMIT=seconds,
        # It would ask for the Referer header, which our own policy leaves out.
        WTF_CSRF_SSL_STRICT=False,
        # Asked below, but of views that read their request themselves.
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    tokens = CSRFProtect(app)

    def check_token() -> None:
        if has_own_token():
            return
        if request.endpoint in app.view_functions and not is_receiving():
            tokens.protect()

    def allow_more() -> None:
        if is_receiving():
            # Fields and boundaries come on top.
            request.max_content_length = settings.evidence_limit + 1_000_000

    app.before_request(allow_more)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_too_many_fields)
    app.before_request(check_token)
    app.before_request(_ask_to_sign_in)
    app.after_request(_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """This answer's nonce, for the scripts that the page itself names."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def _refuse_other_sites() -> None:
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    ):
        raise FromElsewhere


def _refuse_too_many_fields() -> None:
    # Flask counts the fields of a multipart form alone; millions of empty ones take long to read.
    if is_receiving():
        return
    if request.mimetype == URLENCODED and request.get_data().count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge


def _ask_to_sign_in() -> Any:
    if is_public(request.endpoint) or signed_in_account() is not None:
        return None
    return again.ask_to_sign_in()


def set_policy(policy: str) -> None:
    """This answer's own policy: for a page that stands alone, whose script it names by its hash."""
    g.own_policy = policy


def distrust() -> None:
    """This answer holds what somebody uploaded: a browser must do nothing with it."""
    g.distrusted = True


def _headers(response: Response) -> BaseResponse:
    # The nonce stands in pages alone; a download needs none and gets none.
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    if "distrusted" in g:
        g.own_policy = "default-src 'none'; sandbox"
    response.headers["Content-Security-Policy"] = g.get("own_policy") or (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = PERMISSIONS
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    # Scripts name each other without a version, so browsers ask each time (and get a 304). Pages
    # that stand alone are the same for everybody, and asked for in the same way.
    alone = "own_policy" in g and "distrusted" not in g and g.own_policy != LETTER_POLICY
    kept = request.endpoint == "static" or alone
    response.headers["Cache-Control"] = "no-cache" if kept else "no-store"
    return response
