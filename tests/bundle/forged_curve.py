"""Steps 2, 7 and 8: keys and signatures over which implementations of Ed25519 disagree.

What some libraries verify and others do not is refused everywhere (docs/formats.md §2): a point
that is not of the main subgroup or not spelt canonically, and S at or above the order.
"""

from __future__ import annotations

from attest.log.checkpoint import note_key_id
from attest.signing import b64
from attest.signing import keyid as keyid_of
from attest.statements import build
from attest.statements.envelope import PAYLOAD_TYPE, Signature, encode_envelope, pae
from tests.bundle import curve
from tests.bundle.forgery import Made, Table, ready
from tests.cast import LOG_KEY, OLIVE, OSCAR
from tests.logs import LogWriter, issued_log
from tests.packing import packed, trust_of

table = Table()


def enrolled(public_key: bytes, sign) -> LogWriter:
    """A log at whose end a key is enrolled; `sign` makes its signature over the message."""
    log = issued_log()
    payload = build.key_enrolment(public_key, OLIVE.holder, nonce=log.nonce(), stated_at=log.now)
    sig = sign(pae(PAYLOAD_TYPE, payload))
    body = encode_envelope(payload, (Signature(keyid_of(public_key), sig),))
    log.append_unjudged("key.enrolled", body)
    return log


def attested_by(sign) -> LogWriter:
    """A log at whose end the officer's attestation has a signature of another making."""
    log, payload = ready()
    sig = sign(pae(PAYLOAD_TYPE, payload))
    body = encode_envelope(payload, (Signature(OSCAR.keyid, sig),))
    log.append_unjudged("attestation.signed", body)
    return log


def s_plus_order(sig: bytes) -> bytes:
    """The same signature with S at or above the order."""
    s = int.from_bytes(sig[32:], "little") + curve.ORDER
    return sig[:32] + s.to_bytes(32, "little")


# --- 7: keys --------------------------------------------------------------------------------------


@table.log(7, "not a valid point")
def the_neutral_point_as_a_key() -> LogWriter:
    """R and the key neutral, S nought: it verifies over every message."""
    return enrolled(curve.NEUTRAL, lambda message: curve.NEUTRAL + bytes(32))


@table.log(7, "not a valid point")
def a_key_of_order_eight() -> LogWriter:
    return enrolled(curve.ORDER_EIGHT, lambda message: curve.NEUTRAL + bytes(32))


@table.log(7, "not a valid point")
def a_key_of_mixed_order() -> LogWriter:
    """Signed so that both of RFC 8032's equations hold: h is a multiple of eight."""
    scalar = curve.secret_scalar(OLIVE.key)
    public_key = curve.plus_order_eight(OLIVE.key.public_key)

    def sign(message: bytes) -> bytes:
        r = next(
            r
            for r in range(1, 1000)
            if curve.challenge(curve.point(r), public_key, message) % 8 == 0
        )
        return curve.signature(curve.point(r), r, scalar, public_key, message)

    return enrolled(public_key, sign)


@table.log(7, "not a valid point")
def a_key_spelt_above_the_prime() -> LogWriter:
    return enrolled(curve.NEUTRAL_SPELT_OTHERWISE, lambda message: curve.NEUTRAL + bytes(32))


@table.log(7, "not a valid point")
def a_key_that_is_not_on_the_curve() -> LogWriter:
    return enrolled(curve.NOT_ON_THE_CURVE, lambda message: curve.NEUTRAL + bytes(32))


@table.log(7, "does not verify")
def possession_shown_with_s_plus_l() -> LogWriter:
    return enrolled(OLIVE.key.public_key, lambda message: s_plus_order(OLIVE.key.sign(message)))


# --- 8: signatures --------------------------------------------------------------------------------


@table.log(8, "does not verify")
def a_signature_whose_r_is_the_neutral_point() -> LogWriter:
    """The equation holds, with and without cofactor."""
    scalar = curve.secret_scalar(OSCAR.key)
    return attested_by(
        lambda message: curve.signature(curve.NEUTRAL, 0, scalar, OSCAR.key.public_key, message)
    )


@table.log(8, "does not verify")
def a_signature_whose_r_is_of_mixed_order() -> LogWriter:
    """The equation with the cofactor holds, the one without does not."""
    scalar = curve.secret_scalar(OSCAR.key)
    r_point = curve.plus_order_eight(curve.point(2013))
    return attested_by(
        lambda message: curve.signature(r_point, 2013, scalar, OSCAR.key.public_key, message)
    )


@table.log(8, "does not verify")
def a_signature_over_the_bare_payload() -> LogWriter:
    """Without the encoding that says what kind of payload it is."""
    log, payload = ready()
    body = encode_envelope(payload, (Signature(OSCAR.keyid, OSCAR.key.sign(payload)),))
    log.append_unjudged("attestation.signed", body)
    return log


@table.log(8, "does not verify")
def a_signature_of_noughts() -> LogWriter:
    return attested_by(lambda message: bytes(64))


@table.log(10, "supersedes")
def a_statement_replayed_under_another_signature() -> LogWriter:
    """The same statement, another envelope: its hash differs, and the body is not there yet."""
    log, payload = ready()
    message = pae(PAYLOAD_TYPE, payload)
    first = encode_envelope(payload, (Signature(OSCAR.keyid, OSCAR.key.sign(message)),))
    log.append("attestation.signed", first)
    again = curve.another_signature(OSCAR.key, message)
    body = encode_envelope(payload, (Signature(OSCAR.keyid, again),))
    log.append_unjudged("attestation.signed", body)
    return log


@table.log(8, "not enrolled")
def an_attestation_signed_with_the_log_key() -> LogWriter:
    log, payload = ready()
    sig = LOG_KEY.sign(pae(PAYLOAD_TYPE, payload))
    body = encode_envelope(payload, (Signature(LOG_KEY.keyid, sig),))
    log.append_unjudged("attestation.signed", body)
    return log


# --- 2: the log key's signature -------------------------------------------------------------------


@table.bundle(2, "does not verify")
def a_checkpoint_signed_with_s_plus_l() -> Made:
    log = issued_log()
    text, _, _ = log.checkpoint().rpartition("\n\u2014 ")
    blob = note_key_id(log.origin, LOG_KEY.public_key) + s_plus_order(LOG_KEY.sign(text.encode()))
    note = f"{text}\n\u2014 {log.origin} {b64(blob)}\n"
    return packed(log, checkpoint=note), trust_of(log)
