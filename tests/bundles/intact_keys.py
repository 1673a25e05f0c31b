"""Bundles that must give exit status 3, never 0: they stand on keys that nobody vouched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.bundle.forgery import Made
from tests.bundles.case import Cases
from tests.cast import ANNE, EDITH, MALLORY, OLIVE, OSCAR, PARTIES, signatory
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import packed, trust_of

cases = Cases()

NOT_PINNED = "keys not pinned"

ADA = signatory("Ada Adder", ANNE.organisation)


def unconfirmed_log() -> LogWriter:
    """Oscar's key is enrolled, and nobody confirmed it."""
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    log.enrol(OSCAR)
    log.attest(log.files[0])
    return log


@cases.bundle(NOT_PINNED)
def nothing_is_pinned() -> Made:
    log = closed_log()
    return packed(log), trust_of(log, pinned=[])


@cases.log(NOT_PINNED)
def an_unconfirmed_key() -> LogWriter:
    return unconfirmed_log()


@cases.bundle(NOT_PINNED)
def an_officers_key_made_by_the_operator() -> Made:
    """Enrolled and confirmed by keys of the operator's own making; the names are right."""
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue()
    fake_anne = ANNE.with_key("the operator's Anne")
    fake_oscar = OSCAR.with_key("the operator's Oscar")
    log.enrol(fake_anne)
    log.enrol(fake_oscar)
    log.confirm(fake_oscar, fake_anne)
    log.attest(log.files[0], fake_oscar)
    return packed(log), trust_of(log, pinned=[ANNE, OSCAR])


@cases.bundle(NOT_PINNED)
def a_whole_case_by_keys_that_the_operator_made() -> Made:
    """A demand, attestations, reviews and a closure, none of them by the people named."""
    log = LogWriter()
    fake_anne = ANNE.with_key("the operator's Anne")
    fake_oscar = OSCAR.with_key("the operator's Oscar")
    log.enrol(fake_anne)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue(fake_anne)
    log.enrol(fake_oscar)
    log.confirm(fake_oscar, fake_anne)
    log.attest(log.files[0], fake_oscar, outcome="deleted")
    log.review(log.files[0], by=fake_anne)
    log.close(fake_anne)
    return packed(log), trust_of(log, pinned=[ANNE, OSCAR])


@cases.log(NOT_PINNED)
def an_acceptance_by_a_signatory_that_the_operator_made() -> LogWriter:
    log = issued_log(files=1)
    fake_anne = ANNE.with_key("the operator's Anne")
    log.attest(log.files[0])
    log.enrol(fake_anne)
    log.review(log.files[0], by=fake_anne)
    return log


@cases.log(NOT_PINNED)
def confirmed_by_a_signatory_who_is_not_pinned() -> LogWriter:
    log = unconfirmed_log()
    log.enrol(EDITH)
    log.confirm(OSCAR, EDITH)
    return log


@cases.log(NOT_PINNED)
def confirmed_by_a_key_that_is_itself_only_confirmed() -> LogWriter:
    log = unconfirmed_log()
    log.enrol(EDITH)
    log.confirm(EDITH, ANNE)
    log.confirm(OSCAR, EDITH)
    return log


@cases.log(NOT_PINNED)
def confirmed_after_the_signatorys_revocation() -> LogWriter:
    log = unconfirmed_log()
    log.revoke(ANNE)
    log.confirm(OSCAR, ANNE)
    return log


@cases.log(NOT_PINNED)
def a_rotated_key_that_nobody_confirmed() -> LogWriter:
    log = issued_log()
    second = OSCAR.with_key("Oscar's second key")
    log.enrol(second, OSCAR.key)
    log.attest(log.files[0], second)
    return log


@cases.log(NOT_PINNED)
def a_rotation_signed_with_a_stolen_revoked_key() -> LogWriter:
    """Whoever holds the old key can enrol a new one. It vouches for nothing."""
    log = issued_log()
    log.revoke(OSCAR, by=ANNE)
    stolen = OSCAR.with_key("the thief's key")
    log.enrol(stolen, OSCAR.key)
    log.attest(log.files[0], stolen)
    return log


@cases.log(NOT_PINNED)
def an_officer_who_accepts_by_a_second_key_of_another_duty() -> LogWriter:
    """The officer enrols one more key, for a signatory of the lead controller."""
    log = issued_log(files=1)
    log.attest(log.files[0])
    second = OSCAR.with_key("Oscar's key for another duty")
    as_lead = replace(second, organisation=ANNE.organisation, side="controller", duty="signatory")
    log.enrol(as_lead)
    log.review(log.files[0], by=as_lead)
    return log


@cases.log(NOT_PINNED)
def an_officer_of_another_organisation_in_the_contractors_name() -> LogWriter:
    log = issued_log(files=1)
    posing = replace(MALLORY, organisation=OSCAR.organisation)
    log.enrol(posing)
    log.attest(log.files[0], posing)
    return log


@cases.log(NOT_PINNED)
def a_signatory_who_confirmed_the_own_key() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.enrol(ADA)
    log.confirm(ADA, ADA)
    log.review(log.files[0], by=ADA)
    return log


@cases.log(NOT_PINNED)
def two_made_up_signatories_who_confirmed_each_other() -> LogWriter:
    log = issued_log(files=1)
    other = signatory("Bea Boss", ANNE.organisation)
    log.attest(log.files[0])
    log.enrol(ADA)
    log.enrol(other)
    log.confirm(ADA, other)
    log.confirm(other, ADA)
    log.review(log.files[0], by=ADA)
    log.close(other)
    return log


