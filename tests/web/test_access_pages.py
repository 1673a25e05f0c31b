"""Invitations, forgotten passwords, and the people of an organisation."""

import pytest
from sqlalchemy import select

from attest.database.tables import Letter, Person
from tests.web.house import PASSWORD

NEW = {
    "name": "Nora New",
    "role": "Information manager",
    "email": "nora.new@northshire.example",
    "duties": ["case_handler", "signatory"],
}
WORDS = "walnut tugboat crimson ladder"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("bounced", "If the address is wrong, end this access and invite them again."),
        ("unknown", "The letter may not have arrived. Ring and ask."),
    ],
)
def test_the_list_says_where_an_invitation_did_not_arrive(house, state, words):
    inviting = house.visitor("case_handler")
    inviting.post("/people/invite", **NEW)
    assert words not in inviting.get("/people").text
    (letter,) = house.letters()
    with house.acting() as ctx:
        ctx.session.get_one(Letter, letter.id).state = state
    assert words in inviting.get("/people").text
    # A new link is on its way.
    with house.acting() as ctx:
        person = ctx.session.scalars(select(Person).where(Person.name == "Nora New")).one()
    inviting.post(f"/people/{person.id}/letter")
    assert words not in inviting.get("/people").text


def test_an_invited_colleague_comes_in_once(house):
    inviting = house.visitor("case_handler")
    assert inviting.post("/people/invite", **NEW).location == "/people"
    assert "Invited" in inviting.get("/people").text
    (letter,) = house.letters()
    assert (letter.to_email, letter.kind) == (NEW["email"], "invitation_of_colleague")
    link = house.link_in(letter)

    invited = house.visitor()
    page = invited.get(link)
    assert "Nora New" in page.text
    assert "Northshire Constabulary" in page.text
    short = invited.post(link, 400, password="too short")
    assert "This password has 9 characters. Use 12 or more." in short.text
    assert "too short" not in short.text
    invited.post(link, password=WORDS)
    assert "Nora New" in invited.get("/people").text

    spent = house.visitor().get(link, 410)
    assert "This link was used already" in spent.text
    house.visitor().post(link, 410, password=WORDS)
    house.visitor().post("/sign-in", email=NEW["email"], password=WORDS)


def test_a_link_runs_out(house):
    house.visitor("case_handler").post("/people/invite", **NEW)
    link = house.link_in(house.letters()[0])
    house.pass_time(days=house.settings.invitation_days, seconds=1)
    assert "has run out" in house.visitor().get(link, 410).text


def test_a_newer_link_ends_the_earlier_one(house):
    inviting = house.visitor("case_handler")
    inviting.post("/people/invite", **NEW)
    first = house.letters()[0]
    house.pass_time(minutes=5)
    inviting.post(f"/people/{_id_of(house, 'Nora New')}/letter")
    house.visitor().get(house.link_in(first), 410)
    newest = house.letters()[-1]
    house.visitor().get(house.link_in(newest))


@pytest.mark.parametrize(
    ("role", "duty"),
    [
        ("case_handler", "officer"),
        ("case_handler", "administrator"),
        ("liaison", "signatory"),
        ("administrator", "signatory"),
    ],
)
def test_nobody_hands_out_what_is_not_theirs_to_give(house, role, duty):
    page = house.visitor(role).post("/people/invite", 400, **{**NEW, "duties": [duty]})
    assert "Choose from these only." in page.text
    assert house.letters() == []


def test_a_form_that_is_refused_keeps_what_was_typed(house):
    page = house.visitor("case_handler").post(
        "/people/invite", 400, **{**NEW, "email": "nonsense", "duties": ["signatory"]}
    )
    assert "<title>Error: Invite somebody" in page.text
    assert 'href="#email"' in page.text
    assert 'value="Nora New"' in page.text
    assert 'value="signatory" checked' in page.text


def test_a_name_with_a_hidden_direction_mark_is_refused(house):
    page = house.visitor("case_handler").post(
        "/people/invite", 400, **{**NEW, "name": "Nora\u202egro.evil"}
    )
    assert "U+202E" in page.text


def test_ending_access_signs_out_at_once(house):
    colleague = house.visitor()
    colleague.come_in(house.colleague)
    colleague.get("/keys")
    ending = house.visitor("case_handler")
    assert "End access of Cora Cole?" in ending.get(f"/people/{house.colleague.id}/end").text
    ending.post(f"/people/{house.colleague.id}/end")
    colleague.get("/keys", 302)
    house.visitor().post("/sign-in", 400, email=house.colleague.account.email, password=PASSWORD)
    assert "Ended" in ending.get("/people").text


def test_nobody_ends_their_own_access(house):
    me = house.people["case_handler"]
    page = house.visitor("case_handler").post(f"/people/{me.id}/end", 400)
    assert "You can&#39;t end your own access" in page.text


def test_a_forgotten_password(house):
    person = house.people["officer"]
    signed_in = house.visitor("officer")
    signed_in.get("/keys")
    asking = house.visitor()
    asking.post("/forgotten", 200, email=person.account.email.upper())
    (letter,) = house.letters()
    assert (letter.kind, letter.to_email) == ("password_reset", person.account.email)
    link = house.link_in(letter)
    house.visitor().post(link, password=WORDS)
    # Whoever knew the old password is out.
    signed_in.get("/keys", 302)
    house.visitor().post("/sign-in", 400, email=person.account.email, password=PASSWORD)
    house.visitor().post("/sign-in", email=person.account.email, password=WORDS)


def test_the_answer_does_not_tell_whether_somebody_has_an_account(house):
    known = house.people["officer"].account.email
    unknown = "nobody@mail.example"
    pages = [
        house.visitor().post("/forgotten", 200, email=email).text.replace(email, "…")
        for email in (known, unknown)
    ]
    words = [page[page.index("<main") : page.index("</main")] for page in pages]
    assert words[0] == words[1]
    assert len(house.letters()) == 1


def test_three_letters_an_hour_are_enough(house):
    visitor = house.visitor()
    for _ in range(5):
        visitor.post("/forgotten", 200, email=house.people["officer"].account.email)
        house.pass_time(minutes=1)
    assert len(house.letters()) == 3
    house.pass_time(hours=1)
    visitor.post("/forgotten", 200, email=house.people["officer"].account.email)
    assert len(house.letters()) == 4


@pytest.mark.parametrize(
    "guess", ["password1234", "aaaaaaaaaaaaaa", "123456789012", "qwertyuiop99"]
)
def test_a_password_that_is_guessed_first_is_refused(house, guess):
    house.visitor("case_handler").post("/people/invite", **NEW)
    page = house.visitor().post(house.link_in(house.letters()[0]), 400, password=guess)
    assert "easy to guess" in page.text


def _id_of(house, name):
    with house.acting() as ctx:
        return ctx.session.scalars(select(Person.id).where(Person.name == name)).one()
