"""Ed25519 against RFC 8032's vectors, and against keys and signatures made to deceive."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attest.signing import (
    PrivateKey,
    b64,
    fingerprint,
    is_valid_public_key,
    keyid,
    spki,
    unb64,
    verify,
)

# RFC 8032 §7.1: seed, public key, message, signature.
RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493

# The eight points of small order, and second spellings of some of them.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]

KEY = PrivateKey.from_seed(bytes(range(32)))


@pytest.mark.parametrize("name", RFC_8032)
def test_rfc_8032_vectors(name: str) -> None:
    seed, public, message, signature = RFC_8032[name]
    key = PrivateKey.from_seed(bytes.fromhex(seed))
    assert key.public_key.hex() == public
    assert key.sign(message).hex() == signature
    assert verify(key.public_key, message, bytes.fromhex(signature))


def test_keyid_is_the_hash_of_the_public_key_info() -> None:
    assert spki(KEY.public_key).hex() == "302a300506032b6570032100" + KEY.public_key.hex()
    assert len(spki(KEY.public_key)) == 44
    assert keyid(KEY.public_key) == hashlib.sha256(spki(KEY.public_key)).hexdigest() == KEY.keyid


def test_fingerprint_is_eight_groups_of_four() -> None:
    expected = base64.b32encode(bytes.fromhex(KEY.keyid)[:20]).decode().lower()
    groups = fingerprint(KEY.keyid).split(" ")
    assert [len(group) for group in groups] == [4] * 8
    assert "".join(groups) == expected


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_small_order_points_are_no_keys_and_no_signatures(point: str) -> None:
    raw = bytes.fromhex(point)
    assert not is_valid_public_key(raw)
    # With a small-order key, S = 0 and R = the identity would fit any message.
    identity = bytes.fromhex(SMALL_ORDER[0])
    assert not verify(raw, b"anything", identity + bytes(32))
    assert not verify(KEY.public_key, b"anything", raw + bytes(32))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    assert not is_valid_public_key(bytes(length))
    assert not verify(bytes(length), b"", bytes(64))
    with pytest.raises(ValueError, match="32 bytes"):
        PrivateKey.from_seed(bytes(length))


def test_a_point_off_the_curve_is_no_key() -> None:
    assert not is_valid_public_key((2).to_bytes(32, "little"))


def test_a_second_spelling_of_s_is_refused() -> None:
    signature = KEY.sign(b"message")
    doubled = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(KEY.public_key, b"message", signature[:32] + doubled.to_bytes(32, "little"))


def test_a_signature_with_a_torsion_part_in_r_is_refused() -> None:
    """It satisfies the equation with cofactor only, so verifiers would disagree about it."""
    digest = hashlib.sha512(KEY.seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ~7 & ((1 << 254) - 1) | 1 << 254
    base = (_x(4 * pow(5, -1, P) % P), 4 * pow(5, -1, P) % P)
    for torsion, expected in (((0, 1), True), ((0, P - 1), False)):
        point = _add(_multiply(987654321, base), torsion)
        r = (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")
        challenge = hashlib.sha512(r + KEY.public_key + b"message").digest()
        s = (987654321 + int.from_bytes(challenge, "little") * scalar) % ORDER
        assert verify(KEY.public_key, b"message", r + s.to_bytes(32, "little")) is expected


@given(st.binary(max_size=200), st.integers(0, 511))
def test_every_flipped_bit_spoils_a_signature(message: bytes, bit: int) -> None:
    signature = bytearray(KEY.sign(message))
    assert verify(KEY.public_key, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify(KEY.public_key, message, bytes(signature))


def test_the_representation_keeps_the_seed_to_itself() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert b64(KEY.seed) not in repr(KEY)
    assert KEY.keyid[:16] in repr(KEY)


@given(st.binary(max_size=100))
def test_base64_round_trip(data: bytes) -> None:
    assert unb64(b64(data)) == data


@pytest.mark.parametrize(
    "text", ["QQ", "QQ=", "QR==", "Q Q==", "QQ==\n", "QQ==QQ==", "-_==", "QÜ==", "====", "Q"]
)
def test_other_spellings_of_base64_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        unb64(text)


def _x(y: int) -> int:
    d = -121665 * pow(121666, -1, P)
    square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 else x


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    d = -121665 * pow(121666, -1, P)
    t = d * a[0] * b[0] * a[1] * b[1]
    return (
        (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P) % P,
        (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P,
    )


def _multiply(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def test_generated_keys_differ_and_sign() -> None:
    one, other = PrivateKey.generate(), PrivateKey.generate()
    assert one.keyid != other.keyid
    assert verify(one.public_key, b"message", one.sign(b"message"))
    assert not verify(other.public_key, b"message", one.sign(b"message"))


def test_no_public_key_information_of_another_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        spki(bytes(31))
