"""Signing in and out, the page behind a one-use link, and the way to a new password."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from attest.domain.refusal import Refused
from attest.services.accounts import accounts
from attest.web.access.forms import ForgottenForm, NewPasswordForm
from attest.web.again import from_sign_in, own_path
from attest.web.errors import page
from attest.web.forms.sign_in import SignInForm
from attest.web.session import (
    ctx,
    end_session,
    public,
    reading,
    signed_in_account,
    start_session,
)

pages = Blueprint("access", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/sign-in")
@public
def sign_in() -> Answer:
    """The sign-in page."""
    if signed_in_account() is not None:
        return redirect(own_path(request.args.get("next")))
    return _sign_in_page(SignInForm(), own_path(request.args.get("next")))


@pages.post("/sign-in")
@public
def sign_in_now() -> Answer:
    """Signs in, and shows again what an ended session had cut off."""
    form = SignInForm()
    next_path = own_path(request.form.get("next"))
    if not form.validate():
        return _sign_in_page(form, next_path), 400
    place = request.remote_addr or ""
    try:
        with reading() as quiet:
            checked = accounts.compare(
                quiet, form.email.data or "", form.password.data or "", place
            )
    except accounts.TooManyAttempts as held:
        form.refuse(held)
        return _sign_in_page(form, next_path), 429
    account = accounts.sign_in(ctx(), checked)
    if account is None:
        form.form_errors.append(accounts.WRONG)
        return _sign_in_page(form, next_path), 400
    kept = from_sign_in(request.form)
    start_session(account)
    if kept is None:
        return redirect(next_path)
    return render_template("pages/access/send_again.html", kept=kept, signed_in_now=True)


@pages.post("/sign-out")
@public
def sign_out() -> Answer:
    """Signs out. Somebody whose session has ended anyway gets the same answer."""
    end_session()
    flash("You are signed out.")
    return redirect("/sign-in")


@pages.get("/session/token")
def session_token() -> Response:
    """A fresh token for a page that has been open for long (static/signing.js)."""
    return jsonify(csrfToken=generate_csrf())


@pages.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> Answer:
    """Asks for a letter with a link. The answer is the same whether the address is known."""
    form = ForgottenForm()
    if form.validate_on_submit():
        try:
            accounts.request_reset(ctx(), form.email.data or "", request.remote_addr or "")
        except accounts.TooManyAttempts as held:
            form.refuse(held)
            return render_template("pages/access/forgotten.html", form=form), 429
        return render_template(
            "pages/access/letter_on_its_way.html",
            email=form.email.data,
            minutes=ctx().settings.reset_minutes,
        )
    return render_template("pages/access/forgotten.html", form=form), (400 if form.errors else 200)


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Answer:
    """Choosing a password, once, by the link of a letter."""
    try:
        link, account = accounts.read_link(ctx(), token)
    except accounts.LinkSpent as spent:
        return page(410, spent.sentence, title="This link can't be used")
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            account = accounts.use_link(ctx(), token, form.password.data or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            start_session(account)
            flash("Your password is set, and you are signed in.")
            return redirect("/")
    return render_template("pages/access/invitation.html", form=form, account=account, link=link), (
        400 if form.errors else 200
    )


def _sign_in_page(form: SignInForm, next_path: str) -> str:
    kept = from_sign_in(request.form) if request.method == "POST" else None
    return render_template(
        "pages/access/sign_in.html", form=form, kept=kept, next_path=next_path, ended=False
    )
