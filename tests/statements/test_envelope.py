"""Envelopes: DSSE's own example, strict parsing, and two strangers who verify ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.signer._key import SSlibKey

from attest.signing import PrivateKey, b64, spki, verify
from attest.statements.canonical import FormatError, encode
from attest.statements.envelope import (
    PAYLOAD_TYPE,
    Signature,
    encode_envelope,
    pae,
    parse_envelope,
    sign_payload,
    statement_hash,
)
from tests.statements import samples

KEY = samples.OFFICER_KEY
PAYLOAD = samples.attestation()
ENVELOPE = sign_payload(PAYLOAD, KEY)


def test_the_example_of_dsse() -> None:
    """DSSE v1, protocol.md: the encoding that is signed."""
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_lengths_are_of_bytes() -> None:
    assert pae("é", "é".encode()) == "DSSEv1 2 é 2 é".encode()
    assert pae("", b"") == b"DSSEv1 0  0 "


@given(st.binary(max_size=300), st.integers(1, 2))
def test_round_trip(payload: bytes, count: int) -> None:
    keys = [KEY, samples.SIGNATORY_KEY][:count]
    data = sign_payload(payload, *keys)
    parsed = parse_envelope(data)
    assert parsed.payload == payload
    assert parsed.payload_type == PAYLOAD_TYPE
    assert encode_envelope(parsed.payload, parsed.signatures) == data
    for key, signature in zip(keys, parsed.signatures, strict=True):
        assert signature.keyid == key.keyid
        assert verify(key.public_key, parsed.signed_bytes, signature.sig)
        assert not verify(key.public_key, payload, signature.sig)


def test_a_statement_is_known_by_its_payload_alone() -> None:
    other = sign_payload(PAYLOAD, samples.SIGNATORY_KEY)
    assert parse_envelope(other).payload == parse_envelope(ENVELOPE).payload
    assert statement_hash(PAYLOAD) == statement_hash(parse_envelope(other).payload)
    assert len(statement_hash(PAYLOAD)) == 64


SIGNATURE = {"keyid": KEY.keyid, "sig": b64(bytes(64))}


@pytest.mark.parametrize(
    "members",
    [
        {"payloadType": "application/json"},
        {"payload": "QQ"},
        {"payload": 1},
        {"signatures": []},
        {"signatures": {}},
        {"signatures": [SIGNATURE, SIGNATURE]},
        {"signatures": [{**SIGNATURE, "keyid": f"{number:064x}"} for number in range(3)]},
        {"signatures": [{**SIGNATURE, "keyid": KEY.keyid.upper()}]},
        {"signatures": [{**SIGNATURE, "sig": b64(bytes(63))}]},
        {"signatures": [{**SIGNATURE, "sig": "AA"}]},
        {"signatures": [{**SIGNATURE, "cert": "x"}]},
        {"signatures": [{"sig": SIGNATURE["sig"]}]},
        {"signatures": ["x"]},
        {"extra": 1},
    ],
)
def test_what_is_no_envelope(members: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        parse_envelope(encode({**json.loads(ENVELOPE), **members}))


def test_other_json_is_no_envelope() -> None:
    for data in (b"[]", b"{}", b"1", ENVELOPE + b"\n", ENVELOPE.replace(b":", b": ", 1)):
        with pytest.raises(FormatError):
            parse_envelope(data)


def test_no_envelope_is_larger_than_a_document_may_be() -> None:
    with pytest.raises(FormatError, match="1 MiB"):
        encode_envelope(bytes(800_000), (Signature(KEY.keyid, bytes(64)),))


def test_securesystemslib_verifies_ours() -> None:
    key = SSlibKey(KEY.keyid, "ed25519", "ed25519", {"public": KEY.public_key.hex()})
    theirs = TheirEnvelope.from_dict(json.loads(ENVELOPE))
    assert theirs.pae() == parse_envelope(ENVELOPE).signed_bytes
    assert set(theirs.verify([key], 1)) == {KEY.keyid}


@pytest.mark.parametrize("good", [True, False])
def test_openssl_verifies_ours(tmp_path: Path, good: bool) -> None:
    parsed = parse_envelope(ENVELOPE)
    (tmp_path / "pub.pem").write_text(_pem(KEY))
    (tmp_path / "pae").write_bytes(parsed.signed_bytes + (b"" if good else b" "))
    (tmp_path / "sig").write_bytes(parsed.signatures[0].sig)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "pub.pem",
        "-rawin",
        "-in",
        "pae",
        "-sigfile",
        "sig",
    ]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (answer.returncode == 0) is good
    assert ("Verified Successfully" in answer.stdout) is good


def _pem(key: PrivateKey) -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{b64(spki(key.public_key))}\n-----END PUBLIC KEY-----\n"
