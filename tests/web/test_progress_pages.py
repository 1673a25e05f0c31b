"""Seeing it: progress, the head of a demand's page, the dashboard."""

from __future__ import annotations

from datetime import timedelta

from tests import stage as play


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
    text = pages.visitor(play.LIAISON).get(pages.base).text
    assert "Next letter on Monday 8 April 2013." in text


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
