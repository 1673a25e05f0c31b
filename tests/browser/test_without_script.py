"""Without JavaScript: everything up to the signature, which says that it needs a script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import stage as play
from tests.browser.acts import choose, fill, follow, heading, press
from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.controller_scenes import describe_incident, name_parties, raise_demand
from tests.browser.live import Live


@pytest.fixture
def plain(new_visitor: NewVisitor) -> NewVisitor:
    """Opens browsers in which no script runs."""
    return lambda **more: new_visitor(java_script_enabled=False, **more)


def come(live: Live, plain: NewVisitor, email: str) -> Page:
    """Somebody without scripts, signed in."""
    page = plain(base_url=live.address)
    live.sign_in(page.context, email)
    return page


def needed(page: Page, sentence: str = "Signing needs JavaScript.") -> Locator:
    """The sentence for whoever has no scripts. By its text, Playwright would not look for it."""
    return page.locator("noscript p", has_text=sentence)


def test_a_demand_is_drafted(live_at: LiveAt, plain: NewVisitor) -> None:
    live = live_at("drafted")
    page = come(live, plain, play.CASEWORK)
    reference = raise_demand(page)
    describe_incident(page)
    name_parties(page)
    page.locator("a[href$='/draft/files']").click()
    fill(page, {"Name of the file": "list.csv"})
    press(page, "Add this file")
    follow(page, "Go on with the draft")
    page.locator("a[href$='/draft/stores']").click()
    choose(page, "File share")
    press(page, "Add the ticked stores")
    follow(page, "Go on with the draft")
    page.locator("a[href$='/draft/terms']").click()
    fill(page, {"On what basis": "Sent in error", "Due date": play.START.date() + timedelta(14)})
    choose(page, "Delete every copy")
    press(page, "Save")
    follow(page, "Check and hand over")
    press(page, "Hand over to the signatory")
    expect(page.get_by_text("with the signatory")).to_be_visible()

    signatory = come(live, plain, play.SIGNATORY)
    signatory.goto(f"/demands/{reference}/issue")
    expect(needed(signatory)).to_be_visible()
    expect(signatory.locator(".attest-declaration")).to_contain_text(reference)
    expect(signatory.locator("[data-sign-button]")).to_be_disabled()


def test_copies_are_answered_in_two_steps(live_at: LiveAt, plain: NewVisitor) -> None:
    live = live_at("ready")
    page = come(live, plain, play.OFFICER)
    page.goto(f"{live.base}/answer")
    for box in page.locator("[name=cell]").all():
        box.check()
    page.locator("[name=outcome][value=none_found]").check()
    press(page, "Continue")
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
    follow(page, "Passed to anybody else?")
    choose(page, "No", "All 2 open files")
    press(page, "Save")
    follow(page, "Go on to signing")
    expect(needed(page)).to_be_visible()
    expect(page.locator(".attest-declaration")).to_have_count(2)


def test_attestations_are_read_and_decided_about(live_at: LiveAt, plain: NewVisitor) -> None:
    live = live_at("attested")
    page = come(live, plain, play.SIGNATORY)
    page.goto(f"{live.base}/review")
    for box in page.locator("[name=attestation]").all():
        box.check()
    choose(page, "Reject")
    fill(page, {"Reason": "The cabinet has a second drawer."})
    press(page, "Go on to signing")
    heading(page, "Sign your review")
    expect(needed(page)).to_be_visible()
    expect(page.locator(".attest-declaration")).to_contain_text("second drawer")


def test_a_key_says_that_it_needs_a_script(live_at: LiveAt, plain: NewVisitor) -> None:
    page = come(live_at("acknowledged"), plain, play.OFFICER)
    page.goto("/keys/new")
    expect(needed(page, "Making a key needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Make my signing key")).to_be_disabled()
