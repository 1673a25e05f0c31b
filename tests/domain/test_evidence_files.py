import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain import text
from attest.domain.evidence_files import (
    MOST_BYTES,
    MOST_CHARACTERS,
    NAMELESS,
    check_number,
    check_size,
    clean_name,
)
from attest.domain.refusal import Refused


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("certificate.pdf", "certificate.pdf"),
        (r"C:\Users\someone\Desktop\photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("in‮gpj.exe", "ingpj.exe"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("cafe\u0301.txt", "café.txt"),
        ("  box   14 .jpg  ", "box 14 .jpg"),
        ("\u200b\ufeff", NAMELESS),
        ("", NAMELESS),
        ("...", NAMELESS),
        ("folder/", NAMELESS),
        ("\ud800.png", "png"),
    ],
)
def test_names_are_put_right(sent, name):
    assert clean_name(sent) == name


def test_a_name_of_five_thousand_characters_keeps_its_ending():
    name = clean_name("x" * 5_000 + ".pdf")
    assert len(name) == MOST_CHARACTERS
    assert name.endswith("x….pdf")


@given(st.text(max_size=400))
def test_every_name_fits_the_log(sent):
    name = clean_name(sent)
    assert 0 < len(name) <= MOST_CHARACTERS
    assert text.problem(name) is None
    assert name.strip() == name


def test_sizes():
    check_size("a", 1)
    check_size("a", MOST_BYTES)
    with pytest.raises(Refused, match="is empty"):
        check_size("a", 0)
    with pytest.raises(Refused, match="larger than 4 GiB"):
        check_size("a", MOST_BYTES + 1)


def test_numbers():
    check_number(100)
    with pytest.raises(Refused, match="at most 100"):
        check_number(101)
