"""Bundles that must give exit status 3, never 0: nothing outside shows that, or when, it was so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from attest.bundle.trust import SeenCheckpoint
from tests.bundle.forgery import Made
from tests.bundles.case import Cases
from tests.bundles.intact_keys import NOT_PINNED
from tests.cast import ANNE, OLIVE, OSCAR
from tests.logs import closed_log, issued_log
from tests.packing import RECEIVED, packed, trust_of

cases = Cases()

NOT_WITNESSED = "not witnessed"
REVOKED = "key revoked"


# --- Nothing outside ------------------------------------------------------------------------------


@cases.bundle(NOT_WITNESSED)
def no_letter_was_kept() -> Made:
    log = closed_log()
    return packed(log), trust_of(log, witnessed=False)


@cases.bundle(NOT_WITNESSED)
def truncated_and_nobody_holds_a_checkpoint() -> Made:
    """The rejection and what followed are gone, and the operator signed what is left."""
    log = closed_log()
    del log.leaves[13:], log.bodies[13:]
    return packed(log), trust_of(log, witnessed=False)


@cases.bundle(NOT_WITNESSED)
def a_revocation_left_out_and_nobody_holds_a_checkpoint() -> Made:
    """The log was written again without the revocation, so that what the thief signed counts."""
    log = issued_log()
    log.attest(log.files[0])
    return packed(log), trust_of(log, witnessed=False)


# --- Keys that the verifier revoked ---------------------------------------------------------------


@cases.bundle(REVOKED)
def a_key_revoked_by_the_verifier() -> Made:
    log = closed_log()
    return packed(log), replace(trust_of(log), revoked={OSCAR.keyid: RECEIVED - timedelta(days=1)})


@cases.bundle(REVOKED)
def revoked_in_the_second_in_which_the_checkpoint_came() -> Made:
    """It has to be older; the same second is not."""
    log = closed_log()
    return packed(log), replace(trust_of(log), revoked={OSCAR.keyid: RECEIVED})


@cases.bundle(REVOKED)
def signed_after_the_last_checkpoint_before_the_revocation() -> Made:
    log = issued_log()
    log.attest(log.files[0])
    seen = (SeenCheckpoint(log.checkpoint(), RECEIVED),)
    log.attest(log.files[1])
    revoked = {OSCAR.keyid: RECEIVED + timedelta(days=90)}
    return packed(log), trust_of(log, seen=seen, revoked=revoked)


@cases.bundle(REVOKED)
def a_revocation_left_out_that_the_verifier_knows_of() -> Made:
    """A checkpoint from before is held; what the log left out stands in the trust file."""
    log = issued_log()
    seen = (SeenCheckpoint(log.checkpoint(), RECEIVED),)
    log.attest(log.files[0])
    revoked = {OSCAR.keyid: RECEIVED + timedelta(days=1)}
    return packed(log), trust_of(log, seen=seen, revoked=revoked)


@cases.bundle(REVOKED)
def a_confirmation_by_a_key_revoked_since() -> Made:
    log = issued_log()
    log.attest(log.files[0])
    return packed(log), trust_of(log, revoked={ANNE.keyid: RECEIVED - timedelta(days=1)})


@cases.bundle(NOT_PINNED, NOT_WITNESSED, REVOKED)
def all_three_reasons() -> Made:
    log = closed_log()
    log.enrol(OLIVE)
    log.reopen(log.files[0])
    log.attest(log.files[0], OLIVE)
    trust = trust_of(log, witnessed=False, revoked={ANNE.keyid: RECEIVED})
    return packed(log), trust
