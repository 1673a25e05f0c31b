"""What TSAs answer in many ways is stored in one, without what they did not sign."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from attest.bundle.algorithms import CheckSignature
from attest.bundle.certificate import read_pem
from attest.bundle.der import element
from attest.bundle.normal_token import normalised
from attest.bundle.token import check_token
from attest.certificates import check_signature
from attest.domain.scalars import FormatError
from tests import forged_tokens as forged
from tests.forged_tokens import TEXT, integer, make, sequence
from tests.token_cases import GOOD
from tests.tsa import certify, request, tsa

CHECK: CheckSignature = check_signature
WORDS = sequence(integer(1), sequence(element(0x0C, b"Operation Okay")))
UNSIGNED = element(0xA1, forged.attribute(b"\x06\x03\x2a\x03\x04", b"\x05\x00"))
# Names that TSAs give the algorithm of a signature that is ecdsa-with-SHA256.
EC_KEY = bytes.fromhex("300906072a8648ce3d0201")
ECDSA_WITH_SHA512 = bytes.fromhex("300a06082a8648ce3d040304")


def chain(kind: str = "ecdsa") -> list[bytes]:
    by = tsa("rsa" if kind == "rsa" else "ecdsa")
    return [by.signer.der, by.intermediates[0].der]


@pytest.mark.parametrize("name", [name for name in GOOD if name != "root_in_the_token"])
def test_what_a_bundle_may_hold_stays_as_it_is(name: str) -> None:
    response = GOOD[name]().response
    assert normalised(response) == response


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_what_openssl_answers_is_taken_then(kind: str) -> None:
    by = tsa("rsa" if kind == "rsa" else "ecdsa")
    stored = normalised(by.answer(request(TEXT.encode())))
    assert check_token(stored, TEXT, [read_pem(by.root_pem)], CHECK).tsa
    assert by.verifies(stored, TEXT.encode())


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("ecdsa", {"status": WORDS}),
        ("ecdsa", {"unsigned": UNSIGNED}),
        ("ecdsa", {"lists": element(0xA1, sequence())}),
        ("ecdsa", {"version": integer(1)}),
        ("ecdsa", {"digests": forged.SHA512}),
        ("ecdsa", {"certificates": [*chain(), tsa("ecdsa").root.der]}),
        ("ecdsa", {"certificates": [*chain(), *chain("rsa"), b"\xa2\x00"]}),
        ("ecdsa", {"certificates": sorted(chain())[::-1], "sort_certificates": False}),
        ("ecdsa", {"certificates": [*chain(), *chain()], "sort_certificates": False}),
        ("rsa", {"algorithm": forged.SHA256_WITH_RSA}),
        ("ecdsa", {"algorithm": EC_KEY}),
        ("ecdsa", {"algorithm": ECDSA_WITH_SHA512}),
    ],
)
def test_what_the_tsa_did_not_sign_is_put_right(kind: str, members: dict[str, object]) -> None:
    made = make(kind, **members)
    root = read_pem(tsa("rsa" if kind == "rsa" else "ecdsa").root_pem)
    with pytest.raises(FormatError):
        check_token(made, TEXT, [], CHECK)
    stored = normalised(made)
    assert check_token(stored, TEXT, [root], CHECK).tsa
    assert normalised(stored) == stored


def test_a_root_is_left_out() -> None:
    by = tsa("ecdsa")
    stored = normalised(make(certificates=[*chain(), by.root.der]))
    assert stored.count(by.root.der) == 0
    assert check_token(stored, TEXT, [read_pem(by.root_pem)], CHECK).tsa


def test_certificates_that_cannot_be_read_are_left_out() -> None:
    small = ec.generate_private_key(ec.SECP224R1())
    unread = certify("Small", authority=True, private_key=small).der
    stored = normalised(make(certificates=[*chain(), unread]))
    assert check_token(stored, TEXT, [read_pem(tsa("ecdsa").root_pem)], CHECK).tsa


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (b"", "the response is missing, or is not DER"),
        (make() + b"\0", "something stands behind the response"),
        (sequence(sequence(integer(2))), "the timestamp was not granted (status 2)"),
        (sequence(forged.GRANTED), "the token is missing, or is not DER"),
        (make(signed_data=forged.DATA), "the token is not SignedData"),
        (make(more_signers=sequence()), "something stands behind the one SignerInfo"),
        (make(certificates=[]), "the token does not hold its signer's certificate"),
        (make(signer_version=integer(3)), "the version of SignerInfo is not 1"),
        (make(content_type=forged.DATA), "what the token signs is not TSTInfo"),
    ],
)
def test_what_is_no_timestamp(response: bytes, reason: str) -> None:
    with pytest.raises(FormatError) as refused:
        normalised(response)
    assert str(refused.value) == reason


def test_protected_algorithms_keep_their_names() -> None:
    # Both algorithms are signed here: another name would break the signature's own account.
    said = {forged.PROTECTION: sequence(forged.SHA256, b"\xa1" + forged.SHA256_WITH_RSA[1:])}
    made = make("rsa", algorithm=forged.SHA256_WITH_RSA, attributes=said)
    assert normalised(made) == made
