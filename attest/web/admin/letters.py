"""Letters to look at and to try out, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from attest.services.sending import trying_letters
from attest.services.sending.trying_letters import Tried
from attest.web.security import LETTER_POLICY, set_policy
from attest.web.session import ctx, current_account

letters = Blueprint("admin_letters", __name__)


@letters.get("/instance/letters")
def listed() -> str:
    """Every letter, in each of its shapes."""
    names = trying_letters.names(ctx(), current_account())
    return render_template("pages/admin/letters.html", names=names)


@letters.get("/instance/letters/<name>")
def one(name: str) -> str:
    """One of them as text, in a language."""
    return render_template(
        "pages/admin/letter.html",
        found=_found(name),
        languages=trying_letters.languages(ctx()),
    )


@letters.get("/instance/letters/<name>/html")
def html(name: str) -> str:
    """Its HTML part, as a mail program shows it."""
    found = _found(name)
    set_policy(LETTER_POLICY)
    return found.html


@letters.post("/instance/letters/<name>/try")
def send_to_me(name: str) -> Response:
    """Sends it to whoever asks."""
    code = _language()
    email = trying_letters.send_to_me(ctx(), current_account(), name, code)
    flash(f"It goes to {email} with the worker’s next round.")
    return redirect(f"/instance/letters/{name}?language={code}")


def _found(name: str) -> Tried:
    return trying_letters.tried(ctx(), current_account(), name, _language())


def _language() -> str:
    return request.values.get("language", "en")
