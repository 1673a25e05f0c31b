"""One's own preferences, and the organisation's."""

from sqlalchemy import select

from attest.database.engine import read_session
from attest.database.tables import Organisation, Person
from tests.web.house import House


def person(house: House, role: str) -> Person:
    with read_session(house.engine) as session:
        return session.get_one(Person, house.people[role].id)


def test_somebody_chooses_for_themselves(house):
    visitor = house.visitor("case_handler")
    page = visitor.get("/me").text
    assert "London, Europe" in page
    assert "Send me one letter each working day" in page
    visitor.post("/me", time_zone="America/New_York", language="cy", daily_digest="y")
    assert "Your preferences are kept." in visitor.get("/me").text
    kept = person(house, "case_handler")
    assert (kept.time_zone, kept.language, kept.daily_digest) == ("America/New_York", "cy", True)
    visitor.post("/me", time_zone="", language="")
    kept = person(house, "case_handler")
    assert (kept.time_zone, kept.language, kept.daily_digest) == (None, None, False)


def test_the_contractors_side_has_no_digest(house):
    visitor = house.visitor("officer")
    assert "Send me one letter" not in visitor.get("/me").text
    visitor.post("/me", time_zone="Asia/Tokyo", daily_digest="y")
    kept = person(house, "officer")
    assert (kept.time_zone, kept.daily_digest) == ("Asia/Tokyo", False)


def test_a_zone_that_was_not_offered_is_refused(house):
    visitor = house.visitor("case_handler")
    page = visitor.post("/me", status=400, time_zone="Europe/Nowhere").text
    assert "Choose one of these." in page
    assert person(house, "case_handler").time_zone is None


def test_another_organisations_page_is_nobodys(house):
    with read_session(house.engine) as session:
        mine = house.people["case_handler"].organisation_id
        other = session.scalars(select(Organisation.id).where(Organisation.id != mine)).first()
    house.visitor("case_handler").get(f"/me?organisation={other}", status=404)
    house.visitor("case_handler").get(f"/people/organisation?organisation={other}", status=404)


def test_whoever_invites_chooses_for_all(house):
    visitor = house.visitor("liaison")
    assert "Working hours are those of London, Europe" in visitor.get("/people").text
    visitor.post("/people/organisation", time_zone="Europe/Paris", language="en")
    assert "Working hours are those of Paris, Europe" in visitor.get("/people").text
    assert "Paris, Europe" in house.visitor("officer").get("/me").text
    assert "Working hours are those of London" in house.visitor("case_handler").get("/people").text
