"""Signatures in the browser: what libsodium takes and no more, whichever engine checks them."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import pytest
from playwright.sync_api import Page

from attest.signing import b64, is_valid_public_key, keyid, verify
from tests.browser.conftest import NewVisitor
from tests.browser.floor import call, check, open_floor
from tests.signing.test_signing import (
    KEY,
    ORDER,
    RFC_8032,
    SMALL_ORDER,
    P,
    _add,
    _multiply,
    _x,
)

IDENTITY = bytes.fromhex(SMALL_ORDER[0])
BASE = (_x(4 * pow(5, -1, P) % P), 4 * pow(5, -1, P) % P)
# A point of order eight, and with it all that have a small order.
EIGHTH = (
    _x(int.from_bytes(bytes.fromhex(SMALL_ORDER[4]), "little")),
    int.from_bytes(bytes.fromhex(SMALL_ORDER[4]), "little"),
)
# WebCrypto without Ed25519, as in browsers of some years ago.
NO_ED25519 = """
    const importKey = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (format, key, algorithm, ...rest) => (
        algorithm.name === "Ed25519"
            ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
            : importKey(format, key, algorithm, ...rest)
    );
"""
# WebCrypto that takes every signature, and one that takes none: neither may be believed.
CREDULOUS = "crypto.subtle.verify = async () => true;"
SURLY = "crypto.subtle.verify = async () => false;"


@pytest.fixture(
    params=["", NO_ED25519, CREDULOUS, SURLY], ids=["own", "none", "credulous", "surly"]
)
def page(request: pytest.FixtureRequest, new_visitor: NewVisitor) -> Page:
    page = new_visitor()
    page.add_init_script(request.param)
    return open_floor(page)


def encoded(point: tuple[int, int]) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def scalar() -> int:
    digest = hashlib.sha512(KEY.seed).digest()
    return int.from_bytes(digest[:32], "little") & ~7 & ((1 << 254) - 1) | 1 << 254


def signature(
    r: bytes, nonce: int, key: bytes = KEY.public_key, message: bytes = b"message"
) -> bytes:
    """What satisfies the equation for R = nonce·B, whatever R is said to be."""
    challenge = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little")
    return r + ((nonce + challenge * scalar()) % ORDER).to_bytes(32, "little")


def cases() -> list[list[bytes]]:
    """Public key, message, signature."""
    found: list[list[bytes]] = []
    for _, public, message, sig in RFC_8032.values():
        found.append([bytes.fromhex(public), message, bytes.fromhex(sig)])
        found.append([bytes.fromhex(public), message + b"x", bytes.fromhex(sig)])
    good = KEY.sign(b"message")
    found += [[KEY.public_key, b"message", good[:size]] for size in (0, 32, 63)]
    found.append([KEY.public_key, b"message", good + b"\0"])
    found += [[bytes(size), b"", good] for size in (0, 31, 33)]
    for bit in range(0, 512, 7):
        flipped = bytearray(good)
        flipped[bit // 8] ^= 1 << bit % 8
        found.append([KEY.public_key, b"message", bytes(flipped)])
    # S and its second spellings.
    for times in range(1, 16):
        s = int.from_bytes(good[32:], "little") + times * ORDER
        if s < 2**256:
            found.append([KEY.public_key, b"message", good[:32] + s.to_bytes(32, "little")])
    for s in (0, ORDER - 1, ORDER, ORDER + 1, 2**255, 2**256 - 1):
        found.append([KEY.public_key, b"message", good[:32] + s.to_bytes(32, "little")])
    # Points of small order as R and as key, with what would fit.
    for point in SMALL_ORDER:
        raw = bytes.fromhex(point)
        found.append([raw, b"anything", IDENTITY + bytes(32)])
        found.append([raw, b"anything", raw + bytes(32)])
        found.append([KEY.public_key, b"message", signature(raw, 0)])
    # Every part of small order, added to R and to the key.
    torsion = (0, 1)
    for _ in range(8):
        r = encoded(_add(_multiply(987654321, BASE), torsion))
        found.append([KEY.public_key, b"message", signature(r, 987654321)])
        mixed = encoded(_add(_multiply(scalar(), BASE), torsion))
        plain = encoded(_multiply(987654321, BASE))
        found.append([mixed, b"message", signature(plain, 987654321, mixed)])
        torsion = _add(torsion, EIGHTH)
    # y of the prime and more, and what is no point.
    for y in (P, P + 1, P + 18, 2, P - 2):
        raw = y.to_bytes(32, "little")
        found.append([KEY.public_key, b"message", signature(raw, 1)])
        found.append([raw, b"message", good])
    return found


def test_signatures(page: Page) -> None:
    given = cases()

    def said(case: list[bytes]) -> str:
        return str(verify(case[0], case[1], case[2])).lower()

    answers = check(page, "signature", given, said, lambda case: [b64(part) for part in case])
    # The vectors, and R and the key without anything added to them.
    assert answers.count("true") == len(RFC_8032) + 2
    keys = list(dict.fromkeys(case[0] for case in given if len(case[0]) == 32))
    check(
        page, "key", keys, lambda key: f"{keyid(key)} {str(is_valid_public_key(key)).lower()}", b64
    )


def test_which_engine_checks(new_visitor: NewVisitor) -> None:
    """This browser's own; none that takes the equation with cofactor, or knows no Ed25519."""
    for script, own in (("", True), (NO_ED25519, False), (CREDULOUS, False), (SURLY, False)):
        page = new_visitor()
        page.add_init_script(script)
        assert call(open_floor(page), "engines") == [own, False, False]


def test_what_a_signature_costs(new_visitor: NewVisitor, record_property: Any) -> None:
    """A large log must not take hours: with WebCrypto a signature takes far below a millisecond."""
    count = int(os.environ.get("ATTEST_SIGNATURES", "50"))
    page = open_floor(new_visitor())
    mean, middle = call(page, "signatureTimes", count, 3000)
    record_property("microseconds_a_signature", mean)
    print(f"{mean:.0f} µs a signature, over {count}; half of them in {middle:.0f}")
    assert middle < 20_000
