"""Steps 6 to 12: acts by the wrong key, in the wrong place, about the wrong thing, or held back."""

from __future__ import annotations

from dataclasses import replace

from attest.signing import PrivateKey
from attest.statements.envelope import sign_payload
from tests.bundle.forged_keys import confirmation, enrolment
from tests.bundle.forgery import Made, Table, attested, predicate
from tests.cast import ANNE, EDITH, HALDEN, OLIVE, OSCAR, PARTIES, Signer, officer, signatory
from tests.logs import LIAISON, Change, LogWriter, answer, closed_log, issued_log
from tests.packing import packed, trust_of

table = Table()

STORE = {"label": "Unit 7", "medium": "hard_copy", "kind": "archive", "namedBy": LIAISON}


def signed(log: LogWriter, kind: str, payload: bytes, by: Signer | PrivateKey) -> LogWriter:
    """Add a statement, signed well, that the judge has not seen."""
    key = by.key if isinstance(by, Signer) else by
    log.append_unjudged(kind, sign_payload(payload, key))
    return log


def amended(log: LogWriter, change: Change) -> LogWriter:
    """An amendment that was changed before the lead signed it."""
    log.forge("demand.amended", log.demand_payload(), change, ANNE)
    return log


def drafted() -> LogWriter:
    """Anne's and Edith's keys, a file and a store, and no demand yet."""
    log = LogWriter()
    log.enrol(ANNE)
    log.enrol(EDITH)
    log.name_file("list.xlsx")
    log.name_store("Share")
    return log


# --- A key with another duty or organisation ------------------------------------------------------


def pinned_and_enrolled(pinned: Signer, enrolled: Signer) -> Made:
    """A trust file knows a key as one holder's; the log enrols it for another, who signs for it."""
    log = issued_log()
    log.enrol(enrolled)
    return packed(log), trust_of(log, pinned=[ANNE, pinned])


@table.bundle(7, "another holder for this key")
def a_pinned_officers_key_enrolled_as_a_signatory() -> Made:
    same_key = replace(OLIVE, organisation=ANNE.organisation, side="controller", duty="signatory")
    return pinned_and_enrolled(OLIVE, same_key)


@table.bundle(7, "another holder for this key")
def a_pinned_key_enrolled_for_another_organisation() -> Made:
    return pinned_and_enrolled(EDITH, replace(EDITH, organisation=ANNE.organisation))


@table.bundle(7, "another holder for this key")
def a_pinned_key_enrolled_with_another_role() -> Made:
    return pinned_and_enrolled(EDITH, replace(EDITH, role="Chief Constable"))


@table.log(7, "enrolled already")
def an_enrolled_key_that_enrols_with_another_duty() -> LogWriter:
    log = issued_log()
    other = replace(OSCAR, organisation=ANNE.organisation, side="controller", duty="signatory")
    payload = enrolment(log, other)
    return signed(log, "key.enrolled", payload, other)


@table.log(8, "contractor's officer")
def an_attestation_by_the_contractors_signatory() -> LogWriter:
    """Of the right organisation, with another duty."""
    log = issued_log()
    other = replace(OLIVE, duty="signatory")
    log.enrol(other)
    return signed(log, "attestation.signed", log.attestation_payload(log.files[0], other), other)


@table.log(8, "controller's signatory")
def a_review_by_the_controllers_officer() -> LogWriter:
    log = issued_log()
    other = replace(officer("Cora Cole", ANNE.organisation), side="controller")
    log.enrol(other)
    log.attest(log.files[0])
    return signed(log, "attestation.reviewed", log.review_payload([log.files[0]], other), other)


@table.log(7, "only a controller's signatory")
def a_key_confirmed_by_the_contractors_signatory() -> LogWriter:
    log = issued_log()
    boss = replace(signatory("Bea Boss", HALDEN), side="contractor")
    log.enrol(boss)
    log.enrol(OLIVE)
    payload = confirmation(log, OLIVE, boss)
    return signed(log, "key.confirmed", payload, boss)


