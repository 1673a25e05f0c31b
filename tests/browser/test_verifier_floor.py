"""The floor of the browser's verifier: what it takes and refuses, and each reason, is Python's."""

from __future__ import annotations

import base64
import hashlib
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.domain import scalars, text
from attest.log.checkpoint import open_checkpoint, parse_checkpoint
from attest.log.leaf import parse_leaf
from attest.log.merkle import Frontier, leaf_hash
from attest.signing import b64, unb64
from attest.statements import canonical
from tests.browser.conftest import NewVisitor
from tests.browser.floor import call, check, open_floor
from tests.browser.test_canonical_script import BAD, BASE64, GOOD, STRINGS
from tests.cast import LOG_KEY, OSCAR
from tests.logs import closed_log

LOG = closed_log()

# What is wrong in two ways at once: the first that a reader meets, in the order of the bytes.
TWICE = [
    b"[1.5,",
    b"[null,1.5]",
    b"[1.5,null]",
    b'{"b":null,"a":9007199254740992}',
    b'{"10":null,"9":9007199254740992}',
    b'{"b":1e5',
    b'{"a":NaN',
    b"[-Infinity",
    b"[-",
    b"[-]",
    b"[1.]",
    b"[.5]",
    b"[1e]",
    b"[01]",
    b"[+1]",
    b"[tru]",
    b"[nul",
    b'{"a"}',
    b'{"a":}',
    b'{"a":1,}',
    b"{a:1}",
    b"[1 2]",
    b"[1]]",
    b"]",
    b" ",
    b'["\x01"]',
    rb'["\x"]',
    rb'["\u12"]',
    b'["abc',
    b'["abc\\',
    b'["abc\\"',
    rb'{"\ud800":1}',
    rb'["\ud800",null]',
    rb'[null,"\ud800"]',
    rb'["\ud83d\ude00"]',
    rb'["\ud83d","\ude00"]',
    b"\xff" + b"[" * 40,
    b"[" * 40,
    b"[" * 500,
    b"[" * 40 + b"]" * 40,
    b"[" * 33 + b"]" * 33,
    b'["' + b"[" * 40 + b'"]',
    b'["\\"' + b"[" * 40 + b'"]',
    b'"\\' + b"[" * 40,
    b"]" * 40 + b"[" * 40,
    b"[[],[]" * 33 + b"]" * 33,
    b"[1.5," + b"[" * 40,
    b'{"a":12345678901234567,"b":null}',
    b'{"a":123456789012345678,"b":null}',
    b'{"a":-9007199254740992}',
    b'{"a":"1","a":null}',
    b'{"a":null,"a":1}',
    b'{"a":1}\t',
    b'\r\n{"a":1}',
    b'\x0b{"a":1}',
    b"x" * (1024 * 1024 + 1),
]


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return open_floor(new_visitor())


def test_documents_are_refused_for_the_same_reason(page: Page) -> None:
    reasons = check(page, "canonical", [*GOOD, *BAD, *TWICE], lambda data: _decoded(data), b64)
    assert len(set(reasons)) == 10, set(reasons)


def test_documents_with_changed_bytes_are_too(page: Page) -> None:
    """Each byte of a small document replaced, doubled and left out."""
    good = b'{"a":[-1,true,"e\xc3\xa9\\n\\u001f"],"b":{"":0,"c":[]},"d":"\\\\"}'
    canonical.decode(good)
    changed = []
    for at in range(len(good)):
        for there in (
            b"",
            good[at : at + 1] * 2,
            *(bytes([c]) for c in b'0.e-"\\{}[],:nN \n\x00\xff'),
        ):
            changed.append(good[:at] + there + good[at + 1 :])
    check(page, "canonical", changed, lambda data: _decoded(data), b64)


def _decoded(data: bytes) -> None:
    canonical.decode(data)


def test_base64(page: Page) -> None:
    rng = random.Random(2013)
    texts = [*BASE64, *(b64(rng.randbytes(size)) for size in range(100))]
    letters = "Aa+/=-_ é\n"
    for text_ in [b64(rng.randbytes(size)) for size in range(4)]:
        for at in range(len(text_)):
            texts += [text_[:at] + letter + text_[at + 1 :] for letter in letters]
        texts += [text_ + letter for letter in letters]
    check(page, "base64", texts, lambda text: unb64(text).hex())


def test_strings(page: Page) -> None:
    values = [*STRINGS, "a\nb\x00", "x\x85", "😀", "e\u0301\u202e", "Å", "\u212b"]
    values += [chr(point) for point in (*range(0x100), *range(0x1680, 0x2070), 0x3000, 0xFEFF)]
    cases = [[value, multiline] for value in values for multiline in (False, True)]
    check(page, "text", cases, lambda c: text.problem(c[0], multiline=c[1]))
    check(
        page,
        "blank",
        [value for value in values if value],
        lambda v: f"{not v.strip()} {any(c.isspace() for c in v)}".lower(),
    )


