"""What a terminal shows: everything, in groups, and never a character that it would obey."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attest.offline.inspect import inspect, read_bodies
from attest.offline.showing import lay_out, visible, wrapped
from attest.offline.to_sign import Item, ToSignFile
from tests.browser.signing_pages import OFFICER, SIGNATORY, Prefix


def file_of(prefix: Prefix, *payloads: bytes, reviewed: tuple[bytes, ...] = ()) -> ToSignFile:
    signer = OFFICER if b"urn:attest:deletion-attestation" in payloads[0] else SIGNATORY
    return ToSignFile(
        signer.keyid,
        tuple(Item(str(n), payload, reviewed) for n, payload in enumerate(payloads)),
        tuple(prefix.bodies),
        {"files": prefix.files, "stores": prefix.stores, "withdrawn": prefix.withdrawn},
        prefix.reference,
    )


def shown(file: ToSignFile, **how: Any) -> str:
    return "\n".join(lay_out(inspect(file), read_bodies(file.bodies), **how))


def words(text: str) -> str:
    """Without the line breaks that only the layout made."""
    return re.sub(r"\s+", " ", text)


def test_the_same_answers_are_shown_once_with_the_files_that_share_them() -> None:
    prefix = Prefix(["a.csv", "b.csv", "c.csv"])
    file = file_of(
        prefix, prefix.attestation(0), prefix.attestation(1), prefix.attestation(2, note="Twice")
    )
    text = shown(file)
    assert text.count("I attest what became of every copy of one file.") == 2
    assert "The same answers for 2 files" in text
    assert "In full for a.csv:" in text
    assert "for this file:\n\n  b.csv" in text
    assert text.count("c.csv") == 2  # its title, and its declaration
    full = shown(file, full=True)
    assert full.count("I attest what became of every copy of one file.") == 3
    assert 'The file is "b.csv" (electronic).' in full


def test_each_word_of_a_declaration_is_shown() -> None:
    prefix = Prefix(["a.csv"])
    file = file_of(prefix, prefix.attestation(0))
    (item,) = inspect(file)
    for width in (40, 88, 200):
        assert words(item.text) in words(shown(file, width=width))


def test_a_demand_shows_every_file_and_store_that_it_covers() -> None:
    prefix = Prefix(["a.csv", "b.csv"], reference=None)
    text = shown(file_of(prefix, prefix.demand()))
    assert "Files that it covers: 2\n\n  a.csv (electronic)\n  b.csv (electronic)" in text
    assert "Stores that it covers: 2\n\n  File share (electronic)" in text
    assert "Stores withdrawn" not in text


def test_a_review_shows_what_it_is_about() -> None:
    prefix = Prefix(["a.csv", "b.csv"])
    reviewed = (prefix.attestation(0), prefix.attestation(1))
    text = shown(file_of(prefix, prefix.review(*reviewed), reviewed=reviewed))
    assert "I reject 2 attestations." in text
    assert "The 2 attestations that this is about" in text
    assert text.count("I attest what became of every copy of one file.") == 1


# C1 controls pass the formats (docs/formats.md §1) and are orders to some terminals: U+009B is CSI.
STEERING = "list\u009b2J\u009d0;title\u0007.csv"


def test_a_name_cannot_steer_the_terminal() -> None:
    prefix = Prefix([STEERING.replace("\u0007", ""), "b.csv"], labels=("a\u0085b", "c\u00add"))
    file = file_of(prefix, prefix.attestation(0), prefix.attestation(1))
    text = shown(file) + shown(file, full=True)
    assert "list\\u{009b}2J\\u{009d}0;title.csv" in text
    assert "c\\u{00ad}d" in text
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("\x1b[2J", "\\u{001b}[2J"),
        ("\u202egpj.exe", "\\u{202e}gpj.exe"),
        ("a\rb\n", "a\\u{000d}b\\u{000a}"),
        ("\u2028", "\\u{2028}"),
        ("\ue000\U000e0041", "\\u{e000}\\u{e0041}"),
        ("名单 الملف 👩\u200d💻 – ’é", "名单 الملف 👩\u200d💻 – ’é"),
    ],
)
def test_what_is_not_visible_is_written_as_its_number(text: str, is_shown: str) -> None:
    assert visible(text) == is_shown


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8"), max_size=200), st.integers(20, 120))
def test_wrapping_loses_nothing_and_indents_what_goes_on(text: str, width: int) -> None:
    for line in text.split("\n"):
        first, *others = wrapped(line, "  ", width)
        assert words(" ".join([first, *others])).strip() == words(visible(line)).strip()
        assert all(other.startswith("      ") for other in others)
