"""The fingerprint sheet: a page, whatever people are called; nothing that the data do not hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from attest.documents.fingerprints import KeyLine, SheetData, make_sheet
from tests.documents.papers import LOG_KEY, OFFICER_KEY, SIGNATORY_KEY, pages, words

NOW = datetime(2013, 2, 5, 9, 0, tzinfo=UTC)


def line(name: str = "Helen Marsh", **more: object) -> KeyLine:
    given = {
        "name": name,
        "role": "Senior Information Risk Owner",
        "organisation": "Northshire Constabulary",
        "duty": "signatory",
        "made_at": NOW,
        "fingerprint": SIGNATORY_KEY,
        "own": True,
    }
    return KeyLine(**{**given, **more})  # type: ignore[arg-type]


def sheet(*keys: KeyLine) -> SheetData:
    origin = "attest.example/demand/0b4e8a52-7d39-4c1e-9a55-2f1d8c6f7b10"
    return SheetData("ND-2013-004", "Northshire Constabulary", origin, LOG_KEY, keys, NOW)


def test_it_says_what_to_read_out_and_leaves_boxes_for_what_is_heard() -> None:
    heard = line("Ruth Adeyemi", own=False, fingerprint="", telephone="01632 960 123")
    text = words(make_sheet(sheet(line(), heard)))
    for group in [*SIGNATORY_KEY.split(), *LOG_KEY.split()]:
        assert group in text
    assert not any(group in text for group in OFFICER_KEY.split())
    assert "If one group differs, stop" in text
    assert "01632 960 123" in text
    assert "made on 5 February 2013" in text
    assert text.index("Helen Marsh") < text.index("You hear") < text.index("Ruth Adeyemi")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Helen Marsh", 6),
        ("Müller-Lüdenscheidt, Dr. h. c. mult.", 6),
        ("王小明", 6),
        ("#emph[x] $1$ \\", 6),
        ("W" * 200, 4),
    ],
)
def test_it_is_one_page_whatever_people_are_called(name: str, number: int) -> None:
    keys = [line(name, role=name, organisation=name, own=n < 2) for n in range(number)]
    assert len(pages(make_sheet(sheet(*keys)))) == 1


def test_many_keys_go_on_overleaf_and_none_is_left_out() -> None:
    keys = [line(f"Signatory {n}", own=False, fingerprint="") for n in range(20)]
    made = make_sheet(sheet(*keys))
    assert len(pages(made)) > 1
    assert all(f"Signatory {n}," in words(made) for n in range(20))


def test_before_anybody_has_a_key() -> None:
    assert "Nobody has made a signing key yet." in words(make_sheet(sheet()))


def test_the_same_data_give_the_same_bytes() -> None:
    assert make_sheet(sheet(line())) == make_sheet(sheet(line()))
