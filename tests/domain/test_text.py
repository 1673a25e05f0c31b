"""The rule for strings, and the tidying of what people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import text

FORBIDDEN = [
    *range(0x20),
    0x7F,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
    0xD800,
    0xDFFF,
]


@pytest.mark.parametrize("code", FORBIDDEN, ids=hex)
def test_forbidden_code_points(code: int) -> None:
    value = f"a{chr(code)}b"
    assert text.problem(value) is not None
    assert (text.problem(value, multiline=True) is None) is (code == 0x0A)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "shift-patterns – custody & control room.csv",
        "Ŵyneb",
        "人事名单",
        "📄",
        "a\u00a0b",
        "a\u200db",
        "a\x80b",
    ],
)
def test_other_text_passes(value: str) -> None:
    assert text.problem(value) is None


def test_pieces_of_a_character_are_refused() -> None:
    assert "NFC" in str(text.problem("e\u0301"))
    assert text.problem("\u00e9") is None


def test_the_sentence_names_the_character() -> None:
    assert "U+202E" in str(text.problem("invoice\u202efdp.exe"))
    assert "one line" in str(text.problem("a\nb"))


def test_the_first_bad_character_counts_behind_a_good_line_break() -> None:
    assert "U+0009" in str(text.problem("a\nb\tc", multiline=True))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_typed_text_is_tidy_and_stays_so(value: str) -> None:
    tidy = text.typed(value)
    assert text.typed(tidy) == tidy
    assert unicodedata.is_normalized("NFC", tidy)
    assert tidy == tidy.strip()
    assert "\r" not in tidy


def test_typed_text_keeps_what_is_for_the_person_to_see() -> None:
    assert text.typed("  a\r\nb\rc  ") == "a\nb\nc"
    assert text.typed("a\u202eb") == "a\u202eb"
    assert text.typed("e\u0301") == "\u00e9"
