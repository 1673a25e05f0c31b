"""The narrowed JSON against RFC 8785's examples, and against documents that are almost right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.statements.canonical import MAX_BYTES, FormatError, decode, encode

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet=st.characters(codec="ascii")), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_rfc_8785_strings() -> None:
    """The example of §3.2.2 and §3.2.4, as far as it lies within the narrowing."""
    read = json.loads(r'{"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/"}')
    assert encode(read) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    assert encode(read)[11:14] == b"\xe2\x82\xac"


def test_rfc_8785_escapes() -> None:
    """§3.2.2.2: five short escapes, other controls as \\u00xx, and nothing else escaped."""
    assert encode("\b\t\n\f\r\x00\x1f\x7f/\u2028😀") == (
        b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f/' + "\u2028😀".encode() + b'"'
    )


def test_rfc_8785_order() -> None:
    """§3.2.3 sorts by UTF-16 units, which ASCII names have one of a character."""
    assert encode({"b": 1, "a": {"1": [], "10": {}, "2": True}, "B": "", "": False}) == (
        b'{"":false,"B":"","a":{"1":[],"10":{},"2":true},"b":1}'
    )


@given(values)
def test_round_trip(value: Any) -> None:
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data
    assert json.loads(data) == value


@given(values, st.data())
def test_changed_bytes_are_another_document_or_none(value: Any, data: st.DataObject) -> None:
    original = encode(value)
    position = data.draw(st.integers(0, len(original) - 1))
    mutated = bytearray(original)
    mutated[position] = data.draw(st.integers(0, 255))
    try:
        read = decode(bytes(mutated))
    except FormatError:
        return
    assert encode(read) == bytes(mutated)
    if mutated != original:
        # Compared as JSON, for Python holds True and 1 for equal.
        assert json.dumps(read, sort_keys=True) != json.dumps(value, sort_keys=True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"null",
        b'{"a":null}',
        b"[null]",
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"+1",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"9" * 5000,
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,}',
        b"{'a':1}",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\u001F"',
        b'"\\ud800"',
        b'"\\ud83d\\ude00"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\n"',
        b"\xef\xbb\xbf1",
        b"\xff\xfe1\x00",
        '{"é":1}'.encode(),
        b'{"\\u0061":1}',
        b"[1,2]x",
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b'"' + b"a" * MAX_BYTES + b'"',
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_document(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode(data)


def test_the_limits_themselves_are_allowed() -> None:
    assert decode(b"[" * 32 + b"]" * 32) is not None
    assert decode(b"9007199254740991") == 2**53 - 1
    assert len(decode(b'"' + b"a" * (MAX_BYTES - 2) + b'"')) == MAX_BYTES - 2


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.0,
        float("nan"),
        2**53,
        b"bytes",
        (1, 2),
        {1: 2},
        {"é": 1},
        {"a": None},
        ["\ud800"],
        {"a": {1}},
        "a" * MAX_BYTES,
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_has_no_spelling(value: object) -> None:
    with pytest.raises(FormatError):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 33 + b"]" * 33,
        b"[" * 500,
        b"[" * 100_000,
        b"[1.5," + b"[" * 40,
        b'["\\"]",' + b"[" * 40,
        b"]" * 4 + b"[" * 40,
    ],
)
def test_nesting_is_counted_before_anything_is_read(data: bytes) -> None:
    with pytest.raises(FormatError, match="nested too deeply"):
        decode(data)


@pytest.mark.parametrize("data", [b'["' + b"[" * 40 + b'"]', b'["\\\\' + b"[" * 40 + b'"]'])
def test_brackets_in_strings_nest_nothing(data: bytes) -> None:
    assert len(decode(data)) == 1
