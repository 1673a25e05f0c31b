"""What the signing page does with each of the server's answers: nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Answer, Site
from tests.browser.signing_pages import PASSPHRASE, WATCH, attestations, signing_page


def took_all(path: str, body: Any) -> Answer:
    results = [{"id": item["id"], "ok": True} for item in body["envelopes"]]
    return 200, {"results": results, "next": "/receipt"}


@pytest.fixture
def site() -> Site:
    return Site(answer=took_all)


@pytest.fixture
def page(new_visitor: NewVisitor, site: Site) -> Page:
    page = new_visitor()
    page.add_init_script(WATCH)
    site.open(page, signing_page(attestations(["a.csv", "b.csv", "c.csv"])))
    page.fill("#passphrase", PASSPHRASE)
    return page


def sent(site: Site) -> list[str]:
    return [item["id"] for _, body in site.posted for item in body["envelopes"]]


def test_an_ended_session_loses_nothing(site: Site, page: Page) -> None:
    site.signed_in = False
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text(
        "You have been signed out. Sign in again in another tab, then press the button again. "
        "Nothing you typed is lost."
    )
    assert page.input_value("#passphrase") == PASSPHRASE
    # Noticed before anything was signed.
    assert page.evaluate("signatures") == 0
    site.signed_in = True
    page.click("[data-sign-button]")
    page.wait_for_url("**/receipt")
    assert sent(site) == ["item-0", "item-1", "item-2"]
    # The page's own token was the ended session's.
    assert set(site.tokens) == {f"renewed {site.renewed}"}


def test_a_session_that_ends_half_way_goes_on_where_it_was(site: Site, page: Page) -> None:
    def ends_after_one(path: str, body: Any) -> Answer:
        return took_all(path, body) if len(site.posted) == 1 else (401, {})

    site.answer = ends_after_one
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("You have been signed out.")
    expect(page.locator("[data-progress]")).to_contain_text("Signed 1 of 3")
    site.answer = took_all
    page.click("[data-sign-button]")
    page.wait_for_url("**/receipt")
    assert sent(site) == ["item-0", "item-1", "item-1", "item-2"]


def test_a_change_is_told_and_this_page_signs_no_more(site: Site, page: Page) -> None:
    sentence = "The store Unit 7 was named since you opened this page."
    site.answer = lambda path, body: (409, {"sentence": sentence, "reload": "/look-again"})
    page.click("[data-sign-button]")
    errors = page.locator("[data-errors]")
    expect(errors).to_contain_text(sentence)
    before = page.evaluate("signatures")
    page.click("[data-sign-button]")
    expect(errors).to_be_focused()
    assert (page.evaluate("signatures"), len(site.posted)) == (before, 1)
    page.click("text=Look again")
    page.wait_for_url("**/look-again")


def test_no_answer_can_be_tried_again(site: Site, page: Page) -> None:
    site.answer = lambda path, body: None
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("The server could not be reached.")
    site.answer = took_all
    page.click("[data-sign-button]")
    page.wait_for_url("**/receipt")
    # Whether the first arrived, nobody knows: it is sent again.
    assert sent(site) == ["item-0", "item-0", "item-1", "item-2"]


def test_one_that_fails_does_not_stop_the_others(site: Site, page: Page) -> None:
    def no_to_one(path: str, body: Any) -> Answer:
        (item,) = body["envelopes"]
        if item["id"] != "item-1":
            return took_all(path, body)
        result = {"id": "item-1", "ok": False, "sentence": "The key is not confirmed."}
        return 200, {"results": [result], "next": "/receipt"}

    site.answer = no_to_one
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("b.csv: The key is not confirmed.")
    expect(page.locator("[data-progress]")).to_contain_text("Signed 2 of 3")
    assert page.url.endswith("/page")
    site.answer = took_all
    page.click("[data-sign-button]")
    page.wait_for_url("**/receipt")
    assert sent(site) == ["item-0", "item-1", "item-2", "item-1"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((403, {"sentence": "Only the officer signs."}), "Only the officer signs."),
        ((500, {}), "it answered 500"),
        ((302, {}), "You have been signed out."),
        ((200, {}), "the server did not say whether it took this one"),
        ((200, {"results": []}), "the server did not say whether it took this one"),
    ],
)
def test_every_refusal_is_a_sentence(site: Site, page: Page, answer: Answer, sentence: str) -> None:
    site.answer = lambda path, body: answer
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text(sentence)
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    assert page.input_value("#passphrase") == PASSPHRASE


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "javascript:alert(1)"])
def test_the_server_leads_nowhere_else(site: Site, page: Page, target: str) -> None:
    site.answer = lambda path, body: (200, took_all(path, body)[1] | {"next": target})
    page.click("[data-sign-button]")
    expect(page.locator("[data-progress]")).to_contain_text("All 3 are signed.")
    page.wait_for_timeout(50)
    assert page.url.endswith("/page")
    assert page.locator("a[href^=javascript]").count() == 0


def test_leaving_while_signing_asks_first(site: Site, page: Page) -> None:
    asked: list[str] = []

    def slowly(path: str, body: Any) -> Answer:
        # The page is busy now, waiting for this answer.
        prevented = page.evaluate(
            "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
        )
        asked.append(str(prevented))
        return 403, {"sentence": "Not now."}

    def prevented() -> bool:
        return bool(
            page.evaluate("!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
        )

    assert not prevented()
    site.answer = slowly
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("Not now.")
    assert asked == ["True"]
    assert not prevented()
