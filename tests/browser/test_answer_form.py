"""The form for one answer, with and without its scripts; what is typed is kept as one goes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import request, request_tearing_down
from playwright.sync_api import Page, expect

from attest.database.tables import UnsentForm
from attest.domain.outcomes import OUTCOMES
from tests import stage as play
from tests.browser.acts import choose, fill, heading, press
from tests.browser.conftest import PATIENCE, LiveAt, NewVisitor
from tests.browser.live import Live

DETAILS = "Give another answer for these copies"
SAVED = "Saved as you type, "


def officer(live: Live, new_visitor: NewVisitor, outcome: str | None = "deleted", **more) -> Page:
    """The officer at the form for all copies of the first store; None stays at the table."""
    page = new_visitor(base_url=live.address, **more)
    live.sign_in(page.context, play.OFFICER)
    page.goto(f"{live.base}/answer")
    if outcome:
        store = play.stores(live.stage)["File share"].id
        for box in page.locator(f"[name=cell][value$='{store}']").all():
            box.check()
        page.locator(f"[name=outcome][value={outcome}]").check()
        press(page, "Continue")
        heading(page, OUTCOMES[outcome].words)
        page.wait_for_load_state("load")  # scripts too: they listen from here on
    return page


def begun(live: Live) -> int:
    with live.stage.look() as ctx:
        return ctx.session.query(UnsentForm).where(UnsentForm.fields != "").count()


def saved(page: Page) -> None:
    """Waits until the page says that it kept what was typed."""
    expect(page.locator("[data-unsent-told]")).to_contain_text(SAVED)


@contextmanager
def arriving(live: Live, words: str) -> Iterator[threading.Event]:
    """Set once a form with these words was saved as it was typed. Whoever looks sooner may be
    before a page that is closed and sends its last."""
    arrived = threading.Event()

    def ended(*_: object, **__: object) -> None:
        if request.path == "/unsent" and words in str(request.get_json(silent=True)):
            arrived.set()

    with request_tearing_down.connected_to(ended, live.app):
        yield arrived


def test_another_outcome_asks_its_questions_at_once(
    live_at: LiveAt, new_visitor: NewVisitor, assert_accessible: Callable[[Page], None]
) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor, viewport={"width": 360, "height": 740})
    page.get_by_text(DETAILS).click()
    for name, outcome in OUTCOMES.items():
        page.locator(f"[name=outcome][value={name}]").check()
        assert page.get_by_role("heading", level=1).inner_text() == outcome.words
        for field, member in (
            ("search_scope", "search"),
            ("performed_by", "performedOn"),
            ("exception_basis", "exception"),
            ("passed_to", "passedTo"),
            ("returned_to", "returnedTo"),
            ("witnessed_by", "witnessedBy"),
        ):
            asked = member in outcome.needs or member in outcome.may
            assert page.locator(f"[name={field}]").is_visible() is asked, (name, field)
        assert page.locator("[name=safeguards]").first.is_visible() is (name == "beyond_use")
        media = page.locator("[name=media-0-serial]").is_visible()
        assert media is (name in ("destroyed", "returned"))
        assert page.locator("[value=overwrite]").is_visible() is (name == "deleted")
        assert page.locator("[value=degauss]").is_visible() is (name == "destroyed")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert_accessible(page)
    expect(page.get_by_role("button", name="Show the questions")).to_have_count(0)
    page.locator("[name=outcome][value=destroyed]").check()
    expect(page.locator("[name=level]")).to_be_hidden()
    choose(page, "Shredding")
    expect(page.locator("[name=level]")).to_be_visible()
    choose(page, "Degaussing")
    fill(page, {"On which day was it done?": play.START.date(), "Who did it?": "Administrator"})
    press(page, "Save for 2 copies")
    heading(page, "What became of each copy?")
    assert begun(live) == 0


def test_rows_of_media_by_keyboard(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    page = officer(live_at("ready"), new_visitor, "destroyed")
    page.locator("[name=media-0-serial]").fill("A")
    add = page.get_by_role("button", name="Add another medium")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=media-1-manufacturer]")).to_be_focused()
    expect(page.get_by_role("group", name="Medium 2")).to_be_visible()
    page.locator("[name=media-1-serial]").fill("B")
    page.get_by_role("button", name="Remove medium 1").press("Enter")
    expect(page.locator("[name=media-1-manufacturer]")).to_be_focused()
    expect(page.get_by_role("group", name="Medium 1")).to_be_visible()
    expect(page.get_by_role("group", name="Medium 2")).to_have_count(0)
    add.press("Enter")
    page.locator("[name=media-2-serial]").fill("C" * 200)
    choose(page, "Degaussing")
    fill(page, {"On which day was it done?": play.START.date(), "Who did it?": "Administrator"})
    # Return in a field saves; it adds no row.
    page.locator("[name=performed_by]").press("Enter")
    heading(page, "What became of each copy?")
    page.locator("[name=cell]").first.check()
    press(page, "Continue")
    serials = page.locator("[name^=media-][name$=-serial]")
    expect(serials).to_have_count(2)
    assert [each.input_value() for each in serials.all()] == ["B", "C" * 200]


def test_a_closed_laptop_loses_nothing(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor)
    page.locator("[name=note]").fill("Half a sen")
    page.get_by_text(DETAILS).click()
    page.locator("[name=outcome][value=destroyed]").check()
    page.get_by_role("button", name="Add another medium").click()
    page.locator("[name=media-1-serial]").fill("TS5")
    saved(page)
    with arriving(live, "Half a sentence") as arrived:
        page.locator("[name=note]").fill("Half a sentence")
        # Closed before the pause is over.
        page.goto("about:blank")
        assert arrived.wait(PATIENCE / 1000), "what was typed last did not arrive"
    elsewhere = officer(live, new_visitor, None)
    elsewhere.get_by_role("link", name="Destroyed, for 2 copies").click()
    heading(elsewhere, "Destroyed")
    expect(elsewhere.get_by_text("It is not sent yet.")).to_be_visible()
    expect(elsewhere.locator("[name=note]")).to_have_value("Half a sentence")
    expect(elsewhere.locator("[name=media-1-serial]")).to_have_value("TS5")
    press(elsewhere, "Start again")
    heading(elsewhere, "What became of each copy?")
    expect(elsewhere.get_by_text("not sent yet")).to_have_count(0)
    assert begun(live) == 0


def test_what_is_sent_is_no_longer_kept(live_at: LiveAt, new_visitor: NewVisitor) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor)
    choose(page, "Overwriting the file")
    fill(page, {"On which day was it done?": play.START.date(), "Who did it?": "Administrator"})
    saved(page)
    assert begun(live) == 1
    page.locator("[name=note]").fill("Typed and sent at once")
    press(page, "Save for 2 copies")
    heading(page, "What became of each copy?")
    assert begun(live) == 0


def test_what_was_not_taken_is_saved_at_once(
    live_at: LiveAt, new_visitor: NewVisitor, complaints: list[str]
) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor)
    page.locator("[name=note]").fill("Typed and sent at once")
    press(page, "Save for 2 copies")
    expect(page).to_have_title(re.compile("^Error"))
    saved(page)
    assert begun(live) == 1
    complaints.clear()  # the browser's own, about the status of the form


def test_what_could_not_be_saved_is_said_and_tried_again(
    live_at: LiveAt, new_visitor: NewVisitor, complaints: list[str]
) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor)
    told = page.locator("[data-unsent-told]")
    page.route("**/unsent", lambda route: route.fulfill(status=401, json={"sentence": "No."}))
    page.locator("[name=note]").fill("Half")
    expect(told).to_contain_text("Not saved: you have been signed out.")
    page.unroute("**/unsent")
    page.route("**/unsent", lambda route: route.abort())
    page.locator("[name=note]").fill("Half a")
    expect(told).to_contain_text("the server could not be reached")
    page.unroute("**/unsent")
    page.locator("[name=note]").fill("Half a sen")
    saved(page)
    assert begun(live) == 1
    complaints.clear()  # the browser's own, about the two that failed


@pytest.mark.parametrize("outcome", ["destroyed"])
def test_without_a_script(live_at: LiveAt, new_visitor: NewVisitor, outcome: str) -> None:
    live = live_at("ready")
    page = officer(live, new_visitor, java_script_enabled=False)
    page.locator("[name=note]").fill("Half a sen")
    page.get_by_text(DETAILS).click()
    page.locator(f"[name=outcome][value={outcome}]").check()
    press(page, "Show the questions for this answer")
    heading(page, OUTCOMES[outcome].words)
    expect(page.locator("[name=witnessed_by]")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("Half a sen")
    page.locator("[name=media-0-serial]").fill("A")
    press(page, "Add another medium")
    expect(page.locator("[name=media-1-manufacturer]")).to_be_focused()
    page.locator("[name=media-1-serial]").fill("B")
    press(page, "Remove medium 1")
    expect(page.locator("[name=media-0-serial]")).to_have_value("B")
    choose(page, "Degaussing")
    fill(page, {"On which day was it done?": play.START.date(), "Who did it?": "Administrator"})
    page.locator("[name=performed_by]").press("Enter")
    heading(page, "What became of each copy?")
    assert begun(live) == 0
