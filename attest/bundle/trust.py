"""A verifier's own trust file, `trust.json` (docs/formats.md §5).

What a verifier trusts never comes from a bundle. The file is JSON as docs/formats.md §1 has it,
so that one parser reads everything; a line feed at its end, as editors leave it, is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from attest.bundle.certificate import read_pem
from attest.bundle.judge import WITHHOLDABLE
from attest.bundle.keyring import Holder
from attest.domain.scalars import format_time, is_uuid, parse_time
from attest.signing import b64, is_valid_public_key, unb64
from attest.statements.canonical import FormatError, decode, encode
from attest.statements.predicates import HOLDER
from attest.statements.schema import array, base64_of, line, obj, prose, sha256, time

_MANY = 100_000
_MAX_LINE = 1_000

_SCHEMA = obj(
    {"origin": line(_MAX_LINE), "logKey": base64_of(32)},
    {
        "pinned": array(obj({"keyid": sha256, "holder": HOLDER}), least=0, most=_MANY),
        "seen": array(obj({"note": prose(_MANY), "receivedAt": time}), least=0, most=_MANY),
        "revoked": array(obj({"keyid": sha256, "since": time}), least=0, most=_MANY),
        "tsaRoots": array(prose(_MANY), least=0, most=_MANY),
        "mayWithhold": array(line(_MAX_LINE), least=0, most=_MANY),
    },
)


@dataclass(frozen=True, slots=True)
class SeenCheckpoint:
    """A checkpoint that reached the verifier by letter, and when."""

    note: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Trust:
    """What one verifier trusts. `pinned` and `revoked` go by keyid."""

    origin: str
    log_key: bytes
    pinned: Mapping[str, Holder] = field(default_factory=dict)
    seen: tuple[SeenCheckpoint, ...] = ()
    revoked: Mapping[str, datetime] = field(default_factory=dict)
    tsa_roots: tuple[str, ...] = ()
    may_withhold: frozenset[str] = frozenset()

    @property
    def demand_id(self) -> str:
        """The demand that the origin names."""
        return self.origin.rpartition("/")[2]


def parse_trust(data: bytes) -> Trust:
    """Read a trust file; FormatError says what is wrong."""
    said = decode(data.removesuffix(b"\n"))
    _SCHEMA(said, "")
    log_key = unb64(said["logKey"])
    if not is_valid_public_key(log_key):
        raise FormatError("logKey: is not a valid point of the curve")
    if not _names_a_demand(said["origin"]):
        raise FormatError("origin: is not <instance name>/demand/<uuid>")
    for pem in said.get("tsaRoots", ()):
        try:
            read_pem(pem)
        except FormatError as error:
            raise FormatError(f"tsaRoots: {error}") from None
    may_withhold = frozenset(said.get("mayWithhold", ()))
    if not may_withhold <= WITHHOLDABLE:
        odd = ", ".join(sorted(may_withhold - WITHHOLDABLE))
        raise FormatError(f"mayWithhold: lists what may never be withheld: {odd}")
    return Trust(
        origin=said["origin"],
        log_key=log_key,
        pinned={item["keyid"]: item["holder"] for item in _once(said, "pinned")},
        seen=tuple(
            SeenCheckpoint(item["note"], parse_time(item["receivedAt"]))
            for item in said.get("seen", ())
        ),
        revoked={item["keyid"]: parse_time(item["since"]) for item in _once(said, "revoked")},
        tsa_roots=tuple(said.get("tsaRoots", ())),
        may_withhold=may_withhold,
    )


def encode_trust(trust: Trust) -> bytes:
    """Write a trust file, with every list in it, empty or not. What it gives parses again."""
    data = encode(
        {
            "origin": trust.origin,
            "logKey": b64(trust.log_key),
            "pinned": [
                {"keyid": keyid, "holder": dict(holder)}
                for keyid, holder in sorted(trust.pinned.items())
            ],
            "seen": [
                {"note": item.note, "receivedAt": format_time(item.received_at)}
                for item in trust.seen
            ],
            "revoked": [
                {"keyid": keyid, "since": format_time(since)}
                for keyid, since in sorted(trust.revoked.items())
            ],
            "tsaRoots": list(trust.tsa_roots),
            "mayWithhold": sorted(trust.may_withhold),
        }
    )
    parse_trust(data)
    return data


def _names_a_demand(origin: str) -> bool:
    instance, middle, demand_id = origin.rpartition("/demand/")
    return bool(instance and middle) and is_uuid(demand_id)


def _once(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = said.get(name, [])
    if len({item["keyid"] for item in items}) != len(items):
        raise FormatError(f"{name}: names a key twice")
    return items
