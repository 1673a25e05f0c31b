"""Pages that a form leads to: the second step of an answer, what is to be signed, mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from attest.domain.outcomes import OFFERED
from attest.signing import fingerprint
from tests import stage as play
from tests.browser.acts import choose, follow, heading, press
from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.live import Live
from tests.browser.looking import problem_of_the_skip_link, problems
from tests.browser.walk import places, set_at

Check = Callable[[Page], None]
Open = Callable[[str, str], tuple[Live, Page]]


@pytest.fixture
def opened(live_at: LiveAt, new_visitor: NewVisitor) -> Open:
    """A running Attest at a point, and somebody's browser, signed in."""

    def start(point: str, email: str) -> tuple[Live, Page]:
        live = set_at(live_at, point)
        page = new_visitor(base_url=live.address)
        live.sign_in(page.context, email)
        return live, page

    return start


@pytest.fixture
def sound(assert_accessible: Check) -> Check:
    """Says what is wrong with a page as it stands."""

    def check(page: Page) -> None:
        assert not list(problems(page)), page.url
        assert_accessible(page)

    return check


@pytest.mark.parametrize("outcome", OFFERED)
def test_the_second_step_of_an_answer(opened: Open, sound: Check, outcome: str) -> None:
    live, page = opened("ready", play.OFFICER)
    page.goto(f"{live.base}/answer")
    page.locator("[name=cell]").first.check()
    page.locator(f"[name=outcome][value={outcome}]").check()
    press(page, "Continue")
    page.get_by_text("More details").click()
    sound(page)
    # With everything missing, each sentence stands beside its field.
    page.get_by_role("button", name=re.compile("^Save for")).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    sound(page)


def test_a_mistake_is_linked_to_its_field(opened: Open, sound: Check) -> None:
    _, page = opened("drafted", play.CASEWORK)
    page.goto("/demands/new")
    press(page, "Begin the draft")
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("What is this about?")).to_be_focused()
    sound(page)


@pytest.mark.parametrize(
    "lines", ["name,sha256\nlist.csv,123\n,\n", "name,size\nlist.csv,12\nmore.csv,9\n"]
)
def test_what_a_list_says(opened: Open, sound: Check, tmp_path: Path, lines: str) -> None:
    live, page = opened("drafted", play.CASEWORK)
    path = tmp_path / "list.csv"
    path.write_text(lines, encoding="utf-8")
    page.goto(f"{live.base}/draft/files/import")
    page.get_by_label("List of files").set_input_files(path)
    press(page, "Show what it says")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    sound(page)


def test_what_is_signed_when_a_review_is(opened: Open, sound: Check) -> None:
    live, page = opened("attested", play.SIGNATORY)
    page.goto(f"{live.base}/review")
    for box in page.locator("[name=attestation]").all():
        box.check()
    choose(page, "Accept")
    press(page, "Go on to signing")
    heading(page, "Sign your review")
    expect(page.get_by_role("button", name=re.compile("^Accept"))).to_be_enabled()
    sound(page)


def test_what_is_signed_when_a_demand_is_closed(opened: Open, sound: Check) -> None:
    live, page = opened("accepted", play.SIGNATORY)
    page.goto(f"{live.base}/close")
    page.locator("[name=outcome][value=closed]").check()
    press(page, "Go on to signing")
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    sound(page)


def test_what_is_signed_when_a_key_is_confirmed(opened: Open, sound: Check) -> None:
    live, page = opened("made", play.SIGNATORY)
    keyid = places(live)["officer_key"]
    page.goto(f"{live.base}/keys/{keyid}/confirm")
    page.get_by_label("The fingerprint that you hear").fill(fingerprint(keyid))
    page.locator("[name=method][value=in_person]").check()
    press(page, "Go on to signing")
    expect(page.get_by_role("button", name="Sign the confirmation")).to_be_enabled()
    sound(page)


def test_each_step_of_making_a_key(opened: Open, sound: Check) -> None:
    _, page = opened("acknowledged", play.OFFICER)
    page.goto("/keys/new")
    for label in ("Passphrase", "The same passphrase again"):
        page.get_by_label(label, exact=True).fill("four words by heart")
    press(page, "Make my signing key")
    expect(page.get_by_role("button", name="Enrol this key")).to_be_visible()
    sound(page)
    with page.expect_download():
        press(page, "Download the key file")
    press(page, "Enrol this key")
    expect(page.locator("[data-fingerprint]")).not_to_be_empty()
    sound(page)
    follow(page, "Go on")


BROKEN = """<html lang="en"><title>x</title><body style="margin:0"><a href="/help">A</a>
<p style="width:400px">wide</p><style>a:focus { outline: none }</style>"""


def test_the_checks_of_this_folder_find_what_they_look_for(opened: Open) -> None:
    _, page = opened("drafted", play.CASEWORK)
    page.set_content(BROKEN)
    assert problem_of_the_skip_link(page) == "the first Tab does not reach the skip link"
    found = "\n".join(problems(page))
    assert "the focus is not seen on <a" in found
    assert "wider than 360 px: <p" in found
