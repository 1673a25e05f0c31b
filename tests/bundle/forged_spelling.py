"""Step 8: statements that their rightful signer signed, and that are spelt as none may be.

Two programs would read two things out of them: one sees the first of two members, another the
last; one takes 1e2 for 100, another for a text.
"""

from __future__ import annotations

import base64

from attest.statements.canonical import decode, encode
from attest.statements.envelope import PAYLOAD_TYPE, pae, sign_payload
from tests.bundle.forgery import Table, attested, predicate, ready
from tests.cast import ANNE, OSCAR
from tests.logs import LogWriter, answer, issued_log

table = Table()


def respelt(old: bytes, new: bytes, outcome: str = "none_found") -> LogWriter:
    """An attestation some of whose bytes were changed before its officer signed it."""
    log = issued_log()
    payload = log.attestation_payload(log.files[0], outcome=outcome)
    assert payload.count(old) >= 1, old
    log.append_unjudged("attestation.signed", sign_payload(payload.replace(old, new, 1), OSCAR.key))
    return log


def counted(number: bytes) -> LogWriter:
    """An attestation whose first copy counts something."""
    log = issued_log()
    [first, second] = sorted(log.stores)
    copies = [{**answer(first), "count": 7}, answer(second)]
    payload = log.attestation_payload(log.files[0], copies=copies)
    assert payload.count(b'"count":7') == 1
    respelt = payload.replace(b'"count":7', b'"count":' + number)
    log.append_unjudged("attestation.signed", sign_payload(respelt, OSCAR.key))
    return log


def enveloped(change) -> LogWriter:
    """A good attestation whose envelope was changed afterwards."""
    log, payload = ready()
    body = decode(sign_payload(payload, OSCAR.key))
    change(body)
    log.append_unjudged("attestation.signed", encode(body))
    return log


# --- The payload ----------------------------------------------------------------------------------


@table.log(8, "canonical")
def an_outcome_given_twice() -> LogWriter:
    """The last one counts for most parsers, the first one for some."""
    return respelt(b'"outcome":"none_found"', b'"outcome":"beyond_use","outcome":"none_found"')


@table.log(10, "copies[0].Outcome")
def an_outcome_given_twice_in_other_letters() -> LogWriter:
    """Some parsers take names without regard to case; here the member is unknown."""
    return respelt(b'"outcome":"none_found"', b'"Outcome":"beyond_use","outcome":"none_found"')


@table.log(8, "no integer")
def a_count_with_an_exponent() -> LogWriter:
    return counted(b"7e0")


@table.log(8, "no integer")
def a_count_with_a_fraction() -> LogWriter:
    return counted(b"7.0")


@table.log(8, "canonical")
def a_count_of_minus_nought() -> LogWriter:
    return counted(b"-0")


@table.log(8, "JSON")
def a_count_with_a_leading_nought() -> LogWriter:
    return counted(b"07")


@table.log(8, "no integer")
def a_count_that_is_no_number() -> LogWriter:
    return counted(b"NaN")


@table.log(8, "outside")
def a_count_of_two_to_the_53() -> LogWriter:
    return counted(b"9007199254740993")


@table.log(8, "outside")
def a_count_of_a_million_digits() -> LogWriter:
    return counted(b"9" * 300_000)


@table.log(8, "null")
def a_count_of_null() -> LogWriter:
    return counted(b"null")


@table.log(10, "copies[0].count")
def a_count_that_is_true() -> LogWriter:
    """For some languages true is 1."""
    return counted(b"true")


@table.log(8, "surrogate")
def half_a_character_in_a_statement() -> LogWriter:
    return respelt(b"all folders", b"all \\ud83d folders")


@table.log(8, "JSON")
def half_a_character_in_raw_bytes() -> LogWriter:
    return respelt(b"all folders", b"all \xed\xa0\xbd folders")


@table.log(8, "JSON")
def an_overlong_letter() -> LogWriter:
    """An older decoder reads C1 A1 as the letter a."""
    return respelt(b"all folders", b"\xc1\xa1ll folders")


@table.log(8, "canonical")
def an_escaped_letter() -> LogWriter:
    return respelt(b"all folders", b"\\u0061ll folders")


@table.log(8, "canonical")
def an_escaped_slash() -> LogWriter:
    return respelt(b"https://in-toto.io", b"https:\\/\\/in-toto.io")


@table.log(8, "nested too deeply")
def a_statement_nested_too_deeply() -> LogWriter:
    return counted(b"[" * 5_000 + b"]" * 5_000)


@table.log(8, "JSON")
def a_statement_with_a_byte_order_mark() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", sign_payload(b"\xef\xbb\xbf" + payload, OSCAR.key))
    return log


@table.log(8, "no statement")
def a_statement_that_is_a_list() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", sign_payload(b"[" + payload + b"]", OSCAR.key))
    return log


@table.log(8, "JSON")
def two_statements_in_one_payload() -> LogWriter:
    log, payload = ready()
    log.append_unjudged("attestation.signed", sign_payload(payload + payload, OSCAR.key))
    return log


@table.log(10, "hidden direction mark")
def a_search_that_reads_backwards() -> LogWriter:
    return respelt(b"all folders", "all \u202efolders".encode())


