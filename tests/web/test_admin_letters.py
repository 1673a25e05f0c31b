"""The administrator's page of all letters, and trying one out."""

import re

import pytest

from attest.services.facts import throttle
from attest.services.sending.trying_letters import MOST

PAGE = "/instance/letters"


@pytest.fixture
def visitor(house):
    return house.visitor("administrator")


def tried_out(house):
    return [letter for letter in house.letters() if letter.kind == "try_out"]


def test_every_letter_is_listed_and_opens(visitor):
    listing = visitor.get(PAGE).text
    links = re.findall(rf'href="({PAGE}/[^"]+)"', listing)
    assert len(links) > 60
    for link in links[::9]:
        page = visitor.get(link).text
        assert "{witness}" not in page
        assert "{link}" not in page


def test_a_language_can_be_chosen_and_one_that_is_none_is_not_there(visitor):
    assert "Annwyl" in visitor.get(f"{PAGE}/reminder?language=cy").text
    visitor.get(f"{PAGE}/reminder?language=xx", 404)
    visitor.get(f"{PAGE}/nothing", 404)


def test_the_html_part_can_do_nothing(visitor):
    answer = visitor.get(f"{PAGE}/reminder/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "payroll-deductions-q3.csv</li>" in answer.text


def test_a_try_out_says_that_it_is_one(house, visitor):
    visitor.post(f"{PAGE}/reminder/try")
    (letter,) = tried_out(house)
    assert letter.subject.startswith("Try-out: ND-2013-004: 5 files are due")
    assert "no such demand" in letter.text
    assert letter.demand_id is None
    assert letter.to_email == house.people["administrator"].account.email
    assert letter.text.count("Dear ") == 1
    assert "{witness}" not in letter.text


def test_a_try_out_is_in_the_language_that_was_looked_at(house, visitor):
    assert "Annwyl" in visitor.get(f"{PAGE}/reminder?language=cy").text
    visitor.post(f"{PAGE}/reminder/try", language="cy")
    (letter,) = tried_out(house)
    assert letter.language == "cy"
    assert letter.subject.startswith("Prawf: ND-2013-004: dyddiad cau 5 ffeil yw dydd Llun")
    assert letter.text.startswith("Annwyl ")
    assert "nid oes galwad o'r fath" in " ".join(letter.text.split())
    assert "a try-out" not in letter.text
    assert "Dear" not in letter.text


def test_a_letter_with_a_link_is_tried_out_without_one_that_works(house, visitor):
    visitor.post(f"{PAGE}/password_reset/try")
    (letter,) = tried_out(house)
    assert letter.invitation_id is None
    assert "/invitation/try-out" in letter.text


def test_not_without_end(house, visitor):
    with house.acting() as ctx:
        account = house.people["administrator"].account_id
        for _ in range(MOST):
            throttle.count(ctx, throttle.keyed(ctx, f"try-out:{account}"))
    visitor.post(f"{PAGE}/reminder/try", 400)
    assert tried_out(house) == []
