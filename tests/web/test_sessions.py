"""Signing in, the throttle, and that an ended session loses nothing that was typed."""

import re

import pytest
from sqlalchemy import func, select

from attest.database.engine import read_session, write_session
from attest.database.tables import Account, Person, SignInAttempt
from attest.domain.outcomes import OUTCOMES
from attest.web.again import Kept, own_path
from tests.web.house import PASSWORD


def sign_in(house, visitor, role="case_handler", password=PASSWORD, status=302, **more):
    email = house.people[role].account.email
    return visitor.post("/sign-in", status, email=email, password=password, **more)


def hidden_fields(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: value for name, value in found if name != "csrf_token"}


def test_signing_in_and_out(house):
    visitor = house.visitor()
    assert visitor.get("/people", 302).location == "/sign-in?next=/people"
    assert sign_in(house, visitor, next="/people").location == "/people"
    assert "Priya Nair" in visitor.get("/people").text
    visitor.post("/sign-out")
    visitor.get("/people", 302)


def test_signing_in_takes_the_address_however_it_is_written(house):
    visitor = house.visitor()
    email = house.people["officer"].account.email.upper()
    visitor.post("/sign-in", email=f"  {email} ", password=PASSWORD)
    visitor.get("/keys")


@pytest.mark.parametrize("email", ["nobody@mail.example", None])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(house, email):
    visitor = house.visitor()
    known = house.people["signatory"].account.email
    page = visitor.post("/sign-in", 400, email=email or known, password="something else")
    assert "The email address or the password is wrong" in page.text
    assert "something else" not in page.text
    visitor.get("/keys", 302)


def test_nobody_is_led_to_another_site(house):
    visitor = house.visitor()
    assert sign_in(house, visitor, next="https://evil.example/").location == "/"


@pytest.mark.parametrize(
    "given",
    ["//evil.example", "/\\evil.example", "https://evil.example", "x", "/a\nb", "/\t/e", ""],
)
def test_what_is_no_path_of_ours_leads_home(given):
    assert own_path(given) == "/"


def test_a_path_of_ours_is_kept():
    assert own_path("/demands/ND-2013-004?tab=open") == "/demands/ND-2013-004?tab=open"


def test_too_many_failures_are_held_off_and_forgiven_after_a_while(house):
    visitor = house.visitor()
    for _ in range(10):
        sign_in(house, visitor, password="wrong wrong wrong", status=400)
    held = sign_in(house, visitor, status=429)
    assert "Wait fifteen minutes" in held.text
    # Somebody else at the same place still comes in.
    sign_in(house, house.visitor(), role="signatory")
    house.pass_time(minutes=16)
    sign_in(house, visitor)


def test_the_right_password_forgives_earlier_failures(house):
    visitor = house.visitor()
    for _ in range(9):
        sign_in(house, visitor, password="wrong wrong wrong", status=400)
    sign_in(house, visitor)
    other = house.visitor()
    for _ in range(9):
        sign_in(house, other, password="wrong wrong wrong", status=400)
    sign_in(house, other)


def test_the_attempts_tell_no_address(house):
    sign_in(house, house.visitor(), password="wrong wrong wrong", status=400)
    with read_session(house.engine) as session:
        rows = session.scalars(select(SignInAttempt)).all()
    assert len(rows) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", row.subject) for row in rows)


def test_whoever_acts_for_nobody_cannot_sign_in(house):
    with write_session(house.engine) as session:
        session.get_one(Person, house.people["officer"].id).active = False
    sign_in(house, house.visitor(), role="officer", status=400)


def test_a_raised_epoch_ends_sessions(house):
    visitor = house.visitor("officer")
    visitor.get("/keys")
    with write_session(house.engine) as session:
        session.get_one(Account, house.people["officer"].account_id).epoch += 1
    visitor.get("/keys", 302)


