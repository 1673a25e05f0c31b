"""Of a demand that nobody has acknowledged no letter speaks of an officer's signature."""

from __future__ import annotations

from datetime import date

import pytest

from attest.database.engine import read_session, write_session
from attest.database.tables import Letter, Person
from attest.mail.together_letters import Part, together
from attest.services.context import Context
from attest.services.letters import letter_facts
from tests.services.office import at, open_office

FIRST = "Please do that first, and name your assurance officer"
WELSH = "Gwnewch hynny'n gyntaf, os gwelwch yn dda, ac enwch eich swyddog sicrwydd"


@pytest.fixture
def office(database_url, tmp_path):
    with open_office(database_url, tmp_path) as opened:
        yield opened


def words(letter: Letter) -> str:
    return " ".join(letter.text.split())


@pytest.mark.parametrize(("language", "said"), [("en", FIRST), ("cy", WELSH)])
@pytest.mark.parametrize(("day", "kind"), [(14, "reminder"), (19, "overdue"), (21, "escalation")])
def test_alone_it_asks_to_acknowledge_first(office, day, kind, language, said):
    case = office.add(state="issued")
    with write_session(office.engine) as session:
        session.get_one(Person, case.liaison.id).language = language
    office.change(case.demand.id, officer_id=None)
    office.chase(at(date(2013, 2, day)))
    (letter,) = [each for each in office.letters() if each.kind == kind]
    assert said in words(letter)
    assert f"/demands/{case.demand.reference}/acknowledge" in letter.text
    assert "/answer" not in letter.text
    assert "let the assurance officer sign" not in words(letter)


@pytest.mark.parametrize(("state", "asks"), [("issued", True), ("acknowledged", False)])
def test_gathered_its_own_part_asks_for_it(office, state, asks):
    case = office.add(state=state)
    with read_session(office.engine) as session:
        ctx = Context(session, at(date(2013, 2, 14)), office.settings, office.log_key)
        about = letter_facts.about(ctx, session.merge(case.demand, load=False))
    text = together([Part("reminder", about, ["a.csv"], 1)], ring=None, telephone=None).text
    assert (FIRST in " ".join(text.split())) is asks
    assert (f"{about.link}/acknowledge" in text) is asks
    assert (f"{about.link}/answer" in text) is not asks
