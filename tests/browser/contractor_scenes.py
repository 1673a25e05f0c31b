"""The contractor's side of the reference case, scene by scene, in the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from playwright.sync_api import Page, expect

from attest.demo import case, script
from tests.browser.acts import (
    answer,
    choose,
    fill,
    follow,
    heading,
    press,
    select,
    sign,
    type_media,
)

FILES = case.NAMES
Answer = Callable[[str, str], dict[str, Any]]  # store's key, file's name -> typed fields


def acknowledge(page: Page) -> None:
    """The liaison follows what is asked first, and says that the demand has arrived."""
    page.locator("main a[href$='/acknowledge']").first.click()
    expect(page.get_by_role("heading", name="Is it genuine?")).to_be_visible()
    press(page, "Acknowledge the demand")
    heading(page, "Name the assurance officer")


def name_officer(page: Page) -> None:
    """Somebody who has no account yet."""
    choose(page, "Somebody else")
    fill(
        page,
        {
            "Name": case.OFFICER,
            "Title": "Information assurance manager",
            "Email address": script.OFFICER,
        },
    )
    press(page, "Name the officer")
    expect(page.get_by_text("is the assurance officer of this demand now")).to_be_visible()


def name_further_stores(page: Page, base: str) -> None:
    """The stores that only the contractor knew of."""
    for place in case.STORES:
        if not place.later:
            continue
        page.goto(f"{base}/stores")
        follow(page, "Name a further store")
        expect(page.get_by_text("This opens no file again")).to_be_visible()
        fill(page, {"What is it called?": place.label, "Where is it? (optional)": place.location})
        choose(page, "Electronic" if place.medium == "electronic" else "Hard copy")
        page.get_by_label("What kind of store is it?").select_option(place.kind)
        press(page, "Name the store")
        expect(page.get_by_text(f"“{place.label}” is named.")).to_be_visible()


def fill_matrix(page: Page, answers: Answer, stores: Collection[str]) -> None:
    """The same answers together: a column at once where it is the same for all files. `stores`:
    keys of case.STORES."""
    heading(page, "What became of each copy?")
    names = list(FILES)
    for place in case.STORES:
        if place.key not in stores:
            continue
        same: dict[str, tuple[dict[str, Any], list[str]]] = {}
        for name in names:
            typed = answers(place.key, name)
            same.setdefault(repr(typed), (typed, []))[1].append(name)
        for typed, members in same.values():
            if members == names:
                select(page, None, place.label)
            else:
                for name in members:
                    select(page, name, place.label)
            answer(page, typed["outcome"], typed)


def passed_on_to_nobody(page: Page) -> None:
    """One answer for all files."""
    follow(page, "Passed to anybody else?")
    heading(page, "Passed to anybody else?")
    choose(page, "No")
    press(page, "Save")
    heading(page, "What became of each copy?")


def sign_all(page: Page, number: int, passphrase: str) -> None:
    """Reads what is stated, and signs with one passphrase entry."""
    heading(page, f"Sign {number} attestation")
    noun = "attestation" if number == 1 else "attestations"
    sign(page, f"Sign {number} {noun}", passphrase)
    heading(page, f"You signed {number} file")


def correct_media(page: Page, name: str) -> None:
    """Everything is filled in as it was: the missing serial is all there is to type."""
    laptops = next(place for place in case.STORES if place.key == "laptops")
    select(page, name, laptops.label)
    press(page, "Continue")
    heading(page, "Destroyed")
    expect(page.locator("[name=performed_by]")).to_have_value("Shredding contractor, on site")
    kept = [field.input_value() for field in page.locator("[data-row] [name$=-serial]").all()]
    assert [serial for serial in kept if serial] == list(case.DRIVES[:2])
    type_media(page, "\n".join(f"; Travelstar 5K500; {serial}" for serial in case.DRIVES))
    press(page, "Save for 1 copy")
    heading(page, "What became of each copy?")
