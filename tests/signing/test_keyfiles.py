"""Key files: what opens, what does not, and the sentences for it."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from attest.keyfiles import KeyFileError, open_key_file, parse_key_file, seal
from attest.signing import PrivateKey, b64
from attest.statements.canonical import encode

PASSPHRASE = "correct horse é"
KEY = PrivateKey.from_seed(bytes(range(32)))


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(KEY, PASSPHRASE)


def changed(data: bytes, **members: Any) -> bytes:
    return encode({**json.loads(data), **members})


def test_round_trip(sealed: bytes) -> None:
    assert open_key_file(sealed, PASSPHRASE).seed == KEY.seed
    assert open_key_file(sealed + b"\r\n", PASSPHRASE).seed == KEY.seed


def test_the_members_are_those_of_the_format(sealed: bytes) -> None:
    members = json.loads(sealed)
    assert set(members) == {
        "v",
        "kdf",
        "iterations",
        "salt",
        "iv",
        "wrapped",
        "publicKey",
        "keyid",
    }
    assert (members["v"], members["kdf"], members["iterations"]) == (
        1,
        "PBKDF2-HMAC-SHA256",
        600_000,
    )
    assert encode(members) == sealed


def test_it_opens_by_the_letter_of_the_format(sealed: bytes) -> None:
    """A second reading of docs/formats.md §2, with hashlib instead of our own derivation."""
    members = json.loads(sealed)
    wrapped = base64.b64decode(members.pop("wrapped"))
    derived = hashlib.pbkdf2_hmac(
        "sha256", PASSPHRASE.encode(), base64.b64decode(members["salt"]), 600_000
    )
    additional = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    pkcs8 = AESGCM(derived).decrypt(base64.b64decode(members["iv"]), wrapped, additional)
    assert pkcs8.hex() == "302e020100300506032b657004220420" + KEY.seed.hex()


def test_an_accent_may_be_typed_in_pieces(sealed: bytes) -> None:
    assert open_key_file(sealed, "correct horse e\u0301").seed == KEY.seed


def test_a_wrong_passphrase_is_told_in_a_sentence(sealed: bytes) -> None:
    with pytest.raises(KeyFileError, match="passphrase does not open this key file"):
        open_key_file(sealed, "correct horse")


@pytest.mark.parametrize(
    "members",
    [
        {"salt": b64(bytes(16))},
        {"iv": b64(bytes(12))},
        {"wrapped": b64(bytes(64))},
    ],
)
def test_a_changed_file_does_not_open(sealed: bytes, members: dict[str, Any]) -> None:
    with pytest.raises(KeyFileError, match="does not open"):
        open_key_file(changed(sealed, **members), PASSPHRASE)


def test_another_keys_name_is_noticed(sealed: bytes) -> None:
    other = PrivateKey.from_seed(bytes(32))
    with pytest.raises(KeyFileError, match="damaged"):
        parse_key_file(changed(sealed, keyid=other.keyid))
    # Both exchanged: the additional data covers them.
    swapped = changed(sealed, keyid=other.keyid, publicKey=b64(other.public_key))
    with pytest.raises(KeyFileError, match="does not open"):
        open_key_file(swapped, PASSPHRASE)


@pytest.mark.parametrize(
    "members",
    [
        {"v": 2},
        {"v": True},
        {"kdf": "scrypt"},
        {"iterations": 1},
        {"iterations": 600_001},
        {"salt": b64(bytes(15))},
        {"iv": "AAAA"},
        {"wrapped": b64(bytes(63))},
        {"publicKey": "no base64"},
        {"keyid": "AB" * 32},
        {"extra": "x"},
    ],
)
def test_what_is_no_key_file(sealed: bytes, members: dict[str, Any]) -> None:
    with pytest.raises(KeyFileError, match="not a key file"):
        parse_key_file(changed(sealed, **members))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"{" * 5000, b"null"])
def test_other_bytes_are_no_key_file(data: bytes) -> None:
    with pytest.raises(KeyFileError, match="not a key file"):
        parse_key_file(data)


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (bytes.fromhex("302e020100300506032b657004220420") + bytes(32), "another key"),
        (bytes(48), "does not hold an Ed25519 key"),
    ],
)
def test_what_is_inside_must_be_the_key_named(sealed: bytes, inside: bytes, sentence: str) -> None:
    file = parse_key_file(sealed)
    derived = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), file.salt, 600_000)
    wrapped = AESGCM(derived).encrypt(file.iv, inside, file.additional_data)
    with pytest.raises(KeyFileError, match=sentence):
        open_key_file(changed(sealed, wrapped=b64(wrapped)), PASSPHRASE)


def test_a_passphrase_must_be_text() -> None:
    with pytest.raises(KeyFileError, match="Choose a passphrase"):
        seal(KEY, "")
    with pytest.raises(KeyFileError, match="no text"):
        seal(KEY, "\udcff")
