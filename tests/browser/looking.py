"""What every page must be for everybody: no wider than a telephone, and usable by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.acts import settled
from tests.browser.conftest import DESKTOP, PHONE

# What looks the same before and after it is reached by keyboard. The focus of a radio button or
# checkbox is drawn around the square beside it, which belongs to the label.
UNSEEN_FOCUS = """() => {
  const look = (element) => {
    const parts = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
    return parts.flatMap((part) => ['', '::before', '::after'].map((pseudo) => {
      const style = getComputedStyle(part, pseudo || null);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
        style.backgroundColor, style.borderColor, style.borderWidth].join();
    })).join();
  };
  const every = document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const unseen = [];
  for (const element of every) {
    if (element.disabled || element.type === 'hidden' || !element.checkVisibility()) continue;
    document.activeElement.blur();
    const before = look(element);
    element.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement === element && look(element) === before) {
      unseen.push(element.outerHTML.slice(0, 120));
    }
  }
  document.activeElement.blur();
  return unseen;
}"""
# What sticks out of the page on the right, outermost first; what scrolls within itself does not.
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
      && !element.parentElement.closest('.attest-scroll'))
    .map((element) => element.outerHTML.slice(0, 120)).slice(0, 3);
}"""


def problems(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open, at both widths, without axe."""
    settled(page)
    unseen = page.evaluate(UNSEEN_FOCUS)
    if unseen:
        yield f"the focus is not seen on {unseen[0]}"
    page.set_viewport_size(PHONE)
    for wide in page.evaluate(TOO_WIDE):
        yield f"wider than {PHONE['width']} px: {wide}"
    page.set_viewport_size(DESKTOP)


def problem_of_the_skip_link(page: Page) -> str | None:
    """The first press of Tab shows a link that leads past the header."""
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    if focused.get_attribute("href") != "#main-content":
        return "the first Tab does not reach the skip link"
    box = focused.bounding_box()
    if box is None or box["y"] < 0 or box["height"] < 10:
        return "the skip link stays hidden"
    return None