@table.log(10, "NFC")
def a_search_in_pieces() -> LogWriter:
    return respelt(b"all folders", "all fo\u0301lders".encode())


@table.log(8, "_type")
def a_statement_of_another_kind() -> LogWriter:
    return attested(lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"))


@table.log(8, "is not a member")
def a_subject_with_a_second_digest() -> LogWriter:
    return attested(lambda s: s["subject"][0]["digest"].update(sha512="0" * 128))


@table.log(8, "lang")
def a_declaration_in_another_language() -> LogWriter:
    return attested(lambda s: s["predicate"]["declaration"].update(lang="fr-FR"))


@table.log(8, "recipients")
def a_disclosure_to_nobody() -> LogWriter:
    return attested(predicate(onward={"disclosed": True}))


@table.log(8, "nothing was disclosed")
def recipients_although_nothing_was_disclosed() -> LogWriter:
    recipients = [{"name": "A printer", "what": "All of it"}]
    return attested(predicate(onward={"disclosed": False, "recipients": recipients}))


@table.log(8, "must be one of")
def an_unknown_decision() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    log.forge("attestation.reviewed", payload, predicate(decision="noted"), ANNE)
    return log


@table.log(8, "must be one of")
def an_unknown_way_to_close() -> LogWriter:
    log = issued_log()
    payload = log.closure_payload(outcome="withdrawn")
    log.forge("demand.closed", payload, predicate(outcome="settled"), ANNE)
    return log


@table.log(8, "must be one of")
def a_demand_for_something_else() -> LogWriter:
    log = issued_log()
    log.forge("demand.amended", log.demand_payload(), predicate(action="keep"), ANNE)
    return log


@table.log(8, "1 to 1000")
def a_review_of_a_thousand_and_one() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])

    def repeat(statement):
        statement["subject"] *= 1_001

    log.forge("attestation.reviewed", payload, repeat, ANNE)
    return log


@table.log(8, "twice")
def a_review_that_lists_a_file_twice() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    log.forge("attestation.reviewed", payload, lambda s: s["subject"].extend(s["subject"]), ANNE)
    return log


# --- The envelope ---------------------------------------------------------------------------------


@table.log(8, "base64")
def a_signature_in_url_safe_base64() -> LogWriter:
    """That alphabet spells plus and slash otherwise."""
    log, payload = ready()
    body = decode(sign_payload(payload, OSCAR.key))
    while not {"+", "/"} & set(body["signatures"][0]["sig"]):
        body = decode(sign_payload(log.attestation_payload(log.files[0]), OSCAR.key))
    [signature] = body["signatures"]
    signature["sig"] = signature["sig"].replace("+", "-").replace("/", "_")
    log.append_unjudged("attestation.signed", encode(body))
    return log


@table.log(8, "base64")
def a_payload_in_base64_with_a_line_break() -> LogWriter:
    return enveloped(
        lambda body: body.update(payload=body["payload"][:76] + "\n" + body["payload"][76:])
    )


@table.log(8, "base64")
def a_signature_in_base64_with_stray_bits() -> LogWriter:
    """The last letter before the padding has bits that no byte uses."""

    def stray(body):
        [signature] = body["signatures"]
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = signature["sig"][-3]
        signature["sig"] = signature["sig"][:-3] + letters[letters.index(last) + 1] + "=="

    return enveloped(stray)


@table.log(8, "keyid")
def a_keyid_in_upper_case() -> LogWriter:
    return enveloped(lambda body: body["signatures"][0].update(keyid=OSCAR.keyid.upper()))


@table.log(8, "64 bytes")
def a_signature_of_sixty_five_bytes() -> LogWriter:
    def lengthen(body):
        [signature] = body["signatures"]
        longer = base64.b64decode(signature["sig"]) + b"\0"
        signature["sig"] = base64.b64encode(longer).decode()

    return enveloped(lengthen)


@table.log(8, "same key")
def the_same_signature_twice() -> LogWriter:
    return enveloped(lambda body: body["signatures"].extend(body["signatures"]))


@table.log(8, "exactly")
def an_envelope_with_another_member() -> LogWriter:
    return enveloped(lambda body: body.update(verified="yes"))


@table.log(8, "exactly")
def a_signature_that_brings_its_own_certificate() -> LogWriter:
    """The signature's members are closed too: no key comes along with it."""
    return enveloped(lambda body: body["signatures"][0].update(cert="-----BEGIN CERTIFICATE-----"))


@table.log(8, "does not verify")
def a_signature_over_another_type_of_payload() -> LogWriter:
    """The envelope gives the right type; what was signed gives another."""
    log, payload = ready()
    body = decode(sign_payload(payload, OSCAR.key))
    sig = OSCAR.key.sign(pae(PAYLOAD_TYPE + ";v=2", payload))
    body["signatures"][0]["sig"] = base64.b64encode(sig).decode()
    log.append_unjudged("attestation.signed", encode(body))
    return log


@table.log(8, "canonical")
def an_envelope_with_its_members_in_another_order() -> LogWriter:
    log, payload = ready()
    body = sign_payload(payload, OSCAR.key)
    start = body.index(b',"payloadType"')
    end = body.index(b',"signatures"')
    moved = b"{" + body[start + 1 : end] + b"," + body[1:start] + body[end:]
    log.append_unjudged("attestation.signed", moved)
    return log