def test_times_and_dates(page: Page) -> None:
    times = ["2013-02-14T10:00:05Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    times += ["0099-03-01T00:00:00Z", "1969-12-31T23:59:59Z", "2000-02-29T00:00:00Z"]
    times += ["1900-02-29T00:00:00Z", "2013-02-29T00:00:00Z", "2013-13-01T00:00:00Z", "2013-02-14"]
    times += ["2013-02-14T24:00:00Z", "2013-02-14T23:60:00Z", "2013-02-14T23:59:60Z", ""]
    times += ["0000-01-01T00:00:00Z", "2013-00-01T00:00:00Z", "2013-01-00T00:00:00Z", "x"]
    times += ["2013-02-14T10:00:05Z\n", "2013-02-14t10:00:05z", "\uff12013-02-14T10:00:05Z"]

    def said(value: str) -> str:
        moment = scalars.parse_time(value)
        return f"{int(moment.timestamp())} {scalars.format_time(moment)}"

    check(page, "time", times, said)
    dates = [value[:10] for value in times] + ["2013-02-14\n", "2013-2-14", "20130214"]
    check(page, "date", dates, scalars.parse_date)


def test_leaves(page: Page) -> None:
    good = LOG.leaves[3]
    changed = [*LOG.leaves, b"", good + b"\n", good + b" " * 600, good.replace(b"2013-", b"2013-1")]
    for at in range(len(good)):
        for there in b'09azZ-:."}{\xff\x00':
            changed.append(good[:at] + bytes([there]) + good[at + 1 :])
    changed.append(good.replace(b'"seq":3', b'"seq":9007199254740993'))
    changed.append(good.replace(b'"seq":3', b'"seq":9007199254740991'))
    changed.append(good.replace(b'"seq":3', b'"seq":99999999999999999'))

    def said(data: bytes) -> str:
        leaf = parse_leaf(data)
        at = int(leaf.at.timestamp())
        return (
            f'{{"at":{at},"body":"{leaf.body}","demand":"{leaf.demand}",'
            f'"seq":{leaf.seq},"type":"{leaf.type}"}}'
        )

    check(page, "leaf", changed, said, b64)


def test_roots_of_every_prefix(page: Page) -> None:
    """The trees of RFC 6962's reference implementation among them (tests/log/test_merkle.py)."""
    leaves = [b"", *(bytes([n]) * n for n in range(200))]

    def said(leaves: list[bytes]) -> str:
        frontier = Frontier()
        roots = [frontier.root.hex()]
        for leaf in leaves:
            frontier.append(leaf_hash(leaf))
            roots.append(frontier.root.hex())
        return ",".join(roots)

    check(page, "roots", [[], leaves], said, lambda leaves: [b64(leaf) for leaf in leaves])


def test_checkpoints(page: Page) -> None:
    good = LOG.checkpoint().encode()
    lines = good.split(b"\n")
    notes = [good, b"", b"\n" * 5, good + b"\n", good[:-1], good.replace(b"\n", b"\r\n")]
    for at in range(len(good)):
        notes += [good[:at] + bytes([b]) + good[at + 1 :] for b in b"0A+ \n\x7f\xff="]
    other = lines[4].replace(LOG.origin.encode(), b"example.org/witness")
    for count in (1, 16, 17):
        notes.append(good + (other + b"\n") * count)
    notes.append(good + lines[4] + b"\n")
    notes.append(good + b"x" * 131_072)
    for size in (b"0", b"01", b"9007199254740991", b"9007199254740992", b"-1", b"1e3", b""):
        notes.append(b"\n".join([lines[0], size, *lines[2:]]))
    for name in ("a b", "a+b", "a\u00a0b", "a\u0085b", "\u202e", "e\u0301", "", "\ufeff"):
        notes.append(b"\n".join([name.encode(), *lines[1:]]))
        notes.append(good + f"\u2014 {name} {b64(bytes(68))}\n".encode())
    for blob in (b"", b"AAAA", b"AAAAAA==", b"AAAAAB=="):
        notes.append(good + b"\xe2\x80\x94 example.org " + blob + b"\n")

    def said(data: bytes) -> str:
        found = parse_checkpoint(data)
        names = ",".join(signature.name for signature in found.signatures)
        return f"{found.origin} {found.size} {found.root.hex()} {names}"

    check(page, "checkpoint", notes, said, b64)
    opened = [[note, LOG.origin, LOG_KEY.public_key] for note in notes]
    opened += [[good, LOG.origin, OSCAR.key.public_key], [good, "other", LOG_KEY.public_key]]
    signed = LOG.checkpoint().splitlines()[4].split(" ")[-1]
    for bit in range(8 * 4, 8 * 68, 5):
        flipped = bytearray(base64.b64decode(signed))
        flipped[bit // 8] ^= 1 << bit % 8
        changed = good.replace(signed.encode(), base64.b64encode(flipped))
        opened.append([changed, LOG.origin, LOG_KEY.public_key])

    def open_it(case: list[Any]) -> None:
        open_checkpoint(case[0], case[1], case[2])

    check(page, "opened", opened, open_it, lambda case: [b64(case[0]), case[1], b64(case[2])])


def test_the_known_tree_of_eight_leaves(page: Page) -> None:
    """The root that RFC 6962's reference implementation gives for its eight leaves."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves.append("606162636465666768696a6b6c6d6e6f")
    [roots] = call(page, "answers", "roots", [[b64(bytes.fromhex(leaf)) for leaf in leaves]])
    first, *_, last = roots.split(",")
    assert first == hashlib.sha256(b"").hexdigest()
    assert last == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
