"""Rows, columns and all of the matrix at once; box by box without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site, module

ROWS, COLUMNS = ("f1", "f2", "f3"), ("s1", "s2")
OFF = ("f3", "s2")


def matrix() -> str:
    head = "".join(
        f'<th><button type="button" data-select-column="{c}" hidden>All of {c}</button></th>'
        for c in COLUMNS
    )
    rows = "".join(
        f'<tr><td><button type="button" data-select-row="{r}" hidden>All of {r}</button></td>'
        + "".join(
            f'<td><input type="checkbox" name="cell" value="{r}:{c}" data-row="{r}" '
            f'data-column="{c}" aria-label="{r} in {c}"{" disabled" if (r, c) == OFF else ""}></td>'
            for c in COLUMNS
        )
        + "</tr>"
        for r in ROWS
    )
    return f"""<form data-select data-noun="copies">
        <p data-selected role="status" hidden></p>
        <button type="button" data-select-all hidden>All</button>
        <table><tr><th>Files</th>{head}</tr>{rows}</table><button type="reset">None</button>
        </form>{module("select.js")}"""


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    page = Site().open(new_visitor(), matrix())
    expect(page.locator("[data-select-all]")).to_be_visible()
    return page


def chosen(page: Page) -> list[str]:
    script = "[...new FormData(document.querySelector('form')).getAll('cell')]"
    return [str(cell) for cell in page.evaluate(script)]


def test_a_row_a_column_and_all(page: Page) -> None:
    said = page.locator("[data-selected]")
    expect(said).to_have_text("0 of 5 copies selected")
    page.click("[data-select-row=f2]")
    assert chosen(page) == ["f2:s1", "f2:s2"]
    expect(said).to_have_text("2 of 5 copies selected")
    page.click("[data-select-column=s1]")
    assert chosen(page) == ["f1:s1", "f2:s1", "f2:s2", "f3:s1"]
    page.click("[data-select-all]")
    # A box that cannot be chosen is not.
    assert chosen(page) == ["f1:s1", "f1:s2", "f2:s1", "f2:s2", "f3:s1"]
    expect(said).to_have_text("5 of 5 copies selected")
    page.click("[data-select-all]")
    assert chosen(page) == []


def test_pressing_again_takes_off(page: Page) -> None:
    row = page.locator("[data-select-row=f1]")
    expect(row).to_have_attribute("aria-pressed", "false")
    page.check("[data-row=f1][data-column=s1]")
    row.click()
    assert chosen(page) == ["f1:s1", "f1:s2"]
    expect(row).to_have_attribute("aria-pressed", "true")
    row.click()
    assert chosen(page) == []


def test_a_reset_is_counted(page: Page) -> None:
    page.click("[data-select-all]")
    page.click("text=None")
    expect(page.locator("[data-selected]")).to_have_text("0 of 5 copies selected")


def test_without_a_script_the_boxes_are_there_and_the_buttons_are_not(
    new_visitor: NewVisitor,
) -> None:
    page = Site().open(new_visitor(java_script_enabled=False), matrix())
    page.check("[data-row=f1][data-column=s1]")
    assert page.locator("[data-select-row], [data-select-all], [data-selected]").all()
    for button in page.locator("[data-select-row], [data-select-column], [data-select-all]").all():
        expect(button).to_be_hidden()
