"""How anybody verifies a bundle, and short help. Nobody has to sign in for these."""

from flask import Blueprint, render_template

from attest.signing import fingerprint, keyid
from attest.web.session import public, resources

pages = Blueprint("info", __name__)


@pages.get("/verify")
@public
def verify() -> str:
    """What a bundle is, the command that verifies it, and what its exit statuses mean."""
    log_key = resources().log_key
    return render_template(
        "pages/info/verify.html", log_fingerprint=fingerprint(keyid(log_key.public_key))
    )


@pages.get("/help")
@public
def help_page() -> str:
    """Who does what, and what to do when something goes wrong."""
    return render_template("pages/info/help.html")
