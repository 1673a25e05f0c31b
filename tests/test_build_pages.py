"""The pages that stand alone: built twice they are the same, and the release notes name them."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from tools import build_pages
from tools.build_pages import NOTES, POLICY, SCRIPT, STYLE, content, names, page, with_hashes

TEMPLATE = f"<head>{POLICY}{STYLE}</head><body>{SCRIPT}</body>"
ZEROS, ONES, TWOS = "0" * 64, "1" * 64, "2" * 64
NOTES_OF_ONE = f"""# Changelog

## Unreleased

| `verify.html` | `{ZEROS}` |

## 0.1.0

| `verify.html` | `{TWOS}` |
"""


@pytest.mark.parametrize("name", names())
def test_the_same_sources_give_the_same_bytes(name: str) -> None:
    assert content(name) == content(name)


@pytest.mark.parametrize("name", names())
def test_the_release_notes_name_the_page_as_it_is(name: str) -> None:
    digest = hashlib.sha256(content(name)).hexdigest()
    notes = (
        NOTES.read_text(encoding="utf-8").partition("\n## Unreleased\n")[2].partition("\n## ")[0]
    )
    # With the name under which the page is offered, and so lies on somebody's disk.
    row = f"| `{name}.html` | `{digest}` | `attest-{name}.html` |"
    assert row in notes, "run: make page-hashes"


@pytest.mark.parametrize("name", names())
def test_a_page_says_nothing_of_where_it_was_built(name: str) -> None:
    assert str(build_pages.ROOT) not in content(name).decode()


@pytest.mark.parametrize("name", names())
def test_a_page_asks_nobody_for_anything(name: str) -> None:
    html = content(name).decode()
    assert "default-src 'none'" in html
    # Without the script and style inside it, nothing is left that a browser would fetch.
    outside = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r'\b(?:src|href)="(?!data:|#)', outside)
    assert not re.search(r"\bimport\s*\(|\bfetch\s*\(|XMLHttpRequest|WebSocket", html)


def test_the_policy_names_what_is_inside() -> None:
    html = page(TEMPLATE, "a { b: c }", "run();")
    for inside in ("\na { b: c }", "\nrun();"):
        assert f">{inside}</" in html
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in html


@pytest.mark.parametrize("place", [POLICY, STYLE, SCRIPT])
def test_a_place_that_is_missing_or_doubled_stops_the_build(place: str) -> None:
    for template in (TEMPLATE.replace(place, ""), TEMPLATE + place):
        with pytest.raises(SystemExit, match=place):
            page(template, "", "")


def test_only_what_is_not_released_gets_new_hashes() -> None:
    notes = with_hashes(NOTES_OF_ONE, {"verify": ONES})
    assert notes == NOTES_OF_ONE.replace(ZEROS, ONES)


def test_notes_without_a_page_are_not_written() -> None:
    with pytest.raises(SystemExit, match=r"signer\.html"):
        with_hashes(NOTES_OF_ONE, {"signer": ONES})
