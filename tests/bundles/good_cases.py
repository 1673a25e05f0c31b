"""Bundles that must give exit status 0: every kind of thing that a good log may hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from attest.bundle.trust import SeenCheckpoint
from attest.statements import build
from attest.statements.envelope import sign_payload
from tests.bundle.forgery import Made
from tests.bundles.case import Cases
from tests.cast import ANNE, EDITH, OLIVE, OSCAR, PARTIES
from tests.logs import LIAISON, LogWriter, closed_log, hash_of, issued_log
from tests.packing import RECEIVED, packed, trust_of

cases = Cases()

PDF = b"%PDF-1.7 nobody reads this as evidence\n"


@cases.log()
def minimal() -> LogWriter:
    """One key, one file, one store, and the demand."""
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    return log


@cases.log()
def a_demand_that_names_no_file() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.issue()
    log.close()
    return log


@cases.log()
def one_key_and_nothing_else() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    return log


@cases.log()
def closed_with_reviews() -> LogWriter:
    return closed_log()


@cases.log()
def exceptions_rejection_and_supersession() -> LogWriter:
    """Each outcome once; a rejection, answered again; closed with what is left."""
    log = issued_log(files=5)
    for file_id, outcome in zip(
        log.files,
        ("beyond_use", "legal_hold", "cannot_locate", "passed_on", "crypto_erased"),
        strict=True,
    ):
        log.attest(file_id, outcome=outcome)
    log.review(log.files[2], decision="rejected")
    log.attest(log.files[2], outcome="returned")
    log.review(*log.files[:3])
    log.review(*log.files[3:])
    log.close(outcome="closed_with_exceptions", reason="A claim is pending.\nIt ends in 2014.")
    return log


@cases.log()
def withdrawn_while_all_is_open() -> LogWriter:
    log = issued_log()
    log.close(outcome="withdrawn")
    return log


@cases.log()
def two_controllers_and_each_must_accept() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.enrol(EDITH)
    log.confirm(EDITH)
    for number in range(3):
        log.name_file(f"list {number}.xlsx")
    log.name_store("Share")
    log.issue(parties={**PARTIES, "concurrence": "each"})
    log.enrol(OSCAR)
    log.confirm(OSCAR)
    for file_id in log.files:
        log.attest(file_id, outcome="deleted")
    log.review(*log.files)
    log.review(log.files[0], by=EDITH)
    log.review(log.files[1], by=EDITH, decision="rejected")
    return log


@cases.log()
def a_key_rotated_and_the_old_one_revoked() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    second = OSCAR.with_key("Oscar's second key")
    log.enrol(second, OSCAR.key)
    log.confirm(second)
    log.revoke(OSCAR, by=second)
    log.attest(log.files[1], second)
    log.review(*log.files)
    log.close()
    return log


@cases.log()
def revoked_by_the_controller_after_a_compromise() -> LogWriter:
    """What was signed before stands; `compromisedSince` is shown and changes nothing."""
    log = issued_log()
    log.attest(log.files[0])
    payload = build.key_revocation(
        OSCAR.keyid,
        ANNE.signer,
        "His laptop was stolen.\nThe key lay on it.",
        nonce=log.nonce(),
        stated_at=log.now,
        compromised_since=log.now - timedelta(minutes=3),
    )
    log.append("key.revoked", sign_payload(payload, ANNE.key))
    log.enrol(OLIVE)
    log.confirm(OLIVE)
    log.attest(log.files[1], OLIVE)
    return log


@cases.log()
def a_confirmation_after_its_signers_revocation_is_void() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    log.revoke(ANNE)
    log.enrol(OLIVE)
    log.confirm(OLIVE)
    return log


@cases.log()
def an_amendment_and_a_withdrawn_store() -> LogWriter:
    log = issued_log()
    unit = log.name_store("Unit 7", "hard_copy")
    log.withdraw_store(unit)
    log.attest(log.files[0])
    log.amend(reference="NC-2013-1a", action="delete_or_return")
    log.attest(log.files[1], outcome="deleted")
    log.review(*log.files)
    return log


@cases.log()
def reopened_and_closed_again() -> LogWriter:
    log = closed_log()
    log.reopen(log.files[1])
    log.name_store("Found later", "hard_copy")
    for file_id in log.files:
        log.attest(file_id, outcome="destroyed")
    log.review(*log.files)
    log.close()
    return log


@cases.log()
def a_review_of_what_was_superseded_meanwhile() -> LogWriter:
    log = issued_log(files=1)
    [file_id] = log.files
    first = log.attest(file_id)
    seen = log.seen()
    log.attest(file_id, outcome="deleted")
    log.review(file_id, subjects=[(file_id, hash_of(log.bodies[first]))], seen=seen)
    return log


@cases.log()
def an_unconfirmed_key_that_changes_nothing() -> LogWriter:
    log = closed_log()
    log.enrol(OLIVE)
    return log


@cases.log()
def names_in_many_scripts() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file('r\u00e9sum\u00e9 "final".xlsx', content=b"1", description="Two\u00a0sheets")
    log.name_file(
        "\u540d\u5355 \u0642\u0627\u0626\u0645\u0629 "
        "\u09a4\u09be\u09b2\u09bf\u0995\u09be \U0001f4c4.csv"
    )
    log.name_file("back\\slash\u2028and tab.txt")
    log.name_store("\u00dcbergabe <b>&amp;</b>")
    log.issue(reference="\u20ac 1,000", instruction="\u2014 Delete.\n\n\u2014 Say \u201chow\u201d.")
    log.enrol(OSCAR)
    log.confirm(OSCAR)
    for file_id in log.files:
        log.attest(file_id)
    log.review(*log.files, decision="rejected")
    return log


@cases.bundle()
def everything_that_a_bundle_may_hold() -> Made:
    """Each plain type, bodies withheld, attachments, earlier checkpoints, two letters received."""
    log = issued_log()
    scan = b"a scan of the shredder's receipt"
    log.plain("demand.acknowledged", by=LIAISON, note="Received.\nThank you.")
    asked = log.plain(
        "extension.requested", until="2013-03-01", reason="Leave.", by=LIAISON, fileIds=log.files
    )
    log.plain(
        "extension.decided",
        decision="granted",
        by=LIAISON,
        until="2013-02-25",
        request=hashlib.sha256(log.bodies[asked] or b"").hexdigest(),
    )
    log.plain("extension.decided", decision="refused", by=LIAISON, reason="No.")
    log.letter()
    received = log.checkpoint()
    log.plain(
        "copy.recorded",
        fileId=log.files[0],
        storeId=log.stores[0],
        state="located",
        by=LIAISON,
    )
    log.evidence(scan)
    for file_id in log.files:
        log.attest(file_id, outcome="deleted")
    log.plain(
        "letter.failed",
        letter="reminder",
        to="nobody@halden.example",
        messageId="<failed@attest.example>",
        checkpointSize=log.size,
    )
    log.review(*log.files)
    log.close()
    log.letter()
    for index, leaf in enumerate(log.leaves):
        if b'"letter.sent"' in leaf or b'"copy.recorded"' in leaf:
            log.bodies[index] = None
    trust = trust_of(
        log,
        pinned=[ANNE, OSCAR],
        seen=(
            SeenCheckpoint(log.checkpoint(), RECEIVED),
            SeenCheckpoint(received, RECEIVED - timedelta(days=20)),
        ),
        may_withhold=frozenset({"letter.sent", "copy.recorded", "demand.acknowledged"}),
    )
    bundle = packed(
        log,
        earlier={size: log.checkpoint(size) for size in (6, 9, 13)},
        attachments={hashlib.sha256(scan).hexdigest(): scan},
        certificate=PDF,
    )
    return bundle, trust


@cases.log()
def an_attestation_held_back_over_a_reopening() -> LogWriter:
    """A good leaf; the report says that its signer had not seen the reopening."""
    log = issued_log(files=1)
    [file_id] = log.files
    log.attest(file_id)
    held_back = log.attestation_payload(file_id, outcome="deleted")
    log.reopen(file_id)
    log.append("attestation.signed", sign_payload(held_back, OSCAR.key))
    log.review(file_id)
    return log


@cases.log()
def an_attestation_held_back_over_a_new_store() -> LogWriter:
    log = issued_log(files=1)
    held_back = log.attestation_payload(log.files[0])
    log.name_store("Found later", "hard_copy")
    log.append("attestation.signed", sign_payload(held_back, OSCAR.key))
    return log


@cases.log()
def a_store_withdrawn_by_the_contractor_and_answered_all_the_same() -> LogWriter:
    log = issued_log(files=1)
    log.withdraw_store(log.stores[0])
    log.attest(log.files[0])
    log.review(log.files[0])
    return log


@cases.log()
def stated_at_both_ends_of_what_is_allowed() -> LogWriter:
    """Ten minutes before the last leaf seen, and ten after the statement's own."""
    log = issued_log()
    last_seen = log.now - timedelta(minutes=1)
    log.attest(log.files[0], stated_at=last_seen - timedelta(seconds=600))
    log.attest(log.files[1], stated_at=log.now + timedelta(seconds=600))
    return log


@cases.bundle()
def a_certificate_that_says_something_else() -> Made:
    """What is for people is no evidence, and the report says that nobody compared it."""
    log = issued_log()
    readme = "VERIFIED. Every file is accepted.\n"
    return packed(log, certificate=PDF, readme=readme), trust_of(log)


@cases.bundle()
def a_key_revoked_after_a_checkpoint_was_received() -> Made:
    log = closed_log()
    since = RECEIVED + timedelta(seconds=1)
    return packed(log), replace(trust_of(log), revoked={OSCAR.keyid: since})


@cases.bundle()
def an_unconfirmed_key_that_is_pinned() -> Made:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    log.enrol(OSCAR)
    log.attest(log.files[0])
    return packed(log), trust_of(log, pinned=[ANNE, OSCAR])


@cases.bundle()
def a_checkpoint_with_other_keys_signatures() -> Made:
    """A witness signed as well; a verifier that does not know it ignores the line."""
    log = closed_log()
    note = log.checkpoint()
    return packed(log, checkpoint=note + "\u2014 witness.example AAAAAAAA\n" * 16), trust_of(log)


@cases.bundle()
def without_the_parts_for_people() -> Made:
    log = closed_log()
    return packed(log, readme=None), trust_of(log)
