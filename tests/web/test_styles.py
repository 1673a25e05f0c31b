"""The style sheet: one brace too many, and a browser drops the rules around it without a word."""

from __future__ import annotations

import re

from attest.app import project_folder


def depths(text: str) -> list[int]:
    """How deep each brace outside comments and strings leaves the text."""
    depth, found = 0, []
    for brace in re.sub(r"/\*.*?\*/|\"[^\"\n]*\"", "", text, flags=re.DOTALL):
        if brace in "{}":
            depth += 1 if brace == "{" else -1
            found.append(depth)
    return found


def test_every_rule_stands_where_it_is_written() -> None:
    text = (project_folder("static") / "attest.css").read_text()
    found = depths(text)
    assert min(found) == 0, "a brace closes what is not open"
    assert found[-1] == 0, "a brace is missing"
    assert max(found) == 2
    assert re.search(r"@media[^{]*\{\s*\}", text) is None, "a media query that holds nothing"
