"""A demand whose calendar `holidays` does not know any more: its pages open, and say so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attest.database.tables import Demand
from attest.demo import script
from attest.demo.acting import demand_of, tick
from attest.services.facts.calendars import holidays_of
from tests import chase_acts as chase
from tests import stage as play
from tests.mail.came_back import POSTFIX
from tests.more_time_acts import ask
from tests.services.failing_acts import come_back
from tests.web.access_table import TABLE
from tests.web.test_access_table import places

ROLES = ("case_handler", "signatory", "liaison", "officer", "joint_controller")
SAID = "The holidays of the calendar “XX” are not known here any more"


def take_away(pages) -> None:
    with pages.stage.act() as ctx:
        demand_of(ctx, pages.stage).calendar = "XX"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_it_opens_as_before(house, role):
    found = places(house)
    with house.acting() as ctx:
        ctx.session.query(Demand).update({Demand.calendar: "XX"})
    house.pass_time(days=20)
    visitor = house.visitor(role)
    for row in TABLE:
        if row.method == "GET":
            visitor.get((row.address or row.rule).format(**found), row.answers[role])


@pytest.mark.parametrize("point", ["acknowledged", "attested", "closed"])
def test_pages_of_a_real_one_open_and_say_it(pages_at, point):
    pages = pages_at(point)
    if point == "acknowledged":
        come_back(pages.stage, POSTFIX)
        ask(pages.stage, date(2013, 2, 25))
    take_away(pages)
    pages.stage.now += timedelta(days=20)
    tick(pages.stage)
    for email in (play.CASEWORK, play.SIGNATORY, play.LIAISON, play.OFFICER, play.JOINT):
        visitor = pages.visitor(email)
        for page in ("/", "/dashboard", "/demands", *_of_demand(pages, email, point)):
            visitor.get(page)
        assert (SAID in visitor.get(pages.base).text) is (point != "closed")


def _of_demand(pages, email, point):
    shared = ("", "/letters", "/timeline", "/stores", "/keys", "/files/1")
    ours = ("/chasing",) if email in (play.CASEWORK, play.SIGNATORY, play.JOINT) else ()
    handlers = ("/chasing/now", "/chasing/pause", "/chasing/ladder", "/chasing/contacts")
    theirs = handlers if email == play.CASEWORK and point != "closed" else ()
    return [f"{pages.base}{page}" for page in (*shared, *ours, *theirs)]


def test_the_chasing_page_says_that_nobody_is_chased_and_what_to_do(pages_at):
    pages = pages_at("issued")
    take_away(pages)
    page = pages.visitor(play.CASEWORK).get(f"{pages.base}/chasing").text
    for said in (
        "No letter that chases goes out by itself",
        SAID,
        "whoever runs this Attest",
        "chase now",
    ):
        assert said in page
    assert "These letters will go out" not in page
    assert f"Nobody is chased about {pages.stage.reference}" in pages.visitor(play.CASEWORK).get(
        "/dashboard"
    ).get_data(as_text=True)
    assert "Nobody is chased" not in pages.visitor(play.LIAISON).get(pages.base).text


def test_a_draft_says_it_and_takes_another_calendar(pages_at):
    pages = pages_at("drafted")
    take_away(pages)
    handler = pages.visitor(play.CASEWORK)
    assert "choose another calendar" in handler.get(f"{pages.base}/chasing").text
    handler.get(f"{pages.base}/draft/terms")
    handler.get(f"{pages.base}/draft/check")


def test_a_person_can_chase_by_hand(pages_at):
    pages = pages_at("issued")
    take_away(pages)
    assert chase.at_once(pages.stage, ("liaison",)) == [play.LIAISON]


def test_acts_go_on(pages_at):
    """Letters that people cause, and the end of the demand."""
    pages = pages_at("attested")
    take_away(pages)
    stage = pages.stage
    stage.now += timedelta(hours=1)
    script.review(stage, "accepted")
    stage.now += timedelta(hours=1)
    script.close(stage)
    tick(stage)
    assert play.state(stage) == "closed"
    assert len(play.letters(stage, "demand_closed")) > 0
    assert play.problems(stage) == []


def test_nobody_is_chased_meanwhile_and_the_ladder_goes_on_afterwards(pages_at):
    pages = pages_at("issued")
    take_away(pages)
    stage = pages.stage
    for _ in range(3):
        stage.now += timedelta(days=1)
        tick(stage)
    assert play.letters(stage, "not_acknowledged") == []
    with stage.act() as ctx:
        demand_of(ctx, stage).calendar = "GB-ENG"
    assert holidays_of("GB-ENG") is not None
    stage.now += timedelta(hours=2)
    tick(stage)
    assert len(play.letters(stage, "not_acknowledged")) == 1