@table.log(7, "signer names another holder")
def a_confirmation_whose_signer_claims_another_role() -> LogWriter:
    log = issued_log()
    log.enrol(OLIVE)
    payload = confirmation(log, OLIVE, replace(ANNE, role="Chief Constable"))
    return signed(log, "key.confirmed", payload, ANNE)


@table.log(8, "organisation")
def a_review_by_a_carrier() -> LogWriter:
    log = issued_log()
    other = signatory("Mia Mole", "Midshire Police")
    log.enrol(other)
    log.attest(log.files[0])
    return signed(log, "attestation.reviewed", log.review_payload([log.files[0]], other), other)


# --- Demands --------------------------------------------------------------------------------------


@table.log(8, "organisation")
def a_demand_by_a_joint_controller() -> LogWriter:
    log = drafted()
    return signed(log, "demand.issued", log.demand_payload(EDITH), EDITH)


@table.log(8, "controller's signatory")
def a_demand_by_the_contractor() -> LogWriter:
    log = drafted()
    log.enrol(OSCAR)
    return signed(log, "demand.issued", log.demand_payload(OSCAR), OSCAR)


@table.log(8, "controller's signatory")
def a_demand_withdrawn_by_the_contractor() -> LogWriter:
    log = issued_log()
    payload = log.closure_payload(OSCAR, outcome="withdrawn")
    return signed(log, "demand.closed", payload, OSCAR)


@table.log(8, "twice")
def a_demand_in_which_the_contractor_is_a_controller() -> LogWriter:
    log = issued_log()
    controllers = [*PARTIES["controllers"], {"name": HALDEN, "role": "joint"}]
    return amended(log, lambda s: s["predicate"]["parties"].update(controllers=controllers))


@table.log(8, "subject")
def a_demand_about_another_log() -> LogWriter:
    return amended(issued_log(), lambda s: s["subject"][0]["digest"].update(sha256="0" * 64))


@table.log(6, "stands before demand.issued")
def an_amendment_before_the_demand() -> LogWriter:
    log = drafted()
    return signed(log, "demand.amended", log.demand_payload(), ANNE)


@table.log(6, "stands before demand.issued")
def a_closure_before_the_demand() -> LogWriter:
    log = drafted()
    log.append_unjudged("demand.closed", b"{}")
    return log


# --- Attestations ---------------------------------------------------------------------------------


@table.log(10, "subject")
def an_attestation_of_one_file_under_anothers_identifier() -> LogWriter:
    other = issued_log().files[1]
    return attested(predicate(fileId=other))


@table.log(10, "store")
def copies_in_another_order() -> LogWriter:
    return attested(lambda s: s["predicate"]["copies"].reverse())


@table.log(10, "leaves 2 of the 2")
def no_copies_at_all() -> LogWriter:
    return attested(predicate(copies=[]))


@table.log(10, "supersedes")
def an_attestation_that_supersedes_another_files() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    log.attest(log.files[1])
    other = log.last_attestation(log.files[1])
    payload = log.attestation_payload(log.files[0], supersedes=other)
    return signed(log, "attestation.signed", payload, OSCAR)


@table.log(10, "supersedes")
def an_attestation_that_supersedes_the_last_but_one() -> LogWriter:
    """It would pass over the one in between."""
    log = issued_log()
    log.attest(log.files[0])
    first = log.last_attestation(log.files[0])
    log.attest(log.files[0], outcome="legal_hold")
    payload = log.attestation_payload(log.files[0], supersedes=first)
    return signed(log, "attestation.signed", payload, OSCAR)


@table.log(11, "lacks what the declaration names")
def an_attestation_from_before_the_demand() -> LogWriter:
    """The officer signed while it was drafted, and answers a demand that nobody had made yet."""
    log = LogWriter()
    log.enrol(ANNE)
    log.enrol(OSCAR)
    log.name_file("list.xlsx")
    log.name_store("Share")
    seen = log.seen()
    log.issue()
    payload = log.attestation_payload(log.files[0])
    log.forge("attestation.signed", payload, predicate(seen=seen), OSCAR)
    return log


def copied(outcome: str, change: Change) -> LogWriter:
    """An attestation whose first copy's entry was changed before it was signed."""
    log = issued_log()
    payload = log.attestation_payload(log.files[0], outcome=outcome)
    log.forge("attestation.signed", payload, lambda s: change(s["predicate"]["copies"][0]), OSCAR)
    return log


