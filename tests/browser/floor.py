"""Questions to the floor of the browser's verifier, with Python's answers beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from attest.bundle.failure import Failure
from attest.statements.canonical import FormatError
from tests.browser.script_pages import ORIGIN, Site
from tools.build_pages import bundled

ENTRY = Path(__file__).parent / "verifier_floor.js"


@cache
def script() -> str:
    """The verifier's modules and the tests' questions in one."""
    return bundled(ENTRY)


def open_floor(page: Page) -> Page:
    """A page that can load the script."""
    Site().open_empty(page)
    page.route(
        f"{ORIGIN}/floor.js",
        lambda route: route.fulfill(body=script(), content_type="text/javascript"),
    )
    return page


def call(page: Page, function: str, *arguments: Any) -> Any:
    """What a function of the script gives."""
    source = "async ([name, args]) => (await import('/floor.js'))[name](...args)"
    return page.evaluate(source, [function, list(arguments)])


def answer(ask: Callable[[Any], Any], given: Any) -> str:
    """What Python says to an input, as the script words it."""
    try:
        said = ask(given)
    except Failure as failure:
        return f"step {failure.step}: {failure.reason}"
    except (FormatError, ValueError) as error:
        return str(error)
    return "good" if said is None else str(said)


def check(
    page: Page,
    question: str,
    inputs: Sequence[Any],
    ask: Callable[[Any], Any],
    encode: Callable[[Any], Any] = lambda given: given,
) -> list[str]:
    """Hold the browser's answers against Python's; `encode` makes an input fit for JSON."""
    expected = [answer(ask, given) for given in inputs]
    got = call(page, "answers", question, [encode(given) for given in inputs])
    for given, theirs, ours in zip(inputs, got, expected, strict=True):
        assert theirs == ours, json.dumps(repr(given)[:2000])
    return expected
