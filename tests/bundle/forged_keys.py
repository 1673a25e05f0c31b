"""Step 7: what is said of keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from attest.signing import b64
from attest.signing import keyid as keyid_of
from attest.statements import build
from attest.statements.envelope import PAYLOAD_TYPE, Signature, encode_envelope, pae, sign_payload
from tests.bundle.forgery import Made, Table
from tests.cast import ANNE, EDITH, MALLORY, OLIVE, OSCAR, Signer
from tests.logs import LogWriter, changed, issued_log
from tests.packing import packed, trust_of

table = Table()

# A point of order 8: every signature by it can be made without a key.
SMALL_ORDER = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


def enrolment(log: LogWriter, who: Signer) -> bytes:
    return build.key_enrolment(who.key.public_key, who.holder, nonce=log.nonce(), stated_at=log.now)


def confirmation(log: LogWriter, whom: Signer, by: Signer, **changes) -> bytes:
    said = {
        "keyid": whom.keyid,
        "holder": whom.holder,
        "signer": by.signer,
        "method": "telephone",
        "nonce": log.nonce(),
        "stated_at": log.now,
        **changes,
    }
    return build.key_confirmation(**said)


def revocation(log: LogWriter, whom: Signer, by: Signer) -> bytes:
    return build.key_revocation(
        whom.keyid, by.signer, "Lost.", nonce=log.nonce(), stated_at=log.now
    )


@table.log(7, "not a valid point")
def a_key_of_small_order() -> LogWriter:
    log = issued_log()
    payload = build.key_enrolment(SMALL_ORDER, OLIVE.holder, nonce=log.nonce(), stated_at=log.now)
    signature = Signature(keyid_of(SMALL_ORDER), SMALL_ORDER + bytes(32))
    log.append_unjudged("key.enrolled", encode_envelope(payload, (signature,)))
    return log


@table.log(7, "subject")
def a_keyid_that_is_not_the_keys() -> LogWriter:
    log = issued_log()

    def swap(statement):
        statement["predicate"]["publicKey"] = b64(MALLORY.key.public_key)

    log.forge("key.enrolled", enrolment(log, OLIVE), swap, OLIVE)
    return log


@table.log(7, "enrolled already")
def a_key_enrolled_twice() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.enrolled", sign_payload(enrolment(log, OSCAR), OSCAR.key))
    return log


@table.log(7, "enrolled already")
def a_key_enrolled_again_after_it_was_revoked() -> LogWriter:
    log = issued_log()
    log.revoke(OSCAR)
    log.append_unjudged("key.enrolled", sign_payload(enrolment(log, OSCAR), OSCAR.key))
    return log


@table.log(7, "did not sign its own enrolment")
def an_enrolment_without_possession() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.enrolled", sign_payload(enrolment(log, OLIVE), MALLORY.key))
    return log


@table.log(7, "signature on its enrolment does not verify")
def an_enrolment_that_another_key_signed_in_its_name() -> LogWriter:
    log = issued_log()
    payload = enrolment(log, OLIVE)
    forged = Signature(OLIVE.keyid, MALLORY.key.sign(pae(PAYLOAD_TYPE, payload)))
    log.append_unjudged("key.enrolled", encode_envelope(payload, (forged,)))
    return log


@table.log(7, "not enrolled signed the enrolment")
def a_rotation_from_an_unknown_key() -> LogWriter:
    log = issued_log()
    payload = enrolment(log, OLIVE)
    log.append_unjudged("key.enrolled", sign_payload(payload, OLIVE.key, MALLORY.key))
    return log


@table.log(7, "another holder's")
def a_rotation_from_somebody_elses_key() -> LogWriter:
    log = issued_log()
    payload = enrolment(log, OLIVE)
    log.append_unjudged("key.enrolled", sign_payload(payload, OLIVE.key, OSCAR.key))
    return log


@table.log(7, "old key's signature")
def a_rotation_that_the_old_key_did_not_sign() -> LogWriter:
    log = issued_log()
    second = OSCAR.with_key("second")
    payload = enrolment(log, second)
    message = pae(PAYLOAD_TYPE, payload)
    signatures = (
        Signature(second.keyid, second.key.sign(message)),
        Signature(OSCAR.keyid, second.key.sign(message)),
    )
    log.append_unjudged("key.enrolled", encode_envelope(payload, signatures))
    return log


@table.log(7, "only a controller's signatory")
def a_key_confirmed_by_an_officer() -> LogWriter:
    log = issued_log()
    log.enrol(OLIVE)
    payload = confirmation(log, OLIVE, OSCAR)
    log.append_unjudged("key.confirmed", sign_payload(payload, OSCAR.key))
    return log


@table.log(7, "another holder than the enrolment")
def a_key_confirmed_for_another_holder() -> LogWriter:
    log = issued_log()
    log.enrol(OLIVE)
    payload = confirmation(log, OLIVE, ANNE, holder=OSCAR.holder)
    log.append_unjudged("key.confirmed", sign_payload(payload, ANNE.key))
    return log


@table.log(7, "is about is not enrolled")
def an_unknown_key_confirmed() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.confirmed", sign_payload(confirmation(log, OLIVE, ANNE), ANNE.key))
    return log


@table.log(7, "signer's key is not enrolled")
def a_key_confirmed_by_an_unknown_key() -> LogWriter:
    log = issued_log()
    payload = confirmation(log, OSCAR, EDITH)
    log.append_unjudged("key.confirmed", sign_payload(payload, EDITH.key))
    return log


@table.log(7, "not by the key that signer names")
def a_confirmation_that_names_the_signatory_and_is_the_officers_own() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.confirmed", sign_payload(confirmation(log, OSCAR, ANNE), OSCAR.key))
    return log


@table.log(7, "the signature does not verify")
def a_confirmation_under_the_signatorys_keyid() -> LogWriter:
    log = issued_log()
    payload = confirmation(log, OSCAR, ANNE)
    forged = Signature(ANNE.keyid, MALLORY.key.sign(pae(PAYLOAD_TYPE, payload)))
    log.append_unjudged("key.confirmed", encode_envelope(payload, (forged,)))
    return log


@table.log(7, "order of statedAt")
def a_confirmation_stated_before_the_enrolment() -> LogWriter:
    log = issued_log()
    log.enrol(OLIVE)
    payload = confirmation(log, OLIVE, ANNE, stated_at=log.now - timedelta(days=1))
    log.append_unjudged("key.confirmed", sign_payload(payload, ANNE.key))
    return log


@table.log(7, "may not revoke")
def a_signatorys_key_revoked_by_the_officer() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.revoked", sign_payload(revocation(log, ANNE, OSCAR), OSCAR.key))
    return log


@table.log(7, "may not revoke")
def a_key_revoked_by_a_stranger() -> LogWriter:
    log = issued_log()
    log.enrol(MALLORY)
    log.append_unjudged("key.revoked", sign_payload(revocation(log, OSCAR, MALLORY), MALLORY.key))
    return log


@table.log(7, "predicateType")
def a_confirmation_as_an_enrolment() -> LogWriter:
    log = issued_log()
    log.append_unjudged("key.enrolled", sign_payload(confirmation(log, OSCAR, ANNE), ANNE.key))
    return log


@table.log(7, "must be one of")
def a_key_confirmed_by_letter() -> LogWriter:
    log = issued_log()
    payload = confirmation(log, OSCAR, ANNE)
    by_letter = changed(payload, lambda said: said["predicate"].update(method="letter"))
    log.append_unjudged("key.confirmed", sign_payload(by_letter, ANNE.key))
    return log


@table.log(9, "later than the leaf")
def a_key_statement_postdated() -> LogWriter:
    log = issued_log()
    payload = confirmation(log, OSCAR, ANNE, stated_at=log.now + timedelta(seconds=601))
    log.append_unjudged("key.confirmed", sign_payload(payload, ANNE.key))
    return log


@table.bundle(7, "another holder for this key")
def a_pinned_key_under_another_name() -> Made:
    log = issued_log()
    pinned = {OSCAR.keyid: OLIVE.holder}
    return packed(log), replace(trust_of(log), pinned=pinned)