def test_an_ended_session_loses_nothing_that_was_typed(house):
    visitor = house.visitor("case_handler")
    typed = {"name": 'Cora "C" Cole', "role": "Head\nof", "email": "c@mail.example"}
    visitor.get("/people/invite")
    visitor.client.delete_cookie("attest")
    page = visitor.client.post("/people/invite", data={**typed, "csrf_token": "an old one"})
    assert page.status_code == 401
    assert "Nothing that you typed is lost" in page.text
    kept = hidden_fields(page.text)
    assert kept["again.address"] == "/people/invite"
    assert "csrf_token" not in "".join(kept)

    # What a browser sends back is unescaped.
    back = {name: value.replace("&#34;", '"') for name, value in kept.items() if name != "next"}
    email = house.people["case_handler"].account.email
    page = visitor.post("/sign-in", 200, email=email, password=PASSWORD, **back)
    assert "You are signed in again" in page.text
    assert 'action="/people/invite"' in page.text
    assert "Cora &#34;C&#34; Cole" in page.text
    again = hidden_fields(page.text)
    assert again["email"] == "c@mail.example"
    # Sent on, it reaches the form's own rules: no duty was chosen, the title has two lines.
    final = visitor.post(
        "/people/invite", 400, **{k: v.replace("&#34;", '"') for k, v in again.items()}
    )
    assert "Choose at least one duty." in final.text


def test_what_is_shown_again_is_what_was_typed_and_no_identifier():
    store = "0b5e1c86-6e50-4cc0-9d2e-2f2c5f0b0a11"
    fields = [("cell", f"1.{store}"), ("outcome", "none_found"), ("search_scope", "All boxes")]
    kept = Kept("/demands/ND-2013-004/answer/copies", fields)
    assert kept.shown == [
        ("Outcome", OUTCOMES["none_found"].words),
        ("Search scope", "All boxes"),
    ]
    assert ("again.field.cell", f"1.{store}") in kept.hidden


def test_a_password_is_never_carried(house):
    visitor = house.visitor()
    page = visitor.client.post("/people/invite", data={"password": "s3cret words", "name": "x"})
    assert page.status_code == 401
    assert "s3cret" not in page.text
    assert hidden_fields(page.text)["again.field.name"] == "x"


def test_a_wrong_password_in_between_still_loses_nothing(house):
    visitor = house.visitor()
    kept = {"again.address": "/people/invite", "again.field.name": "Cora Cole"}
    page = sign_in(house, visitor, password="wrong wrong wrong", status=400, **kept)
    assert hidden_fields(page.text)["again.field.name"] == "Cora Cole"


def test_the_address_that_was_carried_stays_on_this_site(house):
    page = sign_in(
        house,
        house.visitor(),
        status=200,
        **{"again.address": "https://evil.example/", "again.field.name": "x"},
    )
    assert 'action="/"' in page.text
    assert "evil.example" not in page.text


def test_a_token_that_has_run_out_is_answered_with_what_was_typed(house):
    visitor = house.visitor("case_handler")
    page = visitor.client.post("/people/invite", data={"name": "Nora New", "csrf_token": "old"})
    assert page.status_code == 400
    assert "This page was open for too long" in page.text
    assert hidden_fields(page.text)["name"] == "Nora New"
    with read_session(house.engine) as session:
        assert session.scalar(select(func.count()).where(Person.name == "Nora New")) == 0


def test_scripts_are_told_in_json(house):
    stranger = house.visitor()
    answer = stranger.send("/keys/prepare", {"publicKey": "x"}, 401)
    assert "Sign in again" in answer.json["sentence"]
    headers = {"Accept": "application/json"}
    assert stranger.get("/session/token", 401, headers=headers).json["sentence"]
    visitor = house.visitor("officer")
    answer = visitor.client.post("/keys/prepare", json={}, headers=headers)
    assert (answer.status_code, list(answer.json)) == (400, ["sentence"])
    token = visitor.get("/session/token").json["csrfToken"]
    answer = visitor.client.post(
        "/keys/prepare", json={}, headers={"X-CSRFToken": token, **headers}
    )
    assert "can't be read" in answer.json["sentence"]
