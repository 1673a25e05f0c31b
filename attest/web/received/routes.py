"""The page behind a letter's link "I have received this".

It signs nobody in and sets no cookie. Mail servers and mail programs open links by themselves, so
looking at it notes nothing; only its button does, which sends along a token of its own.
"""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from attest.domain.refusal import NotFound
from attest.services.letters import receipts
from attest.web.session import ctx, doom, own_token, public

pages = Blueprint("received", __name__)


@pages.get("/received/<token>")
@public
def look(token: str) -> Response:
    """Which letter it is, and the button. A HEAD is answered in the same way."""
    return _page(token)


@pages.post("/received/<token>")
@public
@own_token
def press(token: str) -> Response:
    """The button."""
    pressed = request.form.get("csrf_token", "")
    try:
        noted = receipts.confirm(ctx(), token, pressed, request.remote_addr or "")
    except NotFound:
        return _says(404, receipts.WRONG_LINK)
    except receipts.LinkGone as gone:
        return _says(410, gone.sentence)
    except receipts.TooMany as held:
        return _says(429, held.sentence)
    return _page(token, thanks=True) if noted else _page(token, again=True)


def _page(token: str, *, thanks: bool = False, again: bool = False) -> Response:
    try:
        found = receipts.open_page(ctx(), token)
    except NotFound:
        return _says(404, receipts.WRONG_LINK)
    except receipts.LinkGone as gone:
        return _says(410, gone.sentence)
    return _made(
        409 if again else 200,
        found=found,
        token=token,
        thanks=thanks,
        sentence=receipts.PRESS_AGAIN if again else "",
    )


def _says(status: int, sentence: str) -> Response:
    if request.method == "POST":
        doom()
    return _made(status, found=None, token="", thanks=False, sentence=sentence)


def _made(status: int, **shown: object) -> Response:
    answer = make_response(render_template("pages/received/received.html", **shown), status)
    # Whatever follows links must not list them.
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
