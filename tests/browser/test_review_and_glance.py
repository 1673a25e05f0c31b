"""Reviews as they are typed, and the head of a demand on a narrow screen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from attest.demo.acting import seat_of
from attest.services.acts import reopening
from tests import passing
from tests import stage as play
from tests.browser.conftest import LiveAt, NewVisitor


def test_enter_goes_on_and_a_proposal_keeps_what_was_typed(
    live_at: LiveAt, new_visitor: NewVisitor
) -> None:
    live = live_at("ready")
    passing.exceptions(live.stage)
    page = new_visitor(base_url=live.address)
    live.sign_in(page.context, play.SIGNATORY)
    page.goto(f"{live.base}/review")
    page.get_by_role("checkbox", name="list.csv").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("")
    page.get_by_label("Reason").fill("I rang them.")
    page.get_by_role("button", name="Accept the risk").click()
    expect(page.get_by_label("Why do you accept the risk?")).to_have_value("I rang them.")
    page.get_by_role("button", name="Ask for a wider search").click()
    expect(page.get_by_label("Reason")).to_have_value(re.compile(r"I rang them\.\n\nSearch more"))


def test_the_narrow_figure_stands_on_a_telephone(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    live = live_at("closed")
    live.stage.now = live.stage.now.replace(day=20)
    with live.stage.act() as ctx:
        file = play.files(live.stage)["list.csv"]
        reopening.reopen_file(ctx, seat_of(ctx, live.stage, play.CASEWORK), file.id, "A printout.")
    page = new_visitor(base_url=live.address, viewport={"width": 360, "height": 800})
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"{live.base}/progress")
    narrow, wide = (page.locator(f".attest-burn__chart--{size}") for size in ("narrow", "wide"))
    expect(narrow.first).to_be_visible()
    expect(wide.first).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(wide.first).to_be_visible()
    expect(narrow.first).to_be_hidden()
