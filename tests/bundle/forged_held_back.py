"""Steps 4, 8, 9 and 12: statements held back and logged where it suits, and revocations left out.

The operator is the only one who logs. What it holds back comes too late, because later statements
of the same kind have to be covered; what it leaves out is missed by the mailboxes.
"""

from __future__ import annotations

from datetime import timedelta

from attest.bundle.trust import SeenCheckpoint
from tests.bundle.forged_acts import signed
from tests.bundle.forgery import Made, Table
from tests.cast import ANNE, OSCAR, signatory
from tests.logs import LogWriter, issued_log
from tests.packing import RECEIVED, packed, trust_of

table = Table()


@table.log(9, "does not cover the review")
def an_acceptance_held_back_over_a_colleagues_rejection() -> LogWriter:
    """Two signatories of one organisation: the later word has to know of the earlier one."""
    log = issued_log()
    other = signatory("Ada Adder", ANNE.organisation)
    log.enrol(other)
    log.attest(log.files[0])
    held_back = log.review_payload([log.files[0]])
    log.review(log.files[0], by=other, decision="rejected")
    return signed(log, "attestation.reviewed", held_back, ANNE)


@table.log(9, "does not cover leaf 9")
def a_withdrawal_held_back_over_a_new_store() -> LogWriter:
    log = issued_log()
    log.letter()
    held_back = log.closure_payload(outcome="withdrawn")
    log.name_store("Found later", "hard_copy")
    return signed(log, "demand.closed", held_back, ANNE)


@table.log(9, "does not cover leaf 8")
def an_amendment_held_back_and_logged_after_the_next_one() -> LogWriter:
    """The longer time that was offered first, after the shorter one that stands."""
    log = issued_log()
    held_back = log.demand_payload(instruction="Take your time.")
    log.amend(instruction="At once.")
    return signed(log, "demand.amended", held_back, ANNE)


@table.log(8, "revoked before")
def an_attestation_held_back_until_its_key_was_revoked() -> LogWriter:
    log = issued_log()
    held_back = log.attestation_payload(log.files[0])
    log.revoke(OSCAR)
    return signed(log, "attestation.signed", held_back, OSCAR)


@table.log(9, "does not cover the review")
def a_review_replayed() -> LogWriter:
    """Signed again by the same key, of the same attestation, without having seen the first."""
    log = issued_log()
    log.attest(log.files[0])
    payload = log.review_payload([log.files[0]])
    again = log.review_payload([log.files[0]])
    signed(log, "attestation.reviewed", payload, ANNE)
    log.judge.admit(log.leaves[-1], log.bodies[-1])
    return signed(log, "attestation.reviewed", again, ANNE)


@table.bundle(4, "some are missing")
def a_revocation_cut_off_while_a_mailbox_holds_it() -> Made:
    log = issued_log()
    log.revoke(OSCAR, by=ANNE)
    seen = (SeenCheckpoint(log.checkpoint(), RECEIVED),)
    del log.leaves[-1], log.bodies[-1]
    return packed(log), trust_of(log, seen=seen)


@table.bundle(4, "another past")
def a_revocation_left_out_while_a_mailbox_holds_it() -> Made:
    """The thief's attestation stands where the revocation stood."""
    honest, log = issued_log(), issued_log()
    honest.revoke(OSCAR, by=ANNE)
    log.attest(log.files[0])
    seen = (SeenCheckpoint(honest.checkpoint(), RECEIVED),)
    return packed(log), trust_of(log, seen=seen)


@table.bundle(4, "another past")
def one_log_for_each_mailbox() -> Made:
    """The contractor's mailbox holds this log, the controller's another one."""
    log, other = issued_log(), issued_log()
    log.attest(log.files[0])
    other.letter()
    seen = (
        SeenCheckpoint(log.checkpoint(), RECEIVED),
        SeenCheckpoint(other.checkpoint(), RECEIVED + timedelta(minutes=1)),
    )
    return packed(log), trust_of(log, seen=seen)
