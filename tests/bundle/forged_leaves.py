"""Steps 6 and 13, and 9 and 12 for plain bodies: leaves, plain bodies, and what lies beside."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from attest.statements.canonical import decode, encode
from tests.bundle.forgery import Made, Table
from tests.logs import LIAISON, LogWriter, closed_log, issued_log, made_up_uuid
from tests.packing import packed, trust_of

table = Table()


def with_leaf(change) -> LogWriter:
    """A log with a letter at its end, whose leaf's bytes were changed."""
    log = issued_log()
    log.letter()
    log.leaves[-1] = change(log.leaves[-1])
    return log


def with_body(event: str, change, /, **members) -> LogWriter:
    """A log with a plain body at its end whose bytes were changed before they were hashed."""
    log = issued_log()
    log.append_unjudged(event, change(log.plain_body(event, **members)))
    return log


def with_file(change) -> LogWriter:
    """The same for a file.named."""
    return with_body(
        "file.named",
        change,
        fileId=made_up_uuid("more"),
        name="more.txt",
        kind="electronic",
        size=7,
    )


# --- 6: the leaf ---------------------------------------------------------------------------------


@table.log(6, "canonical")
def a_leaf_with_a_space() -> LogWriter:
    return with_leaf(lambda leaf: leaf.replace(b',"v"', b', "v"'))


@table.log(6, "canonical")
def a_leaf_with_another_member() -> LogWriter:
    return with_leaf(lambda leaf: leaf[:-1] + b',"x":1}')


@table.log(6, "canonical")
def a_leaf_of_another_version() -> LogWriter:
    return with_leaf(lambda leaf: leaf.replace(b'"v":1', b'"v":2'))


@table.log(6, "another demand")
def a_leaf_of_another_demand() -> LogWriter:
    log = issued_log()
    log.append_unjudged("letter.sent", b"{}", demand=made_up_uuid("other"))
    return log


@table.log(6, "seq is 9")
def a_number_left_out() -> LogWriter:
    log = issued_log()
    log.append_unjudged("letter.sent", b"{}", seq=9)
    return log


@table.log(6, "goes back")
def a_clock_put_back() -> LogWriter:
    log = issued_log()
    log.now -= timedelta(hours=1)
    log.append_unjudged("letter.sent", b"{}")
    return log


@table.log(6, "at:")
def a_moment_that_does_not_exist() -> LogWriter:
    return with_leaf(lambda leaf: leaf.replace(b"2013-02-04T", b"2013-02-30T"))


@table.log(6, "not a type")
def an_unknown_type() -> LogWriter:
    log = issued_log()
    log.append_unjudged("file.forgotten", b"{}")
    return log


@table.log(6, "earlier leaf")
def the_same_body_twice() -> LogWriter:
    log = issued_log()
    log.letter()
    body = log.bodies[-1]
    assert body is not None
    log.append_unjudged("letter.sent", body)
    return log


@table.log(6, "earlier leaf")
def a_statement_replayed_in_its_own_log() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    body = log.bodies[-1]
    assert body is not None
    log.append_unjudged("attestation.signed", body)
    return log


@table.log(6, "before demand.issued")
def an_acknowledgement_before_the_demand() -> LogWriter:
    log = LogWriter()
    log.append_unjudged("demand.acknowledged", log.plain_body("demand.acknowledged", by=LIAISON))
    return log


@table.log(6, "issued already")
def a_second_demand() -> LogWriter:
    log = issued_log()
    body = log.bodies[5]
    assert body is not None
    log.append_unjudged("demand.issued", body + b" ")
    return log


# --- 6: plain bodies -----------------------------------------------------------------------------


@table.log(6, "not a member")
def an_unknown_member() -> LogWriter:
    return with_file(lambda body: encode({**decode(body), "verified": True}))


@table.log(6, "is missing")
def a_body_without_nonce() -> LogWriter:
    return with_file(lambda body: body.replace(b'"nonce"', b'"nounce"'))


@table.log(6, "canonical")
def a_member_twice() -> LogWriter:
    return with_file(lambda body: body.replace(b'"kind":', b'"kind":"hard_copy","kind":'))


@table.log(6, "no integer")
def a_float() -> LogWriter:
    return with_file(lambda body: body.replace(b'"size":7', b'"size":7.0'))


@table.log(6, "canonical")
def minus_nought() -> LogWriter:
    return with_file(lambda body: body.replace(b'"size":7', b'"size":-0'))


@table.log(6, "outside")
def an_integer_beyond_two_to_the_53() -> LogWriter:
    return with_file(lambda body: body.replace(b'"size":7', b'"size":9007199254740992'))


@table.log(6, "null")
def a_null() -> LogWriter:
    return with_file(lambda body: body.replace(b'"size":7', b'"size":null'))