@table.log(10, "copies[0].exception")
def put_beyond_use_without_all_four_safeguards() -> LogWriter:
    return copied("beyond_use", lambda copy: copy["exception"]["safeguards"].pop())


@table.log(10, "copies[0].exception")
def a_legal_hold_without_an_end() -> LogWriter:
    return copied("legal_hold", lambda copy: copy["exception"].pop("until"))


@table.log(10, "copies[0].level")
def shredded_without_a_level() -> LogWriter:
    return copied("destroyed", lambda copy: copy.pop("level"))


@table.log(10, "copies[0].method")
def a_deletion_that_claims_to_have_purged_the_medium() -> LogWriter:
    return copied("deleted", lambda copy: copy.update(method="secure_erase"))


@table.log(10, "copies[0].note")
def a_box_that_nobody_finds_and_nobody_says_why() -> LogWriter:
    return copied("cannot_locate", lambda copy: copy.pop("note"))


@table.log(10, "copies[0].passedTo")
def passed_on_to_nobody() -> LogWriter:
    return copied("passed_on", lambda copy: copy.pop("passedTo"))


@table.log(11, "template")
def a_declaration_with_a_line_break_more() -> LogWriter:
    def lengthen(statement):
        statement["predicate"]["declaration"]["text"] += "\n"

    return attested(lengthen)


@table.log(11, "template")
def a_rejection_whose_text_accepts() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    reject = predicate(decision="rejected", reason="A serial is missing.")
    log.forge("attestation.reviewed", payload, reject, ANNE)
    return log


@table.log(11, "template")
def a_declaration_that_names_another_file() -> LogWriter:
    log = issued_log()
    one = log.attestation_payload(log.files[1])

    def lend(statement):
        text = statement["predicate"]["declaration"]["text"]
        statement["predicate"]["declaration"]["text"] = text.replace("list 0", "list 1")

    assert b"list 1.xlsx" in one
    log.forge("attestation.signed", log.attestation_payload(log.files[0]), lend, OSCAR)
    return log


# --- 12 -------------------------------------------------------------------------------------------


@table.log(12, "a file is attested")
def closed_although_a_joint_controller_has_not_accepted() -> LogWriter:
    log = drafted()
    log.issue(parties={**PARTIES, "concurrence": "each"})
    log.enrol(OSCAR)
    log.attest(log.files[0])
    log.review(log.files[0])
    return signed(log, "demand.closed", log.closure_payload(), ANNE)


@table.log(12, "a file is open")
def closed_with_exceptions_with_a_file_open() -> LogWriter:
    log = issued_log()
    payload = log.closure_payload(outcome="closed_with_exceptions")
    return signed(log, "demand.closed", payload, ANNE)


@table.log(12, "a file is open")
def closed_again_right_after_a_file_was_reopened() -> LogWriter:
    log = closed_log()
    log.reopen(log.files[0])
    return signed(log, "demand.closed", log.closure_payload(), ANNE)


@table.log(12, "after the demand was closed")
def an_amendment_after_the_closure() -> LogWriter:
    log = closed_log()
    return signed(log, "demand.amended", log.demand_payload(), ANNE)


@table.log(12, "after the demand was closed")
def a_review_after_the_closure() -> LogWriter:
    log = closed_log()
    return signed(log, "attestation.reviewed", log.review_payload(log.files), ANNE)


@table.log(12, "after the demand was closed")
def a_store_named_after_the_closure() -> LogWriter:
    log = closed_log()
    store_id = answer("00000000-0000-4000-8000-000000000000")["storeId"]
    log.append_unjudged("store.named", log.plain_body("store.named", storeId=store_id, **STORE))
    return log


@table.log(12, "not its file's last attestation")
def a_review_that_names_one_files_attestation_for_another() -> LogWriter:
    log = issued_log()
    log.attest(log.files[0])
    log.attest(log.files[1])
    swapped = [(log.files[0], log.last_attestation(log.files[1]))]
    payload = log.review_payload([], subjects=swapped)
    return signed(log, "attestation.reviewed", payload, ANNE)
