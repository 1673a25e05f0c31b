"""Headers, tokens, limits, and errors in plain words."""

import re

import pytest
from flask import Response

from attest.database.engine import read_session
from attest.database.tables import Organisation
from attest.domain.refusal import NotAllowed, NotFound, Refused
from attest.services.log.prepared import Stale
from attest.web.errors import look_again_at
from attest.web.session import db, public
from tests.rows import NOW


def test_every_page_forbids_what_it_does_not_need(house):
    answer = house.visitor("signatory").get("/keys")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    nonce = re.search(r'<script nonce="([^"]+)"', answer.text)
    assert nonce is not None
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce[1]}'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in answer.headers["Permissions-Policy"]


def test_a_nonce_is_used_once(house):
    visitor = house.visitor()
    pages = {visitor.get("/help").text.split('nonce="')[1][:24] for _ in range(5)}
    assert len(pages) == 5


def test_the_cookie_is_out_of_reach(house):
    answer = house.visitor().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # the address of this house is http


def test_behind_https_the_cookie_says_so(house):
    house.app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in house.visitor().get("/sign-in").headers["Set-Cookie"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_on_another_site_is_refused_and_not_carried(house, site):
    visitor = house.visitor("case_handler")
    answer = visitor.client.post(
        "/people/invite",
        data={"csrf_token": visitor.token(), "name": "planted"},
        headers={"Sec-Fetch-Site": site},
    )
    assert answer.status_code == 400
    assert "another website" in answer.text
    assert "planted" not in answer.text


def test_what_is_too_large_is_refused_in_words(house):
    house.app.config["MAX_CONTENT_LENGTH"] = 1000
    visitor = house.visitor("case_handler")
    page = visitor.post("/people/invite", 413, name="x" * 2000)
    assert "larger than this installation takes" in page.text


def test_unknown_addresses_and_methods(house):
    visitor = house.visitor("officer")
    assert "nothing at this address" in visitor.get("/no-such-page", 404).text
    assert "does not take that kind of request" in visitor.get("/sign-out", 405).text
    answer = visitor.get("/no-such-page", 404, headers={"Accept": "application/json"})
    assert "nothing at this address" in answer.json["sentence"]


def test_the_database_session_follows_the_fate_of_the_request(house, capfd):
    """A refusal, an error and a doomed form keep nothing; a redirect keeps all."""

    def add(name):
        db().add(Organisation(id=name, name=name, code=name, created_at=NOW))
        db().flush()

    faults = {
        "refused": Refused("Not like this."),
        "stale": Stale("The file was reopened."),
        "not-allowed": NotAllowed("Only the signatory."),
        "not-found": NotFound(),
        "broken": RuntimeError("secret words"),
    }

    @public
    def act(what):
        add(what)
        look_again_at("/demands/ND-2013-004")
        if what in faults:
            raise faults[what]
        return Response("kept", mimetype="text/plain")

    house.app.add_url_rule("/act/<what>", view_func=act, methods=["POST"])
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor = house.visitor("case_handler")
    assert "Not like this." in visitor.post("/act/refused", 400).text
    stale = visitor.post("/act/stale", 409)
    assert "The file was reopened." in stale.text
    assert 'href="/demands/ND-2013-004">Look again' in stale.text
    answer = visitor.send("/act/stale", {}, 409)
    assert answer.json == {"sentence": "The file was reopened.", "reload": "/demands/ND-2013-004"}
    assert "Only the signatory." in visitor.post("/act/not-allowed", 403).text
    visitor.post("/act/not-found", 404)
    broken = visitor.post("/act/broken", 500)
    assert "Something went wrong on our side" in broken.text
    assert "secret words" not in broken.text
    assert "secret words" not in "".join(capfd.readouterr())
    # Who is signed in is still shown, from a session of its own.
    assert "Priya Nair" in broken.text
    visitor.post("/act/fine", 200)
    with read_session(house.engine) as session:
        kept = {name for name in (*faults, "fine") if session.get(Organisation, name)}
    assert kept == {"fine"}


def test_a_get_cannot_write(house):
    @public
    def peek():
        db().add(Organisation(id="x", name="x", code="x", created_at=NOW))
        db().flush()
        return "written"

    house.app.add_url_rule("/peek", view_func=peek)
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    house.visitor().get("/peek", 500)
