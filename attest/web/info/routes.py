"""How to verify a bundle, the pages that stand alone, and short help. Nobody signs in here."""

from flask import Blueprint, Response, render_template

from attest.domain.refusal import NotFound
from attest.signing import fingerprint, keyid
from attest.web.session import public, resources
from attest.web.standalone import SIGNER, VERIFY, built_page, send_page

pages = Blueprint("info", __name__)


@pages.get("/verify")
@public
def verify() -> str:
    """What a bundle is, the page and the command that verify it, and what they answer."""
    log_key = resources().log_key
    return render_template(
        "pages/info/verify.html",
        page=built_page(VERIFY),
        log_fingerprint=fingerprint(keyid(log_key.public_key)),
    )


@pages.get("/<any(verify, signer):name>.html")
@public
def standalone(name: str) -> Response:
    """A page that works without this server: to open, or to keep."""
    page = built_page(name)
    if page is None:
        raise NotFound
    return send_page(page, name)


@pages.get("/help")
@public
def help_page() -> str:
    """Who does what, and what to do when something goes wrong."""
    return render_template("pages/info/help.html", signer=built_page(SIGNER))
