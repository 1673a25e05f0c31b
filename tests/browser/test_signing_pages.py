"""Signing pages of the real application, when something is not as it should be."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from attest.statements.canonical import encode
from tests import stage as play
from tests.browser.acts import heading, press, sign
from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.live import PASSPHRASE, Live
from tests.browser.signing_pages import WATCH

BUTTON = "Sign 2 attestations"


@pytest.fixture
def live(live_at: LiveAt) -> Live:
    """The officer has answered for two files, and may sign."""
    return live_at("answered")


@pytest.fixture
def officer(live: Live, new_visitor: NewVisitor) -> Page:
    """The officer's browser, signed in, with each signature counted."""
    page = new_visitor(base_url=live.address)
    page.add_init_script(WATCH)
    live.sign_in(page.context, play.OFFICER)
    return page


def open_signing(live: Live, page: Page) -> None:
    """The page that signs, with the officer's own key file chosen."""
    page.goto(f"{live.base}/sign")
    expect(page.get_by_role("button", name=BUTTON)).to_be_enabled()
    page.get_by_label("Your key file").set_input_files(live.key_file(play.OFFICER))


def signed_files(live: Live) -> int:
    """How many attestations are in the log."""
    return play.log_types(live.stage).count("attestation.signed")


def errors(page: Page) -> Any:
    """The box that says what went wrong."""
    return page.locator("[data-errors]")


def tampered(live: Live, page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Serves the signing page with one payload changed on the way, in canonical form again."""

    def serve(route: Route) -> None:
        answer = route.fetch()
        found = re.search(r'(id="to-sign"[^>]*>)(.*?)(</script>)', answer.text(), re.DOTALL)
        assert found is not None
        data = json.loads(found[2])
        statement = json.loads(base64.b64decode(data["items"][0]["payload"]))
        change(statement)
        data["items"][0]["payload"] = base64.b64encode(encode(statement)).decode()
        html = answer.text().replace(found[2], json.dumps(data).replace("<", "\\u003c"))
        route.fulfill(response=answer, body=html)

    page.route(f"**{live.base}/sign", serve)


def say_destroyed(statement: dict[str, Any]) -> None:
    """The fields claim more than the text."""
    copy = next(c for c in statement["predicate"]["copies"] if c["outcome"] == "deleted")
    copy["outcome"] = "destroyed"
    copy["method"] = "shred"


def claim_everything(statement: dict[str, Any]) -> None:
    """The text claims more than the fields."""
    declaration = statement["predicate"]["declaration"]
    declaration["text"] += "\nI also answer for everything else."


@pytest.mark.parametrize("change", [say_destroyed, claim_everything])
def test_where_text_and_fields_differ_no_signature_comes_out(
    live: Live, officer: Page, change: Callable[[dict[str, Any]], None]
) -> None:
    tampered(live, officer, change)
    officer.goto(f"{live.base}/sign")
    expect(errors(officer)).to_contain_text("Nothing has been signed.")
    expect(officer.get_by_role("button", name=BUTTON)).to_be_disabled()
    officer.get_by_label("Your key file").set_input_files(live.key_file(play.OFFICER))
    officer.get_by_label("Passphrase of your signing key").fill(PASSPHRASE)
    officer.get_by_label("Passphrase of your signing key").press("Enter")
    assert officer.evaluate("window.signatures") == 0
    assert signed_files(live) == 0


def test_a_wrong_passphrase_is_said_beside_its_field_and_can_be_put_right(
    live: Live, officer: Page
) -> None:
    open_signing(live, officer)
    sign(officer, BUTTON, "not the one")
    expect(officer.locator("#passphrase-error")).to_contain_text("passphrase")
    assert officer.evaluate("window.signatures") == 0
    sign(officer, BUTTON, PASSPHRASE)
    heading(officer, "You signed 2 files")
    assert signed_files(live) == 2


def test_an_ended_session_is_mended_in_another_tab(live: Live, officer: Page) -> None:
    open_signing(live, officer)
    with live.every_session_over():
        sign(officer, BUTTON, PASSPHRASE)
        expect(errors(officer)).to_contain_text("signed out")
    assert signed_files(live) == 0
    live.sign_in(officer.context, play.OFFICER)  # as signing in in another tab does
    press(officer, BUTTON)
    heading(officer, "You signed 2 files")
    assert signed_files(live) == 2


def test_a_store_named_in_the_meantime_is_said_and_nothing_is_signed(
    live: Live, officer: Page
) -> None:
    open_signing(live, officer)
    play.name_store(live.stage)
    sign(officer, BUTTON, PASSPHRASE)
    expect(errors(officer)).to_contain_text("named")
    assert signed_files(live) == 0
    officer.get_by_role("link", name="Look again").click()
    heading(officer, "No file is ready to be signed")


def test_two_presses_sign_once(live: Live, officer: Page) -> None:
    open_signing(live, officer)
    officer.get_by_label("Passphrase of your signing key").fill(PASSPHRASE)
    officer.get_by_role("button", name=BUTTON).dblclick()
    heading(officer, "You signed 2 files")
    assert officer.evaluate("window.signatures") == 0, "the next page has signed nothing"
    assert signed_files(live) == 2


def test_going_back_after_signing_offers_nothing_to_sign_again(live: Live, officer: Page) -> None:
    open_signing(live, officer)
    sign(officer, BUTTON, PASSPHRASE)
    heading(officer, "You signed 2 files")
    receipt = officer.url
    officer.go_back()
    heading(officer, "Nothing to sign")
    assert signed_files(live) == 2
    officer.go_forward()
    heading(officer, "You signed 2 files")
    officer.reload()
    heading(officer, "You signed 2 files")
    assert officer.url == receipt


def test_a_second_tab_signs_nothing_twice(live: Live, officer: Page) -> None:
    open_signing(live, officer)
    second = officer.context.new_page()
    open_signing(live, second)
    sign(officer, BUTTON, PASSPHRASE)
    heading(officer, "You signed 2 files")
    sign(second, BUTTON, PASSPHRASE)
    expect(errors(second)).not_to_be_empty()
    assert signed_files(live) == 2