@cases.log(NOT_PINNED)
def a_confirmation_voided_by_a_made_up_signatory() -> LogWriter:
    """A made-up key revokes the signatory's, just before she confirms the officer's."""
    log = unconfirmed_log()
    log.enrol(ADA)
    log.revoke(ANNE, by=ADA)
    log.confirm(OSCAR)
    return log


@cases.log(NOT_PINNED)
def an_amendment_by_a_key_that_nobody_confirmed() -> LogWriter:
    log = issued_log(files=1)
    log.enrol(ADA)
    log.amend(ADA, reference="NC-2013-2")
    return log


@cases.log(NOT_PINNED)
def an_amendment_that_drops_a_store_by_a_key_that_nobody_confirmed() -> LogWriter:
    log = issued_log(files=1)
    log.enrol(ADA)
    log.withdraw_store(log.stores[0])
    log.amend(ADA)
    log.attest(log.files[0])
    return log


@cases.log(NOT_PINNED)
def an_amendment_that_names_other_parties_by_a_key_that_nobody_confirmed() -> LogWriter:
    """The operator makes Eastshire the lead, and accepts in its name."""
    log = issued_log(files=1)
    log.enrol(ADA)
    lead, joint = PARTIES["controllers"]
    swapped = [{**lead, "role": "joint"}, {**joint, "role": "lead"}]
    log.amend(ADA, parties={**PARTIES, "controllers": swapped})
    log.attest(log.files[0])
    log.enrol(EDITH)
    log.review(log.files[0], by=EDITH)
    log.close(EDITH)
    return log


def a_made_up_lead() -> LogWriter:
    """Edith's key is good, and a made-up signatory's amendment makes Eastshire the lead."""
    log = issued_log(files=1)
    log.enrol(EDITH)
    log.confirm(EDITH)
    log.enrol(ADA)
    lead, joint = PARTIES["controllers"]
    swapped = [{**lead, "role": "joint"}, {**joint, "role": "lead"}]
    log.amend(ADA, parties={**PARTIES, "controllers": swapped})
    return log


@cases.log(NOT_PINNED)
def an_amendment_by_a_joint_controller_that_a_made_up_signatory_made_the_lead() -> LogWriter:
    """Her amendment drops a store, and restores the parties so that nothing shows."""
    log = a_made_up_lead()
    log.withdraw_store(log.stores[1])
    log.amend(EDITH, action="return")
    log.attest(log.files[0])
    log.review(log.files[0])
    return log


@cases.log(NOT_PINNED)
def a_withdrawal_by_a_joint_controller_that_a_made_up_signatory_made_the_lead() -> LogWriter:
    log = a_made_up_lead()
    log.amend(EDITH, parties=log.judge.facts.demands[-1].predicate["parties"])
    log.close(EDITH, outcome="withdrawn")
    return log


@cases.log(NOT_PINNED)
def an_attestation_by_a_contractor_that_a_made_up_amendment_brought_back() -> LogWriter:
    """The lead replaced Halden. Its officer attests all the same, and the lead amends again."""
    log = issued_log(files=1)
    replaced = {**PARTIES, "contractor": {"name": "Another plc"}}
    log.amend(parties=replaced)
    log.enrol(ADA)
    log.amend(ADA)
    log.attest(log.files[0])
    log.amend(parties=replaced, due_on=date(2013, 3, 18))
    return log


@cases.log(NOT_PINNED)
def a_demand_by_a_made_up_key_that_a_joint_controller_amends() -> LogWriter:
    """What counts begins with an amendment, by somebody other than the lead that it names."""
    log = LogWriter()
    fake_edith = EDITH.with_key("the operator's Edith")
    log.enrol(ANNE)
    log.enrol(EDITH)
    log.confirm(EDITH)
    log.enrol(fake_edith)
    log.name_file("list.xlsx")
    lead, joint = PARTIES["controllers"]
    swapped = [{**lead, "role": "joint"}, {**joint, "role": "lead"}]
    log.issue(fake_edith, parties={**PARTIES, "controllers": swapped})
    log.amend(EDITH)
    return log


@cases.log(NOT_PINNED)
def a_closure_by_a_key_that_nobody_confirmed() -> LogWriter:
    log = issued_log(files=1)
    log.enrol(ADA)
    log.close(ADA, outcome="withdrawn")
    return log


@cases.log(NOT_PINNED)
def an_attestation_by_an_unconfirmed_key_over_an_accepted_one() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.review(log.files[0])
    log.enrol(OLIVE)
    log.attest(log.files[0], OLIVE)
    return log


@cases.log(NOT_PINNED)
def the_same_state_by_another_attestation() -> LogWriter:
    log = issued_log(files=1)
    log.attest(log.files[0], outcome="deleted")
    log.enrol(OLIVE)
    log.attest(log.files[0], OLIVE)
    return log


@cases.log(NOT_PINNED)
def a_review_by_an_unconfirmed_joint_controller_that_counts() -> LogWriter:
    log = LogWriter()
    log.enrol(ANNE)
    log.name_file("list.xlsx")
    log.name_store("Share")
    log.issue(parties={**PARTIES, "concurrence": "each"})
    log.enrol(OSCAR)
    log.confirm(OSCAR)
    log.enrol(EDITH)
    log.attest(log.files[0])
    log.review(log.files[0])
    log.review(log.files[0], by=EDITH)
    return log
