"""Letters' HTML parts as a mail program shows them: wide, on a telephone, and in the dark."""

import pytest
from playwright.sync_api import Page, expect

from attest.mail.html import to_html
from attest.mail.samples import FILES, HOME, LATE, every
from tests.mail.examples import ALL

LONGEST = ALL["reminder"].text.replace(FILES[0], "x" * 300)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 360])
def test_it_fits_and_can_be_read(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for text in (LONGEST, every()["invitation_of_liaison"].text, every()["chase_now"].text):
        page.set_content(to_html(text, title="Letter", language="en", home=HOME))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ink = page.evaluate("getComputedStyle(document.body).color")
        assert ink == ("rgb(255, 255, 255)" if scheme == "dark" else "rgb(0, 0, 0)")


def test_the_link_shows_its_address(page: Page) -> None:
    page.set_content(to_html(LONGEST, title="Letter", language="en", home=HOME))
    link = page.get_by_role("link")
    expect(link).to_have_text(f"{LATE.link}/answer")
    expect(link).to_have_attribute("href", f"{LATE.link}/answer")
