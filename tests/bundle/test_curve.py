"""Signatures made by hand are what they say they are; else the corpus would test something else."""

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from attest.signing import is_valid_public_key, verify
from tests.bundle import curve
from tests.cast import OSCAR

KEY = OSCAR.key.public_key


def test_another_signature_verifies():
    sig = curve.another_signature(OSCAR.key, b"x")
    assert sig != OSCAR.key.sign(b"x")
    assert verify(KEY, b"x", sig)
    VerifyKey(KEY).verify(b"x", sig)


def test_the_scalar_is_the_keys():
    assert curve.point(curve.secret_scalar(OSCAR.key)) == KEY


@pytest.mark.parametrize(
    "key",
    [
        curve.NEUTRAL,
        curve.ORDER_EIGHT,
        curve.NEUTRAL_SPELT_OTHERWISE,
        curve.NOT_ON_THE_CURVE,
        curve.plus_order_eight(KEY),
    ],
)
def test_points_that_are_no_keys(key):
    assert not is_valid_public_key(key)


def test_s_at_or_above_the_order_is_another_spelling():
    sig = OSCAR.key.sign(b"x")
    s = int.from_bytes(sig[32:], "little") + curve.ORDER
    again = sig[:32] + s.to_bytes(32, "little")
    assert not verify(KEY, b"x", again)
    with pytest.raises(BadSignatureError):
        VerifyKey(KEY).verify(b"x", again)
