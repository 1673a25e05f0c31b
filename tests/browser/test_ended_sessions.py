"""A session that ends while somebody types loses nothing of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from attest.demo.acting import give_password, hashed
from tests import stage as play
from tests.browser.acts import fill, heading, press
from tests.browser.conftest import LiveAt, NewVisitor

PASSWORD = "correct horse battery staple"
STORY = "They went to a bidder.\nAll of them; “both” lists, 100 % of it <at once>."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_long_text_survives(live_at: LiveAt, new_visitor: NewVisitor, scripts: bool) -> None:
    live = live_at("drafted")
    give_password(live.stage, play.CASEWORK, hashed(PASSWORD))
    page = new_visitor(base_url=live.address, java_script_enabled=scripts)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"{live.base}/draft/incident")
    fill(page, {"What happened": STORY, "How many people are affected": "994"})
    with live.every_session_over():
        press(page, "Save")
        heading(page, "Sign in again")
    expect(page.get_by_text("Nothing that you typed is lost.")).to_be_visible()
    fill(page, {"Email address": play.CASEWORK, "Password": PASSWORD})
    press(page, "Sign in")
    heading(page, "You are signed in again")
    expect(page.get_by_role("main")).to_contain_text("All of them; “both” lists")
    press(page, "Send it now")
    expect(page.get_by_text("What happened is kept.")).to_be_visible()
    page.goto(f"{live.base}/draft/incident")
    expect(page.get_by_label("What happened", exact=True)).to_have_value(STORY)
    expect(page.get_by_label("How many people are affected")).to_have_value("994")


def test_answers_for_copies_survive(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    live = live_at("ready")
    give_password(live.stage, play.OFFICER, hashed(PASSWORD))
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"{live.base}/answer")
    for box in page.locator("[name=cell]").all():
        box.check()
    page.locator("[name=outcome][value=none_found]").check()
    with live.every_session_over():
        press(page, "Continue")
        heading(page, "Sign in again")
    fill(page, {"Email address": play.OFFICER, "Password": PASSWORD})
    press(page, "Sign in")
    press(page, "Send it now")
    fill(
        page,
        {
            "What was searched?": "Every folder",
            "On which day was it searched?": play.START.date(),
            "Who searched?": "Records officer",
        },
    )
    press(page, "Save for 4 copies")
    expect(page.get_by_text("Saved for 4 copies.")).to_be_visible()


def test_a_file_is_asked_for_again(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    live = live_at("drafted")
    give_password(live.stage, play.CASEWORK, hashed(PASSWORD))
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.CASEWORK)
    page.goto(f"{live.base}/draft/files/import")
    chosen: FilePayload = {
        "name": "list.csv",
        "mimeType": "text/csv",
        "buffer": b"name\nmore.csv\n",
    }
    page.get_by_label("List of files").set_input_files(chosen)
    with live.every_session_over():
        press(page, "Show what it says")
        heading(page, "Sign in again")
    fill(page, {"Email address": play.CASEWORK, "Password": PASSWORD})
    press(page, "Sign in")
    expect(page.get_by_role("main")).to_contain_text("Choose it again: list.csv")
