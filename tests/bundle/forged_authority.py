"""Step 8: signatures, the schemas of statements, and who may sign what."""

from __future__ import annotations

import base64

from attest.statements.canonical import decode, encode
from attest.statements.envelope import PAYLOAD_TYPE, Signature, encode_envelope, pae, sign_payload
from tests.bundle.forgery import Table, attested, predicate, ready
from tests.cast import ANNE, EDITH, MALLORY, OLIVE, OSCAR, PARTIES, Signer
from tests.logs import LogWriter, issued_log

table = Table()

ORDER = 2**252 + 27742317777372353535851937790883648493


def enveloped(log: LogWriter, payload: bytes, keyid: str, sig: bytes) -> LogWriter:
    body = encode_envelope(payload, (Signature(keyid, sig),))
    log.append_unjudged("attestation.signed", body)
    return log


def signed_as(payload: bytes, by: Signer) -> bytes:
    return by.key.sign(pae(PAYLOAD_TYPE, payload))


# --- 8: the signature ----------------------------------------------------------------------------


@table.log(8, "does not verify")
def a_payload_edited_and_hashed_again() -> LogWriter:
    log, payload = ready()
    edited = payload.replace(b"all folders", b"two folders")
    assert edited != payload
    return enveloped(log, edited, OSCAR.keyid, signed_as(payload, OSCAR))


@table.log(8, "does not verify")
def a_bit_of_the_signature_flipped() -> LogWriter:
    log, payload = ready()
    sig = signed_as(payload, OSCAR)
    return enveloped(log, payload, OSCAR.keyid, bytes([sig[0] ^ 1]) + sig[1:])


@table.log(8, "does not verify")
def the_same_signature_spelt_with_s_plus_l() -> LogWriter:
    log, payload = ready()
    sig = signed_as(payload, OSCAR)
    s = int.from_bytes(sig[32:], "little") + ORDER
    return enveloped(log, payload, OSCAR.keyid, sig[:32] + s.to_bytes(32, "little"))


@table.log(8, "does not verify")
def another_key_under_the_officers_keyid() -> LogWriter:
    log, payload = ready()
    return enveloped(log, payload, OSCAR.keyid, signed_as(payload, MALLORY))


@table.log(8, "not enrolled")
def a_key_that_nobody_enrolled() -> LogWriter:
    log, payload = ready()
    return enveloped(log, payload, MALLORY.keyid, signed_as(payload, MALLORY))


@table.log(8, "not the holder")
def an_enrolled_key_in_the_officers_name() -> LogWriter:
    log = issued_log()
    log.enrol(OLIVE)
    payload = log.attestation_payload(log.files[0])
    return enveloped(log, payload, OLIVE.keyid, signed_as(payload, OLIVE))


@table.log(8, "payloadType")
def another_payload_type() -> LogWriter:
    log, payload = ready()
    body = decode(sign_payload(payload, OSCAR.key))
    body["payloadType"] = "application/json"
    sig = OSCAR.key.sign(pae("application/json", payload))
    body["signatures"][0]["sig"] = base64.b64encode(sig).decode()
    log.append_unjudged("attestation.signed", encode(body))
    return log


@table.log(8, "base64")
def a_signature_in_sloppy_base64() -> LogWriter:
    log, payload = ready()
    body = sign_payload(payload, OSCAR.key)
    assert body.count(b'=="}]}') == 1
    log.append_unjudged("attestation.signed", body.replace(b'=="}]}', b'"}]}'))
    return log


@table.log(8, "exactly one signature")
def two_signatures() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key, ANNE.key))
    return log


@table.log(8, "signatures")
def no_signature() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", encode_envelope(payload, ()))
    return log


@table.log(8, "revoked")
def an_attestation_after_the_revocation() -> LogWriter:
    log = issued_log()
    log.revoke(OSCAR, by=ANNE)
    payload = log.attestation_payload(log.files[0])
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log


# --- 8: schema and authority ---------------------------------------------------------------------


@table.log(8, "predicateType")
def a_review_as_an_attestation() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    log.append_unjudged("attestation.signed", sign_payload(payload, ANNE.key))
    return log


@table.log(8, "not a member")
def an_unknown_member_in_a_statement() -> LogWriter:
    return attested(predicate(approved=True))


@table.log(8, "canonical")
def a_payload_that_is_not_canonical() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", sign_payload(payload + b" ", OSCAR.key))
    return log


@table.log(8, "must be v1")
def a_declaration_by_an_unknown_template() -> LogWriter:
    return attested(lambda s: s["predicate"]["declaration"].update(template="v0"))


@table.log(8, "not the holder")
def a_signer_who_gives_another_role() -> LogWriter:
    return attested(lambda s: s["predicate"]["signer"].update(role="Managing director"))


@table.log(8, "contractor's officer")
def an_attestation_by_the_controller() -> LogWriter:
    log = issued_log()
    payload = log.attestation_payload(log.files[0], ANNE)
    log.append_unjudged("attestation.signed", sign_payload(payload, ANNE.key))
    return log


@table.log(8, "organisation")
def an_attestation_by_another_contractors_officer() -> LogWriter:
    log = issued_log()
    log.enrol(MALLORY)
    payload = log.attestation_payload(log.files[0], MALLORY)
    log.append_unjudged("attestation.signed", sign_payload(payload, MALLORY.key))
    return log


@table.log(8, "controller's signatory")
def a_review_by_the_officer() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]], OSCAR)
    log.append_unjudged("attestation.reviewed", sign_payload(payload, OSCAR.key))
    return log


@table.log(8, "organisation")
def a_closure_by_a_joint_controller() -> LogWriter:
    log = issued_log()
    log.enrol(EDITH)
    payload = log.closure_payload(EDITH, outcome="withdrawn")
    log.append_unjudged("demand.closed", sign_payload(payload, EDITH.key))
    return log


@table.log(8, "organisation")
def an_amendment_that_makes_its_own_signer_the_lead() -> LogWriter:
    log = issued_log()
    log.enrol(EDITH)
    lead, joint = PARTIES["controllers"]
    swapped = [{**lead, "role": "joint"}, {**joint, "role": "lead"}]
    payload = log.demand_payload(EDITH, parties={**PARTIES, "controllers": swapped})
    log.append_unjudged("demand.amended", sign_payload(payload, EDITH.key))
    return log


@table.log(8, "organisation")
def an_attestation_by_a_contractor_that_an_amendment_replaced() -> LogWriter:
    log = issued_log()
    log.amend(parties={**PARTIES, "contractor": {"name": "Another plc"}})
    payload = log.attestation_payload(log.files[0])
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log


@table.log(8, "a rejection needs one")
def a_rejection_without_a_reason() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]], decision="rejected")
    log.forge("attestation.reviewed", payload, lambda s: s["predicate"].pop("reason"), ANNE)
    return log


@table.log(8, "names a file twice")
def a_review_of_one_file_twice() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    log.forge("attestation.reviewed", payload, lambda s: s["subject"].extend(s["subject"]), ANNE)
    return log


@table.log(8, "exactly one of them leads")
def a_demand_with_two_leads() -> LogWriter:
    log = issued_log()

    def lead(statement):
        statement["predicate"]["parties"]["controllers"][1]["role"] = "lead"

    log.forge("demand.amended", log.demand_payload(), lead, ANNE)
    return log
