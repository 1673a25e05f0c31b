"""The letter and its list: every part there, every line checked, nothing repeated of a line."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attest.domain import letter_merge
from attest.domain.letter_merge import Letter, fields_of, merged, read_recipients
from attest.domain.refusal import Refused

LETTER = Letter(
    "Your data",
    "Dear {Name},",
    "A file was sent to a bidder.",
    "Somebody may know your pay.",
    "It is being deleted.",
    "Ring the data protection officer, and give the number {staff  number}.",
    "Yours sincerely",
)


def refused(data):
    with pytest.raises(Refused) as raised:
        read_recipients(data, LETTER)
    assert raised.value.field == "recipients"
    return raised.value.sentence


def test_a_letter_for_each_line():
    found = read_recipients(
        "Staff Number;NAME;note\r\n17;Zoë Müller;x\r\n\r\n18;B\r\n".encode(), LETTER
    )
    assert len(found.rows) == 2
    text = merged(LETTER, found.rows[0])
    assert text.startswith("Your data\n\nDear Zoë Müller,\n\nWhat happened\n\n")
    assert "the number 17." in text
    for heading in ("What this may mean for you", "What has been done", "Whom to ask"):
        assert heading in text
    assert text.endswith("Yours sincerely\n")
    assert fields_of(LETTER) == ["Name", "staff  number"]


def test_quotes_tabs_and_other_encodings_are_read():
    tabs = '\ufeffname\tstaff number\n"A, B"\t1\n'.encode()
    assert read_recipients(tabs, LETTER).rows[0] == {"name": "A, B", "staff number": "1"}
    utf16 = 'name,staff number\n"Ann, B",2\n'.encode("utf-16")
    assert read_recipients(utf16, LETTER).rows[0]["name"] == "Ann, B"


def test_a_value_that_looks_like_a_field_stays_as_it_is():
    found = read_recipients(b"name,staff number\n{staff number},{name}\n", LETTER)
    assert "Dear {staff number}," in merged(LETTER, found.rows[0])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"name,staff number\n\x00\n", "not a text file"),
        (b"\xff\xfe\x00", "cannot be read as text"),
        (b"name,staff number\n\xe9,1\n", "cannot be read as text"),
        (b"name,staff number\n", "names nobody"),
        (b"name,number\nA,1\n", "asks for “staff  number”"),
        (b"name,Name ,staff number\nA,B,1\n", "names name more than once"),
        (b"name,staff number\nSecret Person,\n", "Line 2 has nothing under “staff  number”"),
        (b"name,staff number\nSecret,1,2\n", "Line 2 has more cells"),
        (b'name,staff number\n"Secret,1\n', "quotation mark"),
        ("name,staff number\nSecret\u202e,1\n".encode(), "hidden direction mark"),
        (b"name,staff number\n" + b"S" * 1001 + b",1\n", "more than 1,000 characters"),
        (b"name,staff number\n" + b"S" * 200_000 + b",1\n", "too long"),
        (b",".join(b"c%d" % n for n in range(51)) + b"\n", "51 columns"),
        (b"x" * (letter_merge.MAX_BYTES + 1), "too large"),
    ],
)
def test_a_hostile_list_is_refused_and_never_repeated(data, said):
    sentence = refused(data)
    assert said in sentence
    assert "Secret" not in sentence


def test_no_more_lines_than_the_limit(monkeypatch):
    monkeypatch.setattr(letter_merge, "MAX_ROWS", 2)
    assert "more than 2 lines" in refused(b"name,staff number\n" + b"A,1\n" * 3)


@settings(max_examples=50)
@given(st.binary(max_size=200))
@example(b"A,1\n")  # the others are hardly ever read
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    try:
        rows = read_recipients(b"name,staff number\n" + data, LETTER).rows
    except Refused:
        rows = ()
    assert all(merged(LETTER, row) for row in rows)
