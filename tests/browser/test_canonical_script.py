"""static/canonical.js and static/encoding.js take and refuse what their Python twins do."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from attest import signing
from attest.domain import text
from attest.statements import canonical
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site, run

DEEPEST = b"[" * 32 + b"]" * 32
LONGEST = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'

GOOD = [
    b"{}",
    b"[]",
    b'""',
    b"true",
    b"0",
    b"-1",
    b"9007199254740991",
    b"-9007199254740991",
    b'{"":1,"A":2,"a":3,"a1":4,"a10":5,"a2":6}',
    b'{"10":1,"9":2}',
    b'{"__proto__":{"a":1},"constructor":2}',
    '{"euro":"€","grin":"😀","nbsp":" ","sep":"\u2028\u2029","tab":"\x7f"}'.encode(),
    rb'["\b\t\n\f\r\"\\/","\u0000\u001f"]',
    '["e\u0301"]'.encode(),
    DEEPEST,
    LONGEST,
]

BAD = [
    b"",
    b" {}",
    b"{}\n",
    b"\xef\xbb\xbf{}",
    b'{"a":1,"a":1}',
    b'{"a":1,"a":2}',
    b'{"b":1,"a":2}',
    b'{"a": 1}',
    b'{"a":null}',
    b"null",
    b"1.0",
    b"1e2",
    b"1.5",
    b"-0",
    b"01",
    b"9007199254740992",
    b"9007199254740993",
    b"100000000000000000000000",
    b"NaN",
    b"Infinity",
    '{"ü":1}'.encode(),
    rb'["\u0041"]',
    rb'["\/"]',
    rb'["\u001F"]',
    rb'["\ud800"]',
    rb'["\udc00\ud800"]',
    b'["\xff"]',
    b'["\xed\xa0\x80"]',
    b"['a']",
    b"[1,]",
    b'{"a":1}{"a":1}',
    b"[" + DEEPEST + b"]",
    LONGEST.replace(b'"a"', b'"ab"'),
    b"[" * 100_000,
]

STRINGS = [
    "",
    "Northshire Constabulary",
    "two\nlines",
    "a\tb",
    "a\rb",
    "nul\x00",
    "\x1f",
    "\x7f",
    "\x80",
    "é",
    "e\u0301",
    "\u1e9b\u0323",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u200d",
    "\u061c",
    "\u2028",
    "😀",
    "\U000e0001",
    "한글",
    "\u1112\u1161",
]

BASE64 = ["", "QQ==", "QUI=", "QUJD", "+/+/", "QQ", "QQ=", "QR==", "QUJ=", "QUJD\n", " QUJD"]
BASE64 += ["QUJD====", "-_-_", "=", "Q===", "QQ==QQ==", "Q\u00e9==", "QUJDRA=="]


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return Site().open_empty(new_visitor())


def test_the_browser_reads_what_python_reads(page: Page) -> None:
    for data in GOOD:
        assert canonical.encode(canonical.decode(data)) == data
    for data in BAD:
        with pytest.raises(canonical.FormatError):
            canonical.decode(data)
    taken = run(
        page,
        """const { decode, encode } = await load("canonical.js");
        const { FormatError, fromBase64, toBase64 } = await load("encoding.js");
        return argument.map((text) => {
            try { return toBase64(encode(decode(fromBase64(text)))); }
            catch (error) {
                if (!(error instanceof FormatError)) throw error;
                return null;
            }
        });""",
        [base64.b64encode(data).decode() for data in GOOD + BAD],
    )
    expected = [base64.b64encode(data).decode() for data in GOOD] + [None] * len(BAD)
    for data, got, want in zip(GOOD + BAD, taken, expected, strict=True):
        assert got == want, data[:80]


@pytest.mark.parametrize(
    "value",
    ["null", "undefined", "1.5", "-0", "2 ** 53", "() => 1", "10n", "{a: undefined}", "'\\ud800'"],
)
def test_what_has_no_spelling_is_not_written(page: Page, value: str) -> None:
    script = f"""const {{ encode }} = await load("canonical.js");
        try {{ encode({value}); }} catch (error) {{ return error.name; }}"""
    assert run(page, script) == "FormatError"


def test_the_browser_has_the_rule_for_strings(page: Page) -> None:
    multiline = ["text", "note", "reason", "instruction"]
    members = ["name", "label", "texts", *multiline]
    taken = run(
        page,
        """const { checkStrings } = await load("canonical.js");
        return argument.map((document) => {
            try { checkStrings(document); return true; } catch { return false; }
        });""",
        [{"a": [{member: [value]}]} for member in members for value in STRINGS],
    )
    expected = [
        text.problem(value, multiline=member in multiline) is None
        for member in members
        for value in STRINGS
    ]
    cases = [(member, value) for member in members for value in STRINGS]
    for case, got, want in zip(cases, taken, expected, strict=True):
        assert got == want, case


def _python_takes(value: str) -> bool:
    try:
        signing.unb64(value)
    except ValueError:
        return False
    return True


def test_base64_has_one_spelling(page: Page) -> None:
    taken = run(
        page,
        """const { fromBase64 } = await load("encoding.js");
        return argument.map((text) => {
            try { fromBase64(text); return true; } catch { return false; }
        });""",
        BASE64,
    )
    assert dict(zip(BASE64, taken, strict=True)) == {v: _python_takes(v) for v in BASE64}


def test_long_bytes_survive(page: Page) -> None:
    data = bytes(range(256)) * 4096
    got = run(
        page,
        """const { fromBase64, toBase64 } = await load("encoding.js");
        return toBase64(fromBase64(argument));""",
        base64.b64encode(data).decode(),
    )
    assert base64.b64decode(got) == data


def test_fingerprints_are_the_same(page: Page) -> None:
    keyids = ["00" * 32, "ff" * 32, signing.PrivateKey.from_seed(bytes(32)).keyid]
    got: list[Any] = run(
        page,
        """const { fingerprint } = await load("encoding.js"); return argument.map(fingerprint);""",
        keyids,
    )
    assert got == [signing.fingerprint(keyid) for keyid in keyids]


@pytest.mark.parametrize(
    "typed",
    ["k5zq 2m4t", "K5ZQ-2M4T", " k5zq2m4t ", "k5zq, 2m4t.", "k5zq\u20132m4t", "k5 zq 2m 4t"],
)
def test_a_fingerprint_may_be_typed_in_several_ways(page: Page, typed: str) -> None:
    script = (
        'const { typedFingerprint } = await load("encoding.js"); return typedFingerprint(argument);'
    )
    assert run(page, script, typed) == "k5zq 2m4t"


def test_the_tables_are_worth_their_names() -> None:
    # A table that held only JSON errors would prove nothing about the narrowing.
    parsed = 0
    for data in BAD:
        try:
            json.loads(data)
            parsed += 1
        except (ValueError, RecursionError):
            continue
    assert parsed > 12
