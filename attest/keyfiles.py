"""Key files: a private key under a passphrase (docs/formats.md §2).

The browser and the command line open each other's files: PBKDF2-HMAC-SHA256 with 600,000
iterations, then AES-256-GCM over the 48-byte PKCS#8 form, with the canonical bytes of the other
members as additional data.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from attest.signing import PrivateKey, b64, is_valid_public_key, keyid, unb64
from attest.statements.canonical import decode, encode
from attest.statements.schema import FormatError, base64_of, exactly, obj, sha256

KDF = "PBKDF2-HMAC-SHA256"
ITERATIONS = 600_000
MAX_BYTES = 4096

_PKCS8_PREFIX = bytes.fromhex("302e020100300506032b657004220420")
_TAG_BYTES = 16

_SCHEMA = obj(
    {
        "v": exactly(1),
        "kdf": exactly(KDF),
        "iterations": exactly(ITERATIONS),
        "salt": base64_of(16),
        "iv": base64_of(12),
        "wrapped": base64_of(len(_PKCS8_PREFIX) + 32 + _TAG_BYTES),
        "publicKey": base64_of(32),
        "keyid": sha256,
    }
)


class KeyFileError(ValueError):
    """A key file that is none, or that the passphrase does not open: a sentence for a person."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file whose shape is right. Whether it opens, only its passphrase tells."""

    public_key: bytes
    keyid: str
    salt: bytes
    iv: bytes
    wrapped: bytes
    additional_data: bytes


def seal(key: PrivateKey, passphrase: str) -> bytes:
    """Wrap a key under a passphrase, with fresh salt and IV, as the bytes of a key file."""
    if not passphrase:
        raise KeyFileError("Choose a passphrase: without one, anybody could use the file.")
    salt, iv = os.urandom(16), os.urandom(12)
    members = {
        "v": 1,
        "kdf": KDF,
        "iterations": ITERATIONS,
        "salt": b64(salt),
        "iv": b64(iv),
        "publicKey": b64(key.public_key),
        "keyid": key.keyid,
    }
    cipher = AESGCM(_derive(passphrase, salt))
    wrapped = cipher.encrypt(iv, _PKCS8_PREFIX + key.seed, encode(members))
    return encode({**members, "wrapped": b64(wrapped)})


def parse_key_file(data: bytes) -> KeyFile:
    """Check the shape of a key file without opening it; KeyFileError where it is none.

    A line end after it, as editors add one, is allowed.
    """
    if len(data) > MAX_BYTES:
        raise KeyFileError("This is not a key file of Attest: it is too large.")
    try:
        members = decode(data.rstrip(b"\r\n"))
        _SCHEMA(members, "")
    except FormatError as error:
        raise KeyFileError(f"This is not a key file of Attest: {error}.") from None
    public_key = unb64(members["publicKey"])
    if members["keyid"] != keyid(public_key) or not is_valid_public_key(public_key):
        raise KeyFileError("The key file is damaged: its public key does not fit its name.")
    others = {name: value for name, value in members.items() if name != "wrapped"}
    return KeyFile(
        public_key=public_key,
        keyid=members["keyid"],
        salt=unb64(members["salt"]),
        iv=unb64(members["iv"]),
        wrapped=unb64(members["wrapped"]),
        additional_data=encode(others),
    )


def open_key_file(data: bytes, passphrase: str) -> PrivateKey:
    """Open a key file with its passphrase; KeyFileError for a wrong one or a damaged file."""
    file = parse_key_file(data)
    cipher = AESGCM(_derive(passphrase, file.salt))
    try:
        pkcs8 = cipher.decrypt(file.iv, file.wrapped, file.additional_data)
    except InvalidTag:
        raise KeyFileError(
            "The passphrase does not open this key file. Check it and try again; "
            "if it is forgotten, make another key, which must be confirmed again."
        ) from None
    if not pkcs8.startswith(_PKCS8_PREFIX):
        raise KeyFileError("The key file is damaged: it does not hold an Ed25519 key.")
    key = PrivateKey.from_seed(pkcs8[len(_PKCS8_PREFIX) :])
    if key.public_key != file.public_key:
        raise KeyFileError("The key file is damaged: it holds another key than it names.")
    return key


def _derive(passphrase: str, salt: bytes) -> bytes:
    # Machines differ in how they type an accent; NFC makes the passphrase the same on all.
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    except UnicodeEncodeError:
        raise KeyFileError("The passphrase holds bytes that are no text: type it again.") from None
    kdf = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=ITERATIONS)
    return kdf.derive(secret)
