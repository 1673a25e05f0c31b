"""The chasing of a demand on a telephone: without a script, by keyboard, and with axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from attest.demo.acting import demand_of
from attest.services.facts.ladders import ladder_of
from tests import chase_acts
from tests import stage as play
from tests.browser import looking
from tests.browser.acts import follow
from tests.browser.conftest import PHONE


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_row_is_added_seen_and_kept(live_at, new_visitor, assert_accessible, script) -> None:
    live = live_at("issued")
    page = new_visitor(viewport=PHONE, java_script_enabled=script)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"{live.address}{live.base}/chasing")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chasing")
    if script:
        assert_accessible(page)
        assert list(looking.problems(page)) == []
    page.get_by_role("link", name="Change which letters go out").click()
    add = page.get_by_role("button", name="Add a row")
    add.focus()
    page.keyboard.press("Enter")
    row = page.get_by_role("group", name="Row 10")
    expect(row).to_be_visible()
    row.get_by_label("How many").fill("8")
    row.get_by_label("When").select_option("before")
    row.get_by_label("The liaison", exact=True).check()
    page.get_by_role("group", name="Row 1", exact=True).get_by_role("button").click()
    expect(page.get_by_role("group", name="Row 10")).to_have_count(0)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What these rows mean")).to_be_visible()
    if script:
        assert_accessible(page)
        assert list(looking.problems(page)) == []
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Letters of this demand’s own")).to_be_visible()
    expect(page.get_by_text("8 working days before the due day")).not_to_have_count(0)
    with live.stage.look() as ctx:
        rungs = ladder_of(ctx, demand_of(ctx, live.stage))
    assert [rung.offset for rung in rungs] == [2, -8, -5, -2, 0, 1, 3, 3, 5]


def test_a_letter_at_once_is_read_before_it_goes(live_at, new_visitor, assert_accessible) -> None:
    live = live_at("issued")
    chase_acts.pause(live.stage)
    page = new_visitor(viewport=PHONE)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"{live.address}{live.base}")
    expect(page.get_by_text("Letters are held back until Monday 11 February 2013")).to_be_visible()
    page.get_by_role("link", name="Chasing").click()
    follow(page, "Chase now")
    assert_accessible(page)
    page.get_by_label(re.compile("liaison")).check()
    page.get_by_label("A line of your own").fill("Please ring me.")
    page.get_by_role("button", name="Read it before it goes").click()
    expect(page.get_by_text("> Please ring me.")).to_be_visible()
    assert_accessible(page)
    assert list(looking.problems(page)) == []
    page.get_by_role("button", name="Send it now").dblclick()
    expect(page.get_by_text(re.compile("on its way"))).to_be_visible()
    assert len(play.letters(live.stage, "chase_now")) == 1
    # The page before is asked for anew: nothing is to be sent again.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chase now")
    expect(page.get_by_label("A line of your own")).to_have_value("")


def test_back_after_a_mistake_shows_the_form(live_at, new_visitor, complaints: list[str]) -> None:
    live = live_at("issued")
    page = new_visitor()
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"{live.address}{live.base}/chasing/pause")
    page.get_by_label("Why").fill("They moved house.")
    page.get_by_role("button", name="Hold letters back").click()
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.locator("[data-unsent-told]")).to_contain_text("Saved as you type")
    page.reload()
    expect(page).not_to_have_title(re.compile("^Error"))
    expect(page.get_by_label("Why")).to_have_value("They moved house.")
    page.get_by_role("button", name="Hold letters back").click()
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.locator("[data-unsent-told]")).to_contain_text("Saved as you type")
    for name, value in (("Day", "11"), ("Month", "2"), ("Year", "2013")):
        page.get_by_label(name).fill(value)
    page.get_by_role("button", name="Hold letters back").click()
    expect(page.get_by_text("Nobody is chased until Monday 11 February 2013")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Letters are held back until")).to_be_visible()
    complaints.clear()  # the browser's own, about the status of the form
