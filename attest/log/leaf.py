"""A log's leaves: their one spelling, to and from bytes (docs/formats.md §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from attest.domain.scalars import FormatError, format_time, is_sha256, is_uuid, parse_time

MAX_LEAF_BYTES = 512

# All members are ASCII without anything to escape, so that this pattern is the schema and the
# canonical spelling at once.
_LEAF = re.compile(
    rb'\{"at":"([0-9TZ:-]{20})","body":"([0-9a-f]{64})","demand":"([0-9a-f-]{36})",'
    rb'"seq":(0|[1-9][0-9]{0,15}),"type":"([a-z]+\.[a-z]+)","v":1\}'
)
_TYPE = re.compile(r"[a-z]+\.[a-z]+")
_MAX_SEQ = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event: when, the hash of its body, its demand, its place and its type.

    Whether `type` is known is not asked here.
    """

    at: datetime
    body: str
    demand: str
    seq: int
    type: str


def encode_leaf(leaf: Leaf) -> bytes:
    """Write a leaf; FormatError if a member is not what the format says."""
    if not is_sha256(leaf.body):
        raise FormatError("body: is not 64 lower-case hex digits")
    if not is_uuid(leaf.demand):
        raise FormatError("demand: is not a lower-case UUID")
    if not 0 <= leaf.seq <= _MAX_SEQ:
        raise FormatError("seq: is not an integer from 0")
    if _TYPE.fullmatch(leaf.type) is None:
        raise FormatError("type: is not two words with a full stop between them")
    data = (
        f'{{"at":"{format_time(leaf.at)}","body":"{leaf.body}","demand":"{leaf.demand}",'
        f'"seq":{leaf.seq},"type":"{leaf.type}","v":1}}'
    ).encode("ascii")
    if len(data) > MAX_LEAF_BYTES:
        raise FormatError(f"the leaf is longer than {MAX_LEAF_BYTES} bytes")
    return data


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf that is spelt as `encode_leaf` spells it; FormatError for every other."""
    if len(data) > MAX_LEAF_BYTES:
        raise FormatError(f"the leaf is longer than {MAX_LEAF_BYTES} bytes")
    found = _LEAF.fullmatch(data)
    if found is None:
        raise FormatError("the leaf is not one by the schema, in its canonical form")
    at, body, demand, seq, kind = (part.decode("ascii") for part in found.groups())
    if not is_uuid(demand):
        raise FormatError("demand: is not a lower-case UUID")
    if int(seq) > _MAX_SEQ:
        raise FormatError("seq: is larger than 2^53 - 1")
    try:
        moment = parse_time(at)
    except FormatError as error:
        raise FormatError(f"at: {error}") from None
    return Leaf(moment, body, demand, int(seq), kind)
