"""The browser that the tests drive can do what the pages ask of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import PHONE, NewVisitor

GOOD = '<!DOCTYPE html><html lang="en"><head><title>Keys</title></head><body>{}</body></html>'
POLICY = {"Content-Security-Policy": "script-src 'nonce-good'"}


def show(page: Page, body: str, headers: dict[str, str] | None = None) -> None:
    """Let the page see the body at an address that counts as secure, without a server."""

    def answer(route: Route) -> None:
        route.fulfill(body=GOOD.format(body), content_type="text/html", headers=headers)

    page.route("http://localhost/", answer)
    page.goto("http://localhost/")


def test_it_signs_with_ed25519(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    show(page, "<main><h1>Keys</h1></main>")
    verified = page.evaluate(
        """async () => {
            const text = new TextEncoder().encode("searched; none found");
            const keys = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
            const signature = await crypto.subtle.sign("Ed25519", keys.privateKey, text);
            return crypto.subtle.verify("Ed25519", keys.publicKey, signature, text);
        }"""
    )
    assert verified is True


def test_each_visitor_has_cookies_of_their_own(new_visitor: NewVisitor) -> None:
    officer, liaison = new_visitor(), new_visitor(viewport=PHONE)
    for page in (officer, liaison):
        show(page, "<main><h1>Keys</h1></main>")
    officer.evaluate("document.cookie = 'who=officer'")
    assert liaison.evaluate("document.cookie") == ""
    assert liaison.evaluate("innerWidth") == PHONE["width"]


def test_axe_finds_what_is_wrong(
    new_visitor: NewVisitor, assert_accessible: Callable[[Page], None]
) -> None:
    page = new_visitor()
    show(page, "<main><h1>Keys</h1></main>")
    assert_accessible(page)
    show(page, '<main><h1>Keys</h1><img src="data:,"></main>')
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("<script nonce='good'>throw new Error('lost the key')</script>", "lost the key"),
        ("<script>alert('not ours')</script>", "Content Security Policy"),
    ],
)
def test_a_script_that_goes_wrong_is_heard(
    new_visitor: NewVisitor, complaints: list[str], script: str, complaint: str
) -> None:
    page = new_visitor()
    show(page, f"<main><h1>Keys</h1></main>{script}", POLICY)
    page.wait_for_timeout(100)
    assert len(complaints) == 1
    assert complaint in complaints.pop()
