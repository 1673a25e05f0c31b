"""Leaves have one spelling: what `encode_leaf` writes, and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.domain.scalars import FormatError
from attest.log.leaf import MAX_LEAF_BYTES, Leaf, encode_leaf, parse_leaf
from attest.statements import canonical
from attest.statements.bodies import EVENT_TYPES

LEAF = Leaf(
    at=datetime(2013, 2, 4, 9, 30, 5, tzinfo=UTC),
    body=hashlib.sha256(b"body").hexdigest(),
    demand="3f0b6a52-6f5e-4d53-9d0a-0c8ddc52f1a1",
    seq=0,
    type="file.named",
)
BYTES = encode_leaf(LEAF)

leaves = st.builds(
    Leaf,
    at=st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)),
    body=st.binary().map(lambda data: hashlib.sha256(data).hexdigest()),
    demand=st.uuids().map(str),
    seq=st.integers(0, 2**53 - 1),
    type=st.sampled_from(sorted(EVENT_TYPES)),
)


@given(leaves)
def test_round_trip_in_canonical_json(leaf: Leaf) -> None:
    data = encode_leaf(leaf)
    assert parse_leaf(data) == leaf
    assert len(data) <= MAX_LEAF_BYTES
    assert canonical.decode(data) == {
        "at": leaf.at.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"),
        "body": leaf.body,
        "demand": leaf.demand,
        "seq": leaf.seq,
        "type": leaf.type,
        "v": 1,
    }


@given(st.integers(0, len(BYTES) - 1), st.integers(0, 255))
def test_other_bytes_are_another_leaf_or_none(position: int, value: int) -> None:
    data = bytearray(BYTES)
    data[position] = value
    try:
        leaf = parse_leaf(bytes(data))
    except FormatError:
        return
    assert encode_leaf(leaf) == bytes(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seq":0', b'"seq":00'),
        (b'"seq":0', b'"seq":-1'),
        (b'"seq":0', b'"seq":0.0'),
        (b'"seq":0', b'"seq":9007199254740992'),
        (b'"v":1', b'"v":2'),
        (b'"v":1}', b'"v":1,"w":1}'),
        (b'"v":1}', b'"v":1}\n'),
        (b'"at":', b' "at":'),
        (b"2013-02-04", b"2013-02-30"),
        (b"09:30:05Z", b"24:00:00Z"),
        (b"09:30:05Z", b"09:30:60Z"),
        (b"2013", b"0000"),
        (b"3f0b", b"3F0B"),
        (b"3f0b6a52-", b"3f0b6a52a"),
        (b"file.named", b"file.Named"),
        (b"file.named", b"file"),
        (b"file.named", b"a" * 500 + b".b"),
        (b'"type":"file.named"', b'"type":null'),
    ],
)
def test_what_is_no_leaf(old: bytes, new: bytes) -> None:
    assert old in BYTES
    with pytest.raises(FormatError):
        parse_leaf(BYTES.replace(old, new, 1))


@pytest.mark.parametrize(
    "leaf",
    [
        replace(LEAF, body="ab"),
        replace(LEAF, demand=LEAF.demand.upper()),
        replace(LEAF, seq=-1),
        replace(LEAF, seq=2**53),
        replace(LEAF, type='file.named"'),
        replace(LEAF, type="a" * 400 + ".b"),
    ],
)
def test_what_cannot_be_written(leaf: Leaf) -> None:
    with pytest.raises(FormatError):
        encode_leaf(leaf)
