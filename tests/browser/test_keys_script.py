"""Keys, key files and signatures mean the same to Chromium and to Python."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from attest import keyfiles, signing
from attest.signing import PrivateKey, b64
from attest.statements.envelope import pae, parse_envelope, sign_payload
from tests.browser.conftest import NewVisitor
from tests.browser.script_pages import Site, run

PASSPHRASE = "café au lait, twice \U0001f512"

# RFC 8032 §7.1, test 2: secret key, public key, message, signature.
RFC_8032 = (
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
)

P = 2**255 - 19
# Every encoding of a y whose point has an order that divides 8, canonical or not, with both signs.
SMALL_ORDER = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    *(y.to_bytes(32, "little").hex() for y in (0, 1, P - 1, P, P + 1)),
]


def with_sign(point: str) -> str:
    data = bytearray.fromhex(point)
    data[31] |= 0x80
    return data.hex()


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return Site().open_empty(new_visitor())


SEAL = """const keys = await load("keys.js");
    const { encodeText } = await load("canonical.js");
    return encodeText(await keys.wrap(await keys.generate(), argument));"""

OPEN = """const keys = await load("keys.js");
    const { utf8, toBase64 } = await load("encoding.js");
    const file = await keys.readKeyFile(utf8(argument.file));
    try {
        const key = await keys.openKeyFile(file, argument.passphrase);
        const signature = toBase64(await keys.sign(key.privateKey, utf8("message")));
        const { extractable, usages } = key.privateKey;
        return { signature, keyid: key.keyid, extractable, usages };
    } catch (error) { return error.name; }"""


def test_a_key_file_from_chromium_opens_in_python(page: Page) -> None:
    file = run(page, SEAL, PASSPHRASE).encode()
    key = keyfiles.open_key_file(file, PASSPHRASE)
    assert key.keyid == keyfiles.parse_key_file(file).keyid
    assert signing.is_valid_public_key(key.public_key)
    with pytest.raises(keyfiles.KeyFileError):
        keyfiles.open_key_file(file, PASSPHRASE + ".")


def test_a_key_file_from_python_opens_in_chromium(page: Page) -> None:
    key = PrivateKey.generate()
    file = keyfiles.seal(key, PASSPHRASE).decode() + "\n"
    opened = run(page, OPEN, {"file": file, "passphrase": PASSPHRASE})
    assert opened["keyid"] == key.keyid
    assert (opened["extractable"], opened["usages"]) == (False, ["sign"])
    assert signing.verify(key.public_key, b"message", base64.b64decode(opened["signature"]))
    # An accent may come as one character or as two.
    decomposed = PASSPHRASE.replace("é", "e\u0301")
    assert run(page, OPEN, {"file": file, "passphrase": decomposed})["keyid"] == key.keyid
    assert run(page, OPEN, {"file": file, "passphrase": "cafe"}) == "WrongPassphrase"


def changed(**members: Any) -> str:
    file = json.loads(keyfiles.seal(PrivateKey.from_seed(bytes(32)), "correct horse"))
    file |= members
    file = {name: value for name, value in file.items() if value is not ...}
    return json.dumps(file, sort_keys=True, separators=(",", ":"))


other = PrivateKey.from_seed(b"\x01" * 32)
BAD_FILES = {
    "not JSON": "hello",
    "spaced": changed().replace(":", ": ", 1),
    "no object": "[]",
    "another version": changed(v=2),
    "too few iterations": changed(iterations=1000),
    "another way": changed(kdf="scrypt"),
    "a member more": changed(comment="mine"),
    "a member less": changed(salt=...),
    "a short salt": changed(salt="AAAA"),
    "a number for base64": changed(iv=12),
    "another keyid": changed(keyid=other.keyid),
    "another public key": changed(publicKey=b64(other.public_key)),
    "a key of small order": changed(publicKey=b64(bytes(32)), keyid=signing.keyid(bytes(32))),
    "too large": changed() + "\n" * 5000,
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_what_is_no_key_file_is_refused_by_both(page: Page, case: str) -> None:
    text = BAD_FILES[case]
    with pytest.raises(keyfiles.KeyFileError):
        keyfiles.parse_key_file(text.encode())
    script = """const keys = await load("keys.js");
        const { utf8 } = await load("encoding.js");
        try { await keys.readKeyFile(utf8(argument)); } catch (error) { return error.name; }"""
    assert run(page, script, text) == "FormatError"


def test_a_file_whose_names_were_exchanged_does_not_open(page: Page) -> None:
    # The other members are additional data: what names another key no longer opens.
    text = changed(keyid=other.keyid, publicKey=b64(other.public_key))
    with pytest.raises(keyfiles.KeyFileError):
        keyfiles.open_key_file(text.encode(), "correct horse")
    assert run(page, OPEN, {"file": text, "passphrase": "correct horse"}) == "WrongPassphrase"


def test_an_envelope_from_chromium_verifies_in_python(page: Page) -> None:
    key = PrivateKey.generate()
    payload = '{"text":"Größe"}'.encode()
    text = run(
        page,
        """const keys = await load("keys.js");
        const { signPayload } = await load("envelope.js");
        const { fromBase64, utf8 } = await load("encoding.js");
        const file = await keys.readKeyFile(utf8(argument.file));
        const key = await keys.openKeyFile(file, "correct horse");
        return signPayload(fromBase64(argument.payload), key);""",
        {"file": keyfiles.seal(key, "correct horse").decode(), "payload": b64(payload)},
    )
    envelope = parse_envelope(text.encode())
    (signature,) = envelope.signatures
    assert envelope.payload == payload
    assert signature.keyid == key.keyid
    assert signing.verify(key.public_key, envelope.signed_bytes, signature.sig)


def test_an_envelope_from_python_verifies_in_chromium(page: Page) -> None:
    key = PrivateKey.generate()
    payload = '{"text":"Größe"}'.encode()
    envelope = sign_payload(payload, key).decode()
    script = """const { openEnvelope } = await load("envelope.js");
        const { fromBase64, fromUtf8, utf8 } = await load("encoding.js");
        try {
            return fromUtf8(await openEnvelope(utf8(argument[0]), fromBase64(argument[1])));
        } catch (error) { return error.name; }"""
    assert run(page, script, [envelope, b64(key.public_key)]) == payload.decode()
    assert run(page, script, [envelope, b64(other.public_key)]) == "FormatError"
    forged = envelope.replace(b64(payload), b64(payload.replace(b"text", b"next")))
    assert forged != envelope
    assert run(page, script, [forged, b64(key.public_key)]) == "FormatError"


VERIFY = """const { verify } = await load("keys.js");
    const { fromHex } = await load("encoding.js");
    return verify(...argument.map(fromHex));"""


def test_the_specification_s_signature_verifies(page: Page) -> None:
    _, public_key, message, signature = RFC_8032
    assert run(page, VERIFY, [public_key, message, signature]) is True
    assert run(page, VERIFY, [public_key, "73", signature]) is False
    assert run(page, VERIFY, [public_key, message, signature[:-2]]) is False


@pytest.mark.parametrize("point", [*SMALL_ORDER, *map(with_sign, SMALL_ORDER)])
def test_points_that_libraries_disagree_about_are_refused(page: Page, point: str) -> None:
    assert not signing.is_valid_public_key(bytes.fromhex(point))
    script = """const { isUsablePoint } = await load("keys.js");
        const { fromHex } = await load("encoding.js"); return isUsablePoint(fromHex(argument));"""
    assert run(page, script, point) is False
    # With A of small order and S = 0, R = A satisfies the equation for some messages.
    forged = point + "00" * 32
    assert run(page, VERIFY, [point, "72", forged]) is False
    # The same R under an honest key: refused before the equation is tried.
    assert run(page, VERIFY, [RFC_8032[1], "72", forged]) is False


def test_usable_points_are_usable(page: Page) -> None:
    keys = [PrivateKey.from_seed(bytes([n]) * 32).public_key.hex() for n in range(20)]
    script = """const { isUsablePoint } = await load("keys.js");
        const { fromHex } = await load("encoding.js");
        return argument.map((key) => isUsablePoint(fromHex(key)));"""
    assert run(page, script, keys) == [True] * 20


def test_pae_is_that_of_the_specification(page: Page) -> None:
    # The example of the DSSE protocol description, version 1.0.
    expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("http://example.com/HelloWorld", b"hello world") == expected.encode()
    script = """const { pae } = await load("envelope.js");
        const { fromUtf8, utf8 } = await load("encoding.js");
        return fromUtf8(pae("http://example.com/HelloWorld", utf8("hello world")));"""
    assert run(page, script) == expected


def test_a_browser_that_cannot_sign_is_told_which_can(page: Page) -> None:
    script = """const { whyUnsupported } = await load("keys.js");
        const before = await whyUnsupported();
        SubtleCrypto.prototype.generateKey = async () => { throw new DOMException("no"); };
        return [before ?? null, await whyUnsupported()];"""
    before, sentence = run(page, script)
    assert before is None
    assert "Firefox 129" in sentence
