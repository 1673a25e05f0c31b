"""Where anything on a signing page disagrees, no signature of any kind is made."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.alterations import (
    CASES,
    Data,
    closure,
    demand,
    key,
    officer_s,
    review,
)
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site
from tests.browser.signing_pages import (
    PASSPHRASE,
    WATCH,
    Prefix,
    signing_page,
    to_sign,
)


@pytest.mark.parametrize("case", CASES)
def test_no_signature_comes_out(new_visitor: NewVisitor, case: str) -> None:
    make, change = CASES[case]
    data = make()
    change(data)
    page, site = new_visitor(), Site()
    page.add_init_script(WATCH)
    site.open(page, signing_page(data))
    errors = page.locator("[data-errors]")
    expect(errors).to_contain_text("Nothing has been signed.")
    # A script that fell over would refuse as well, and prove nothing.
    assert "not complete" not in errors.inner_text()
    button = page.locator("[data-sign-button]")
    expect(button).to_be_disabled()
    assert page.locator("pre").count() == 0
    # Nor when somebody forces the button.
    page.fill("#passphrase", PASSPHRASE)
    button.evaluate("button => { button.disabled = false; button.form.requestSubmit(button); }")
    button.evaluate("button => button.click()")
    assert (
        page.evaluate("crypto.subtle.digest('SHA-256', new Uint8Array()).then(() => signatures)")
        == 0
    )
    assert (site.posted, site.renewed) == ([], 0)


@pytest.mark.parametrize("make", [officer_s, demand, review, closure, key])
def test_what_the_cases_start_from_can_be_signed(
    new_visitor: NewVisitor, make: Callable[[], Data]
) -> None:
    page = Site().open(new_visitor(), signing_page(make()))
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    expect(page.locator("[data-errors]")).to_be_hidden()


def test_a_key_is_not_confirmed_by_what_the_page_says_was_typed(new_visitor: NewVisitor) -> None:
    page, site = new_visitor(), Site()
    page.add_init_script(WATCH)
    site.open(page, signing_page(key()))
    page.fill("#passphrase", PASSPHRASE)
    page.click("[data-sign-button]")
    expect(page.locator("[data-errors]")).to_contain_text("not the fingerprint of this key")
    assert page.evaluate("signatures") == 0


def test_names_cannot_become_markup(new_visitor: NewVisitor) -> None:
    prefix = Prefix(["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>"])
    data = to_sign(prefix, prefix.attestation(0), prefix.attestation(1))
    page = Site().open(new_visitor(), signing_page(data))
    expect(page.locator("[data-sign-button]")).to_be_enabled()
    assert page.locator("[data-declarations] img, [data-declarations] script").count() == 0
    assert json.dumps("<img")[1:-1] in page.inner_text("pre")
