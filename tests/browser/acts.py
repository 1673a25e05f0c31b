"""What people do on a page, as often as it is done: filling in, signing, making a key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from attest.keyfiles import open_key_file
from attest.signing import PrivateKey


def press(page: Page, name: str) -> None:
    """Presses the one button of that name, and waits until the page that comes is whole."""
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def settled(page: Page) -> None:
    """Waits until what a click led to is there to the last element, with its styles.

    A click comes back as soon as the answer begins; whoever looks at once, without `expect`,
    sees a page that is half read.
    """
    page.wait_for_load_state("load")


def follow(page: Page, name: str) -> None:
    """Follows the first link of that name within the page itself, however it looks."""
    main = page.get_by_role("main")
    links = main.get_by_role("link", name=name, exact=True)
    links.or_(main.get_by_role("button", name=name, exact=True)).first.click()
    settled(page)


def fill(page: Page, fields: Mapping[str, str | date]) -> None:
    """Types into fields by their labels; a date into its three inputs."""
    for label, value in fields.items():
        if isinstance(value, date):
            group = page.get_by_role("group", name=label)
            for part, number in zip(
                ("Day", "Month", "Year"), (value.day, value.month, value.year), strict=True
            ):
                group.get_by_label(part).fill(str(number))
        else:
            page.get_by_label(label, exact=True).fill(value)


def choose(page: Page, *names: str) -> None:
    """Chooses radio buttons or ticks boxes by their words."""
    for name in names:
        page.get_by_label(name, exact=True).check()


def heading(page: Page, words: str) -> None:
    """Waits until the page's title says this."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def come_in(page: Page, link: str, password: str) -> None:
    """Follows an invitation, and chooses a password."""
    page.goto(link)
    heading(page, "Choose a password")
    page.get_by_label("New password", exact=True).fill(password)
    press(page, "Set the password and sign in")
    heading(page, "What needs you")


def make_key(page: Page, passphrase: str, folder: Path) -> PrivateKey:
    """Makes a signing key in the browser; gives what the downloaded file opens to."""
    page.goto("/keys/new")
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_label("The same passphrase again").fill(passphrase)
    press(page, "Make my signing key")
    with page.expect_download() as downloading:
        press(page, "Download the key file")
    path = folder / f"key-{downloading.value.suggested_filename}"
    downloading.value.save_as(path)
    key = open_key_file(path.read_bytes(), passphrase)
    press(page, "Enrol this key")
    expect(page.get_by_role("heading", name="Read out the fingerprint")).to_be_visible()
    shown = page.locator("[data-fingerprint]").inner_text()
    follow(page, "Go on")
    heading(page, "Your signing keys")
    assert shown == own_fingerprint(page)
    return key


def own_fingerprint(page: Page) -> str:
    """What somebody reads out of their page Keys."""
    page.goto("/keys")
    return page.locator(".attest-fingerprint--large").inner_text()


def sign(page: Page, button: str, passphrase: str) -> None:
    """Types the passphrase and presses the button; the caller waits for what comes."""
    page.get_by_label("Passphrase of your signing key").fill(passphrase)
    press(page, button)


def declaration(page: Page) -> str:
    """The text that the page is about to sign."""
    shown = page.locator("[data-declarations] .declaration").first
    expect(shown).to_be_visible()
    return shown.inner_text()


def select(page: Page, file: str | None, store: str) -> None:
    """Ticks one copy of the matrix, or with no file the whole column."""
    if file is None:
        page.get_by_role("button", name=f"Select the column {store}").click()
    else:
        page.get_by_role("checkbox", name=re.compile(re.escape(f": {file}, {store}"))).check()


def answer(page: Page, outcome: str, typed: Mapping[str, Any]) -> None:
    """Says what became of the selected copies, in the form's two steps."""
    page.locator(f"input[name=outcome][value={outcome}]").check()
    press(page, "Continue")
    hidden = [name for name in typed if not page.locator(_field(name)).first.is_visible()]
    if set(hidden) - {"outcome", "method", "level", "media"}:
        page.get_by_text("More details").click()
    for name, value in typed.items():
        if name != "outcome":
            type_into(page, name, value)
    page.get_by_role("button", name=re.compile("^Save for ")).click()
    settled(page)
    heading(page, "What became of each copy?")


def _field(name: str) -> str:
    return f"[name={name}], [name={name}-day]"


def type_into(page: Page, name: str, value: Any) -> None:
    """Fills in the field of that name, whatever it looks like; a date into three, a list as
    ticks."""
    fields = page.locator(_field(name))
    if name == "media":
        type_media(page, value)
    elif isinstance(value, date):
        for part in ("day", "month", "year"):
            page.locator(f"[name={name}-{part}]").fill(str(getattr(value, part)))
    elif isinstance(value, list):
        for item in value:
            page.locator(f"[name={name}][value={item}]").check()
    elif not fields.count():
        assert name == "method", f"the form does not ask for {name}"  # there is but one
    elif fields.first.get_attribute("type") == "radio":
        page.locator(f"[name={name}][value={value}]").check()
    elif fields.first.evaluate("field => field.tagName") == "SELECT":
        fields.select_option(str(value))
    else:
        fields.fill(str(value))


def type_media(page: Page, lines: str) -> None:
    """Media, a row each: `lines` as domain/media.py reads them."""
    rows = page.locator("[data-rows] [data-row]")
    for number, line in enumerate(lines.splitlines()):
        if rows.count() <= number:
            press(page, "Add another medium")
        for part, value in zip(("manufacturer", "model", "serial"), line.split(";"), strict=False):
            rows.nth(number).locator(f"[name$=-{part}]").fill(value.strip())
