"""Every page, for everybody who may open it: axe, a telephone's width, the keyboard.

The walk is a table of stops (walk.py), and the application's own list of routes says whether one
is missing. Pages that only a form leads to are in test_pages_after_forms.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LiveAt, NewVisitor
from tests.browser.live import Live
from tests.browser.looking import problem_of_the_skip_link, problems
from tests.browser.walk import EMAILS, NO_PAGES, STOPS, Stop, places, set_at

Check = Callable[[Page], None]


WALKS = list(dict.fromkeys((stop.point, role) for stop in STOPS for role in stop.roles.split()))


@pytest.mark.parametrize(("point", "role"), WALKS)
def test_every_page_is_for_everybody(
    point: str, role: str, live_at: LiveAt, new_visitor: NewVisitor, assert_accessible: Check
) -> None:
    live = set_at(live_at, point)
    where = places(live)
    page = visitor(live, new_visitor, role)
    wrong: list[str] = []
    for stop in STOPS:
        if stop.point == point and role in stop.roles.split():
            address = stop.goal.format(**where)
            wrong += [f"{address}: {it}" for it in look(page, address, stop, assert_accessible)]
    assert not wrong, "\n".join(wrong)


def visitor(live: Live, new_visitor: NewVisitor, role: str) -> Page:
    """Somebody in this role, signed in unless a stranger."""
    page = new_visitor(base_url=live.address)
    if role in EMAILS:
        live.sign_in(page.context, EMAILS[role])
    return page


def look(page: Page, address: str, stop: Stop, assert_accessible: Check) -> list[str]:
    """Opens one page; what is wrong with it."""
    answer = page.goto(address)
    assert answer is not None
    if answer.status != stop.status or not page.url.endswith(address):
        return [f"answered {answer.status} at {page.url}"]
    found = [found] if (found := problem_of_the_skip_link(page)) else []
    found += problems(page)
    try:
        assert_accessible(page)
    except AssertionError as violations:
        found.append(str(violations))
    return found


def test_no_page_is_forgotten(live_at: LiveAt) -> None:
    routes = {
        rule.rule
        for rule in live_at("drafted").app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    assert routes == {stop.rule for stop in STOPS} | NO_PAGES


def test_every_role_is_walked() -> None:
    walked = {role for stop in STOPS for role in stop.roles.split()}
    assert walked == {*EMAILS, "stranger"}
