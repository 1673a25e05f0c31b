"""Seeing it: progress, the head of a demand's page, the dashboard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests import chase_acts
from tests import stage as play
from tests.mail.came_back import POSTFIX
from tests.services import failing_acts


def test_the_figure_and_its_table_say_the_same_to_both_sides(pages_at) -> None:
    pages = pages_at("attested")
    for email in (play.CASEWORK, play.JOINT, play.LIAISON):
        text = pages.visitor(email).get(f"{pages.base}/progress").text
        assert 'role="img"' in text
        assert "4 copies open at first; at the end 0 open, 0 excepted and 4 settled" in text
        assert "2 attestations signed" in text
        assert "style=" not in text
    pages.visitor(play.OTHER_CONTRACTOR).get(f"{pages.base}/progress", 404)


def test_the_head_says_since_when_and_what_comes_next(pages_at) -> None:
    pages = pages_at("ready")
    text = pages.visitor(play.CASEWORK).get(pages.base).text
    assert "4 copies of 2 files open since 4 February 2013, 4 copies to be answered" in text
    assert "Due Monday 18 February 2013, in 10 working days." in text
    assert "Next letter on Monday 11 February 2013." in text
    pages.stage.now = play.START + timedelta(days=60)
    text = pages.visitor(play.CASEWORK).get(pages.base).text
    # Nothing went out for two months: the latest letter does at nine, on this very day.
    assert "Next letter on Friday 5 April 2013." in text


def test_only_controllers_read_when_the_next_letter_goes(pages_at) -> None:
    pages = pages_at("issued")
    handler, liaison = pages.visitor(play.CASEWORK), pages.visitor(play.LIAISON)
    for day, told in (
        (4, ("Tuesday 5 February 2013", "Monday 11 February 2013")),
        # Before working hours of a letter's own day.
        (5, ("Tuesday 5 February 2013", "Monday 11 February 2013")),
    ):
        pages.stage.now = datetime(2013, 2, day, 7, 30, tzinfo=UTC)
        text = handler.get(pages.base).text
        for each in told:
            assert f"Next letter on {each}." in text
        assert "Next letter on Monday" in pages.visitor(play.JOINT).get(pages.base).text
        assert "Next letter" not in liaison.get(pages.base).text
    chase_acts.pause(pages.stage, date(2013, 2, 15))
    text = handler.get(pages.base).text
    assert "Next letter on Friday 15 February 2013." in text
    # Every address of the contractor fails: letters come to the case handler in its place.
    chase_acts.end_pause(pages.stage)
    failing_acts.come_back(pages.stage, POSTFIX)
    text = handler.get(pages.base).text
    assert "No letter is to come by itself: now it takes a telephone." in text


def test_the_timeline_is_told_by_day_and_filtered_by_kind(pages_at) -> None:
    pages = pages_at("attested")
    visitor = pages.visitor(play.JOINT)
    text = visitor.get(f"{pages.base}/timeline").text
    assert ">Monday 4 February 2013</h2>" in text
    assert ">Tuesday 5 February 2013</h2>" in text
    text = visitor.get(f"{pages.base}/timeline?kind=attestations").text
    assert "2 attestations signed" in text
    assert "Deletion demand issued" not in text
    assert 'href="/demands/ND-2013-001/timeline?kind=keys"' in text
    assert "Deletion demand issued" in visitor.get(f"{pages.base}/timeline?kind=no").text


def test_the_dashboard_shows_what_is_late_to_parties_alone(pages_at) -> None:
    pages = pages_at("ready")
    pages.stage.now = play.START + timedelta(days=20)
    text = pages.visitor(play.CASEWORK).get("/dashboard?within=90").text
    assert "Late (1)" in text
    assert f'href="{pages.base}"' in text
    assert 'href="/dashboard?within=90" aria-current="true"' in text
    for email in (play.OTHER_CONTRACTOR, play.ADMINISTRATOR):
        text = pages.visitor(email).get("/dashboard?within=made-up").text
        assert pages.stage.reference not in text
        assert "Nothing is late." in text
