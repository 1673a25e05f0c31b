"""Step 9: what a signer saw, and when."""

from __future__ import annotations

import base64
from datetime import timedelta

from attest.statements.canonical import decode
from attest.statements.envelope import sign_payload
from tests.bundle.forgery import Table, attested, ready
from tests.cast import ANNE, OSCAR
from tests.logs import LogWriter, issued_log

table = Table()


@table.log(9, "another log's")
def seen_in_another_log() -> LogWriter:
    return attested(lambda s: s["predicate"]["seen"].update(origin="other.example/demand/x"))


@table.log(9, "another demand's")
def an_attestation_replayed_from_another_demand() -> LogWriter:
    other, payload = ready()
    log = issued_log(name="other")
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    assert other.origin != log.origin
    return log


@table.log(9, "not a prefix")
def a_false_root_seen() -> LogWriter:
    return attested(
        lambda s: s["predicate"]["seen"].update(rootHash=base64.b64encode(bytes(32)).decode())
    )


@table.log(9, "empty, or longer")
def nothing_seen() -> LogWriter:
    return attested(lambda s: s["predicate"]["seen"].update(size=0))


@table.log(9, "empty, or longer")
def more_seen_than_there_was() -> LogWriter:
    return attested(lambda s: s["predicate"]["seen"].update(size=9))


@table.log(9, "does not cover leaf 3")
def a_demand_that_does_not_cover_the_last_store() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    payload = log.demand_payload(seen=log.seen())
    log.name_store("Put in afterwards")
    log.append_unjudged("demand.issued", sign_payload(payload, ANNE.key))
    return log


@table.log(9, "does not cover leaf 8")
def an_amendment_that_does_not_cover_the_demand_before_it() -> LogWriter:
    log = issued_log()
    payload = log.demand_payload(reference="held back")
    log.amend()
    log.append_unjudged("demand.amended", sign_payload(payload, ANNE.key))
    return log


@table.log(9, "does not cover the review")
def an_acceptance_held_back_and_logged_after_the_rejection() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    held_back = log.review_payload([log.files[0]])
    log.review(log.files[0], decision="rejected")
    log.append_unjudged("attestation.reviewed", sign_payload(held_back, ANNE.key))
    return log


@table.log(9, "does not cover leaf")
def a_closure_held_back() -> LogWriter:
    log = issued_log()
    held_back = log.closure_payload(outcome="withdrawn")
    log.attest(log.files[0])
    log.append_unjudged("demand.closed", sign_payload(held_back, ANNE.key))
    return log


@table.log(9, "earlier than the last leaf")
def an_attestation_backdated() -> LogWriter:
    log = issued_log()
    stated_at = log.now - timedelta(minutes=1, seconds=601)
    payload = log.attestation_payload(log.files[0], stated_at=stated_at)
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log


@table.log(9, "later than the leaf")
def an_attestation_postdated() -> LogWriter:
    log = issued_log()
    stated_at = log.now + timedelta(seconds=601)
    payload = log.attestation_payload(log.files[0], stated_at=stated_at)
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log


@table.log(9, "nonce")
def a_statement_with_a_nonce_that_was_used() -> LogWriter:
    log = issued_log()
    nonce = decode(log.bodies[1] or b"")["nonce"]
    payload = log.attestation_payload(log.files[0], nonce=nonce)
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log
