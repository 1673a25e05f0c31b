"""Steps 10 to 12: attestations, declarations, reviews and closures."""

from __future__ import annotations

from attest.statements.envelope import sign_payload
from tests.bundle.forgery import Table, attested, predicate
from tests.cast import ANNE, OSCAR
from tests.logs import LogWriter, answer, closed_log, hash_of, issued_log, made_up_uuid

table = Table()


# --- 10 ------------------------------------------------------------------------------------------


@table.log(10, "subject")
def a_subject_with_another_name() -> LogWriter:
    return attested(lambda s: s["subject"][0].update(name="list 1.xlsx"))


@table.log(10, "subject")
def a_subject_with_another_content() -> LogWriter:
    return attested(lambda s: s["subject"][1]["digest"].update(sha256="0" * 64))


@table.log(10, "subject")
def a_subject_without_its_content() -> LogWriter:
    return attested(lambda s: s["subject"].pop())


@table.log(10, "no file named")
def a_file_that_nobody_named() -> LogWriter:
    return attested(predicate(fileId=made_up_uuid("x")))


@table.log(10, "no file named")
def a_file_named_after_what_was_seen() -> LogWriter:
    log = issued_log()
    seen = log.seen()
    file_id = log.name_file("late.xlsx")
    payload = log.attestation_payload(file_id)
    change = predicate(seen=seen)
    log.forge("attestation.signed", payload, change, OSCAR)
    return log


@table.log(10, "leaves 1 of the 2")
def a_store_left_out() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"].pop())


@table.log(10, "store")
def a_store_answered_twice() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"].append(s["predicate"]["copies"][1]))


@table.log(10, "does not stand")
def a_store_that_does_not_stand() -> LogWriter:
    more = answer("ffffffff-ffff-4fff-8fff-ffffffffffff")
    return attested(lambda s: s["predicate"]["copies"].append(more))


@table.log(10, "leaves 1 of the 3")
def a_store_withdrawn_by_the_contractor_alone() -> LogWriter:
    log = issued_log()
    store_id = log.name_store("Unit 7", "hard_copy")
    log.withdraw_store(store_id)
    payload = log.attestation_payload(log.files[0])

    def leave_out(statement):
        copies = statement["predicate"]["copies"]
        copies[:] = [copy for copy in copies if copy["storeId"] != store_id]

    log.forge("attestation.signed", payload, leave_out, OSCAR)
    return log


@table.log(10, "copies[0].outcome")
def an_unknown_outcome() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"][0].update(outcome="wiped"))


@table.log(10, "copies[0].guaranteed")
def an_unknown_member_of_a_copy() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"][0].update(guaranteed=True))


@table.log(10, "copies[0].search")
def a_nil_return_that_does_not_say_what_was_searched() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"][0].pop("search"))


@table.log(10, "copies[0].method")
def a_deletion_that_claims_destruction() -> LogWriter:
    log = issued_log()
    payload = log.attestation_payload(log.files[0], outcome="destroyed")

    def claim(statement):
        statement["predicate"]["copies"][0].update(method="file_deletion")
        statement["predicate"]["copies"][0].pop("level")

    log.forge("attestation.signed", payload, claim, OSCAR)
    return log


@table.log(10, "supersedes")
def a_first_attestation_that_supersedes() -> LogWriter:
    return attested(predicate(supersedes="0" * 64))


@table.log(10, "supersedes")
def a_second_attestation_that_hides_the_first() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0], outcome="beyond_use")
    payload = log.attestation_payload(log.files[0], supersedes=None)
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log


@table.log(10, "supersedes")
def an_older_attestation_held_back_and_logged_last() -> LogWriter:
    log = issued_log()
    held_back = log.attestation_payload(log.files[0])
    log.attest(log.files[0], outcome="beyond_use")
    log.append_unjudged("attestation.signed", sign_payload(held_back, OSCAR.key))
    return log


# --- 11 ------------------------------------------------------------------------------------------


@table.log(11, "template")
def a_declaration_that_says_something_else() -> LogWriter:
    return attested(lambda s: s["predicate"]["declaration"].update(text="I attest nothing."))


@table.log(11, "template")
def fields_that_say_something_else_than_the_declaration() -> LogWriter:
    log = issued_log()
    payload = log.attestation_payload(log.files[0], outcome="beyond_use")
    [first, _] = log.judge.view().stores
    settled = answer(first.store_id, "deleted")

    def settle(statement):
        statement["predicate"]["copies"][0] = settled

    log.forge("attestation.signed", payload, settle, OSCAR)
    return log


@table.log(11, "template")
def a_review_whose_text_covers_another_list() -> LogWriter:
    log = issued_log()
    for file_id in log.files:
        log.attest(file_id)
    payload = log.review_payload(log.files)
    log.forge("attestation.reviewed", payload, lambda s: s["subject"].pop(), ANNE)
    return log


@table.log(11, "template")
def a_demand_whose_text_gives_another_date() -> LogWriter:
    log = issued_log()
    log.forge("demand.amended", log.demand_payload(), predicate(dueOn="2013-03-18"), ANNE)
    return log


# --- 12 ------------------------------------------------------------------------------------------


@table.log(12, "last attestation in seen")
def a_review_of_a_superseded_attestation() -> LogWriter:
    log = issued_log()
    [file_id, _] = log.files
    first = log.attest(file_id, outcome="beyond_use")
    log.attest(file_id)
    payload = log.review_payload([file_id], subjects=[(file_id, hash_of(log.bodies[first]))])
    log.append_unjudged("attestation.reviewed", sign_payload(payload, ANNE.key))
    return log


@table.log(12, "last attestation in seen")
def a_review_of_an_attestation_that_does_not_exist() -> LogWriter:
    log = issued_log()
    payload = log.review_payload([], subjects=[(log.files[0], "0" * 64)])
    log.append_unjudged("attestation.reviewed", sign_payload(payload, ANNE.key))
    return log


@table.log(12, "last attestation in seen")
def a_review_of_an_attestation_that_its_signer_had_not_seen() -> LogWriter:
    log = issued_log()
    seen = log.seen()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]], seen=seen)
    log.append_unjudged("attestation.reviewed", sign_payload(payload, ANNE.key))
    return log


def closing(log: LogWriter, outcome: str = "closed") -> LogWriter:
    payload = log.closure_payload(outcome=outcome)
    log.append_unjudged("demand.closed", sign_payload(payload, ANNE.key))
    return log


@table.log(12, "a file is open")
def closed_with_a_file_open() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    log.review(log.files[0])
    return closing(log)


@table.log(12, "a file is attested")
def closed_without_review() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0])
    return closing(log)


@table.log(12, "a file is rejected")
def closed_with_exceptions_although_one_was_rejected() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.review(log.files[0], decision="rejected")
    return closing(log, "closed_with_exceptions")


@table.log(12, "not settled")
def closed_with_a_live_exception() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0], outcome="legal_hold")
    log.review(log.files[0])
    return closing(log)


@table.log(12, "a file is open")
def closed_although_a_store_was_named_since() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.review(log.files[0])
    log.name_store("Unit 7", "hard_copy")
    return closing(log)


@table.log(12, "after the demand was closed")
def closed_twice() -> LogWriter:
    return closing(closed_log())


@table.log(12, "after the demand was closed")
def an_attestation_after_the_closure() -> LogWriter:
    log = closed_log()
    payload = log.attestation_payload(log.files[0])
    log.append_unjudged("attestation.signed", sign_payload(payload, OSCAR.key))
    return log