@table.log(6, "nested too deeply")
def deep_nesting() -> LogWriter:
    deep = b"[" * 100_000 + b"]" * 100_000
    return with_file(lambda body: body.replace(b'"size":7', b'"size":' + deep))


@table.log(6, "canonical")
def members_out_of_order() -> LogWriter:
    return with_file(lambda body: b'{"v":1,' + body[1:].replace(b',"v":1}', b"}"))


@table.log(6, "canonical")
def an_odd_escape() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", b"mor\\u0065.txt"))


@table.log(6, "UTF-8")
def a_body_in_another_encoding() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", b"m\xf6re.txt"))


@table.log(6, "surrogate")
def half_a_character() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", b"m\\ud800.txt"))


@table.log(6, "hidden direction mark")
def a_name_that_reads_backwards() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", "m\u202etxt.exe".encode()))


@table.log(6, "NFC")
def a_name_in_pieces() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", "re\u0301sume\u0301".encode()))


@table.log(6, "one line")
def a_name_on_two_lines() -> LogWriter:
    return with_file(lambda body: body.replace(b"more.txt", b"more\\n.txt"))


@table.log(6, "lower case")
def an_identifier_in_upper_case() -> LogWriter:
    name = made_up_uuid("more").encode()
    return with_file(lambda body: body.replace(name, name.upper()))


@table.log(6, "named already")
def a_file_named_twice() -> LogWriter:
    first = made_up_uuid(issued_log().origin + " file 0").encode()
    return with_file(lambda body: body.replace(made_up_uuid("more").encode(), first))


@table.log(6, "named already")
def a_store_named_twice() -> LogWriter:
    log = issued_log()
    body = log.plain_body(
        "store.named",
        storeId=log.stores[0],
        label="Another share",
        medium="electronic",
        kind="file_share",
        namedBy=LIAISON,
    )
    log.append_unjudged("store.named", body)
    return log


@table.log(6, "withdrawn already")
def a_store_withdrawn_twice() -> LogWriter:
    log = issued_log()
    log.withdraw_store(log.stores[0])
    body = log.plain_body("store.withdrawn", storeId=log.stores[0], reason="Again.", by=LIAISON)
    log.append_unjudged("store.withdrawn", body)
    return log


@table.log(6, "no store that was named")
def a_store_withdrawn_that_nobody_named() -> LogWriter:
    return with_body(
        "store.withdrawn", bytes, storeId=made_up_uuid("x"), reason="None.", by=LIAISON
    )


@table.log(6, "no file that was named")
def a_file_reopened_that_nobody_named() -> LogWriter:
    return with_body("file.reopened", bytes, fileId=made_up_uuid("x"), reason="No.", by=LIAISON)


# --- 9 and 12: plain bodies ----------------------------------------------------------------------


@table.log(9, "another demand's")
def a_body_of_another_demand() -> LogWriter:
    other = made_up_uuid("other").encode()
    own = issued_log().demand_id.encode()
    return with_file(lambda body: body.replace(own, other))


@table.log(9, "nonce")
def a_nonce_twice() -> LogWriter:
    log = issued_log()
    first = decode(log.bodies[1] or b"")["nonce"]
    log.append_unjudged(
        "demand.acknowledged", log.plain_body("demand.acknowledged", by=LIAISON, nonce=first)
    )
    return log


@table.log(12, "after the demand was closed")
def an_acknowledgement_after_the_closure() -> LogWriter:
    log = closed_log()
    log.append_unjudged("demand.acknowledged", log.plain_body("demand.acknowledged", by=LIAISON))
    return log


@table.log(12, "after the demand was closed")
def a_file_named_after_the_closure() -> LogWriter:
    log = closed_log()
    body = log.plain_body("file.named", fileId=made_up_uuid("x"), name="x", kind="electronic")
    log.append_unjudged("file.named", body)
    return log


# --- 13 ------------------------------------------------------------------------------------------


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@table.bundle(13, "not named by any")
def an_attachment_that_nobody_added() -> Made:
    log = issued_log()
    return packed(log, attachments={hashed(b"scan"): b"scan"}), trust_of(log)


@table.bundle(13, "does not hash")
def an_attachment_exchanged() -> Made:
    log = issued_log()
    log.evidence(b"scan")
    return packed(log, attachments={hashed(b"scan"): b"scam"}), trust_of(log)


@table.bundle(13, "not named by any")
def an_attachment_whose_naming_is_withheld() -> Made:
    log = issued_log()
    log.evidence(b"scan")
    log.bodies[-1] = None
    trust = replace(trust_of(log), may_withhold=frozenset({"evidence.added"}))
    return packed(log, attachments={hashed(b"scan"): b"scan"}), trust


@table.bundle(13, "more leaves than there are")
def a_timestamp_over_leaves_to_come() -> Made:
    log = issued_log()
    return packed(log, timestamps={99: b"token"}), trust_of(log)
