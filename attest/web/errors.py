"""Every error as a page in plain words: what went wrong and what to do.

Scripts get the same sentence as JSON.
"""

from flask import Flask, g, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.log.prepared import Stale
from attest.web.again import ask_to_sign_in, send_again, wants_json
from attest.web.offline import is_upload, upload_page
from attest.web.session import is_public, signed_in_account

# Pages of a demand to which a letter leads: whoever else got the letter goes to the demand instead.
_LED_TO = ("answer", "review", "close")

# Title and sentence by status. What an exception says itself wins where it is written by us.
WORDS = {
    400: (
        "That could not be read",
        "The request was incomplete. Go back, open the page again, and try once more.",
    ),
    401: ("You are not signed in", "Sign in, then try again."),
    403: ("You may not do this", "Ask somebody who may, or ask for that duty under People."),
    404: (
        "Page not found",
        "There is nothing at this address, or it is not for you to see. "
        "If you followed a link from a letter, sign in with the address that it was sent to.",
    ),
    405: (
        "That can't be done here",
        "This address does not take that kind of request. Go back and use the button on the page.",
    ),
    413: (
        "That is too large",
        "What you sent is larger than this installation takes. "
        "Send a smaller file, or split a list into several.",
    ),
    429: (
        "Too many attempts",
        "Wait fifteen minutes, then try again. If you forgot your password, ask for a new one.",
    ),
    500: (
        "Something went wrong on our side",
        "Nothing that you just sent was kept, and nothing was signed. Try again in a minute. "
        "If it goes on, tell whoever runs this installation when it happened.",
    ),
}


def look_again_at(url: str) -> None:
    """Where this request's page is made anew, should it turn out to be out of date."""
    g.look_again_at = url


def init_errors(app: Flask) -> None:
    """Registers a page for everything that can leave a handler."""
    app.register_error_handler(CSRFError, _token)
    app.register_error_handler(NotFound, lambda error: page(404))
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)


def page(status: int, sentence: str | None = None, *, title: str | None = None) -> Response:
    """One error page, or its sentence as JSON for a script."""
    own_title, own_sentence = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    if wants_json():
        reload = {"reload": g.look_again_at} if status == 409 and "look_again_at" in g else {}
        response = jsonify(sentence=sentence or own_sentence, **reload)
        response.status_code = status
        return response
    return make_response(
        render_template(
            "pages/errors/error.html",
            title=title or own_title,
            sentence=sentence or own_sentence,
            look_again=g.get("look_again_at") if status == 409 else None,
        ),
        status,
    )


def _token(error: CSRFError) -> Response:
    if signed_in_account() is not None:
        return send_again()
    if is_public(request.endpoint) and request.endpoint != "access.sign_in":
        return page(
            400,
            "This page was open for too long. Go back, load it again, and type it once more.",
            title="The page was too old",
        )
    return ask_to_sign_in()


def _not_allowed(error: NotAllowed) -> Response:
    """Where a letter's link led somebody here, the demand's page says whose turn it is."""
    reference = (request.view_args or {}).get("reference")
    here = [f"/demands/{reference}/{name}" for name in _LED_TO]
    if request.method == "GET" and not wants_json() and request.path in here:
        return make_response(redirect(f"/demands/{reference}"))
    return page(403, error.sentence)


def _refused(error: Refused) -> Response:
    if is_upload():
        # Who chose a wrong file chooses another one, and need not decide everything again.
        status = 409 if isinstance(error, Stale) else 400
        return upload_page([], sentence=error.sentence, status=status)
    if isinstance(error, Stale):
        return page(409, error.sentence, title="Something changed in the meantime")
    return page(400, error.sentence, title="This can't be done now")


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()
    own = type(error).__module__.startswith("attest.")
    return page(error.code or 500, error.description if own else None)
