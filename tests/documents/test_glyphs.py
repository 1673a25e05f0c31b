"""No name, however odd, stops a paper; what cannot be shown is shown by its number."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.documents.certificate import make_certificate
from attest.documents.demand_pdf import make_demand
from attest.documents.glyphs import Caution, covered, in_all_strings, showable
from attest.documents.parts import CopyPart, FilePart, Party, StorePart
from attest.documents.rendering import CannotRender, render
from attest.documents.worksheet import make_worksheet
from tests.documents.papers import (
    CHECKPOINT,
    certificate,
    certified,
    demand,
    squeezed,
    words,
    worksheet,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("中文.csv", "[U+4E2D][U+6587].csv"),
        ("payroll \U0001f600.csv", "payroll [U+1F600].csv"),
        ("বেতন.pdf", "[U+09AC][U+09C7][U+09A4][U+09A8].pdf"),
        ("a\u200bb\u00adc\u202ed", "a[U+200B]b[U+00AD]c[U+202E]d"),
        ("shift – custody & café.csv", "shift – custody & café.csv"),
        ("Ελληνικά Кириллица", "Ελληνικά Кириллица"),
        ("\ue000\ufffe\U0010ffff", "[U+E000][U+FFFE][U+10FFFF]"),
    ],
)
def test_what_has_no_glyph_or_takes_no_ink_is_shown_by_its_number(name: str, shown: str) -> None:
    assert showable(name) == shown
    made = make_certificate(certificate(certified(name)))
    assert squeezed(made).count(shown.replace(" ", "")) == 2
    assert ("stand in square brackets" in words(made)) is (shown != name)


@pytest.mark.parametrize("name", ["ملف الموظفين (نهائي).xlsx", "שכר עובדים.doc", "वेतन सूची.pdf"])
def test_other_scripts_that_the_fonts_have_are_shown(name: str) -> None:
    assert showable(name) == name
    assert "stand in square brackets" not in words(make_certificate(certificate(certified(name))))


def test_every_sign_called_covered_has_a_glyph() -> None:
    """Apart, so that none leans on its neighbour, in both weights; a missing one is escaped."""
    signs = list(covered())
    assert len(signs) > 2000
    parties = (Party(" ".join(signs), "lead"), Party("b", "contractor"))
    made = words(make_demand(demand(declaration=" ".join(signs), parties=parties)))
    assert "stand in square brackets" not in made


def test_a_combination_that_no_font_has_is_written_without_marks() -> None:
    name = "\u1e10\u0300\u0486 plain é.csv"
    assert showable(name) == name
    shown = showable(name, Caution.NO_MARKS)
    assert shown == "\u1e10[U+0300][U+0486] plain é.csv"
    assert shown.replace(" ", "") in squeezed(make_certificate(certificate(certified(name))))


def test_ascii_is_the_last_resort() -> None:
    assert showable("é\n[x]", Caution.ASCII) == "[U+00E9]\n[x]"


def test_all_strings_at_any_depth_are_changed_and_names_of_members_are_not() -> None:
    value = {"a": ["b", {"a": "b"}], "n": 1, "t": ("b", True)}
    assert in_all_strings(value, str.upper) == {"a": ["B", {"a": "B"}], "n": 1, "t": ["B", True]}


def test_a_broken_template_is_told_from_odd_data() -> None:
    with pytest.raises(CannotRender, match=r"certificate\.typ"):
        render("certificate.typ", {"title": "x"}, at=CHECKPOINT.at)


def test_long_names_without_a_space_stay_on_the_paper() -> None:
    name = "W" * 1000
    store = StorePart("中" * 200, "electronic", "other", "x" * 200, "y" * 200)
    data = certificate(
        certified(name, (CopyPart("none_found", on_word_of="z" * 200),)), stores=(store,)
    )
    text = squeezed(make_certificate(data))
    assert text.count("W") >= 1000
    assert text.count("[U+4E2D]") > 200


def test_a_name_too_long_for_a_page_goes_on_overleaf() -> None:
    made = squeezed(make_demand(demand(FilePart("語" * 1000, description="説" * 1000))))
    # One a page may be cut in two at its foot.
    assert made.count("[U+8A9E]") > 990
    assert made.count("[U+8AAC]") > 990


signs = st.characters(exclude_categories=["Cs"]) | st.sampled_from(sorted(covered()))
names = st.text(signs, min_size=1, max_size=60).map(
    lambda drawn: unicodedata.normalize("NFC", drawn)
)


@settings(max_examples=25, deadline=None)
@given(st.lists(names, min_size=1, max_size=8))
def test_no_names_stop_a_paper(drawn: list[str]) -> None:
    stores = (StorePart(drawn[0], "hard_copy", drawn[-1], drawn[0], drawn[-1]),)
    files = [certified(name, (CopyPart(on_word_of=name),)) for name in drawn]
    data = certificate(*files, stores=stores, state="in_progress", basis=drawn[0])
    assert make_certificate(data).startswith(b"%PDF")
    assert make_worksheet(worksheet(*map(FilePart, drawn), stores=stores)).startswith(b"%PDF")


@given(st.text())
def test_nothing_invisible_is_left(value: str) -> None:
    for caution in Caution:
        shown = showable(value, caution)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]", shown)
