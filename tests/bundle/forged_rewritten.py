"""Steps 5, 6 and 9: the operator writes the log again and signs it, and no mailbox holds another.

What stops it is what others signed: each statement names the prefix that its signer saw. So these
trust files hold no checkpoint; with one, step 4 would refuse them all.
"""

from __future__ import annotations

from collections.abc import Iterable

from attest.log.leaf import encode_leaf, parse_leaf
from attest.statements.envelope import sign_payload
from tests.bundle.forgery import Made, Table
from tests.cast import ANNE, OLIVE, OSCAR
from tests.logs import LIAISON, LogWriter, changed, closed_log, issued_log, made_up_uuid
from tests.packing import packed, trust_of

table = Table()


def written_again(log: LogWriter, order: Iterable[int], *, renumbered: bool = True) -> Made:
    """The log with its leaves in another order, or fewer of them, and a checkpoint to suit."""
    rewritten = LogWriter()
    for index in order:
        leaf = parse_leaf(log.leaves[index])
        body = log.bodies[index]
        assert body is not None
        rewritten.append_unjudged(leaf.type, body, **({} if renumbered else {"seq": leaf.seq}))
    return packed(rewritten), trust_of(rewritten, witnessed=False)


def without(log: LogWriter, *gone: int) -> list[int]:
    return [index for index in range(log.size) if index not in gone]


def with_body(log: LogWriter, at: int, change) -> Made:
    """The log with another body, its leaf made to suit, and a checkpoint to suit that."""
    body = log.bodies[at]
    assert body is not None
    kind = parse_leaf(log.leaves[at]).type
    rewritten = LogWriter()
    rewritten.append_unjudged(kind, changed(body, change))
    leaf = parse_leaf(rewritten.leaves[0])
    old = parse_leaf(log.leaves[at])
    log.leaves[at] = encode_leaf(type(leaf)(old.at, leaf.body, leaf.demand, at, kind))
    log.bodies[at] = rewritten.bodies[0]
    return packed(log), trust_of(log, witnessed=False)


# --- 6 --------------------------------------------------------------------------------------------


@table.bundle(6, "seq is 2, and should be 0")
def the_first_leaves_dropped_and_signed_again() -> Made:
    log = closed_log()
    return written_again(log, without(log, 0, 1), renumbered=False)


@table.bundle(6, "seq is 10, and should be 9")
def a_leaf_dropped_and_signed_again() -> Made:
    log = closed_log()
    return written_again(log, without(log, 9), renumbered=False)


@table.bundle(6, "seq is 2, and should be 1")
def two_leaves_swapped_and_signed_again() -> Made:
    log = closed_log()
    return written_again(log, [0, 2, 1, *range(3, log.size)], renumbered=False)


# --- 7 and 8: what is missing is missed -----------------------------------------------------------


@table.bundle(8, "not enrolled")
def an_enrolment_dropped_and_renumbered() -> Made:
    log = closed_log()
    return written_again(log, without(log, 6, 7))


@table.bundle(6, "before demand.issued")
def the_demand_dropped_and_renumbered() -> Made:
    log = closed_log()
    return written_again(log, without(log, 5))


# --- 9: what others saw ---------------------------------------------------------------------------


@table.bundle(9, "longer than the log before")
def the_first_leaves_dropped_and_renumbered() -> Made:
    log = closed_log()
    return written_again(log, without(log, 1))


@table.bundle(9, "not a prefix")
def two_leaves_swapped_and_renumbered() -> Made:
    log = closed_log()
    return written_again(log, [0, 2, 1, *range(3, log.size)])


@table.bundle(9, "longer than the log before")
def an_acknowledgement_dropped_and_renumbered() -> Made:
    log = closed_log()
    return written_again(log, without(log, 8))


@table.bundle(9, "longer than the log before")
def a_rejection_and_what_it_was_about_dropped() -> Made:
    """What is left looks like one attestation, accepted at once."""
    log = closed_log(files=1)
    rejected = next(n for n, leaf in enumerate(log.leaves) if b"reviewed" in leaf)
    first = next(n for n, leaf in enumerate(log.leaves) if b"attestation.signed" in leaf)
    return written_again(log, without(log, first, rejected))


@table.bundle(9, "longer than the log before")
def a_revocation_dropped_that_somebody_saw() -> Made:
    log = issued_log()
    revoked = log.revoke(OSCAR, by=ANNE)
    log.enrol(OLIVE)
    log.confirm(OLIVE)
    log.attest(log.files[0], OLIVE)
    return written_again(log, without(log, revoked))


@table.bundle(9, "longer than the log before")
def an_amendment_dropped_that_the_officer_saw() -> Made:
    log = issued_log()
    amended = log.amend(action="return")
    log.attest(log.files[0])
    return written_again(log, without(log, amended))


@table.bundle(9, "longer than the log before")
def a_store_dropped_that_the_officer_saw() -> Made:
    log = issued_log()
    log.name_store("Unit 7", "hard_copy")
    dropped = log.size - 1
    log.attest(log.files[0])
    return written_again(log, without(log, dropped))


@table.bundle(9, "longer than the log before")
def a_reopening_dropped_that_the_signatory_saw() -> Made:
    log = issued_log()
    log.attest(log.files[0])
    reopened = log.reopen(log.files[0])
    log.review(log.files[0], decision="rejected")
    return written_again(log, without(log, reopened))


@table.bundle(9, "not a prefix")
def a_revocation_exchanged_for_a_letter() -> Made:
    """So that all that follows keeps its number."""
    log = issued_log()
    revoked = log.revoke(OSCAR, by=ANNE)
    log.enrol(OLIVE)
    log.confirm(OLIVE)
    log.attest(log.files[0], OLIVE)
    log.letter()
    letter = log.size - 1
    return written_again(log, [*range(revoked), letter, *range(revoked + 1, letter)])


@table.bundle(9, "not a prefix")
def a_letter_put_in_before_what_the_signatory_saw() -> Made:
    """It would show that a reminder went out in time."""
    log = issued_log()
    log.attest(log.files[0])
    log.review(log.files[0])
    log.letter()
    letter = log.size - 1
    return written_again(log, [*range(8), letter, *range(8, letter)])


@table.bundle(9, "not a prefix")
def another_name_for_a_file_that_was_demanded() -> Made:
    return with_body(closed_log(), 1, lambda body: body.update(name="another list.xlsx"))


@table.bundle(9, "not a prefix")
def another_content_for_a_file_that_was_demanded() -> Made:
    return with_body(closed_log(), 1, lambda body: body.update(sha256="0" * 64))


@table.bundle(9, "not a prefix")
def another_label_for_a_store_that_was_demanded() -> Made:
    return with_body(closed_log(), 3, lambda body: body.update(label="An empty share"))


@table.bundle(9, "not a prefix")
def an_acknowledgement_by_somebody_else() -> Made:
    other = {**LIAISON, "name": ANNE.name}
    return with_body(closed_log(), 8, lambda body: body.update(by=other))


@table.bundle(9, "later than the leaf")
def the_demands_own_time_moved() -> Made:
    """The demand is called a day older than it is: whoever saw it later signed its leaf."""
    log = closed_log()
    for index in range(6):
        leaf = log.leaves[index]
        log.leaves[index] = leaf.replace(b"2013-02-04T", b"2013-02-03T")
    return packed(log), trust_of(log, witnessed=False)


@table.bundle(9, "earlier than the last leaf that the signer saw")
def leaves_moved_to_a_later_month_before_a_statement() -> Made:
    """The operator says that the acknowledgement came a month late; the signer's time differs."""
    log = issued_log()
    stated_at = log.now
    log.now = log.now.replace(month=3)
    log.plain("demand.acknowledged", by=LIAISON)
    payload = log.closure_payload(outcome="withdrawn", stated_at=stated_at)
    log.append_unjudged("demand.closed", sign_payload(payload, ANNE.key))
    return packed(log), trust_of(log, witnessed=False)


# --- 5: bodies smuggled in ------------------------------------------------------------------------


@table.bundle(5, "does not hash")
def a_body_smuggled_in_between() -> Made:
    log = closed_log()
    extra = log.plain_body("file.named", fileId=made_up_uuid("x"), name="x", kind="electronic")
    bodies = [*log.bodies[:3], extra, *log.bodies[3:]]
    return packed(log, bodies=bodies), trust_of(log)


@table.bundle(5, "does not hash")
def a_body_with_a_space_behind_it() -> Made:
    log = closed_log()
    bodies = [*log.bodies[:-1], (log.bodies[-1] or b"") + b" "]
    return packed(log, bodies=bodies), trust_of(log)


@table.bundle(5, "does not hash")
def a_withheld_line_that_says_more() -> Made:
    log = closed_log()
    trust = trust_of(log, may_withhold=frozenset({"letter.sent"}))
    digest = log.leaves[-1].split(b'"body":"')[1][:64]
    line = b'{"reason":"GDPR","withheld":"%s"}' % digest
    return packed(log, bodies=[*log.bodies[:-1], line]), trust


@table.bundle(5, "does not hash")
def carriage_returns_at_the_ends_of_bodies() -> Made:
    log = closed_log()
    bodies = [(body or b"") + b"\r" for body in log.bodies]
    return packed(log, bodies=bodies), trust_of(log)


@table.bundle(3, "do not hash")
def carriage_returns_at_the_ends_of_leaves() -> Made:
    log = closed_log()
    leaves = [leaf + b"\r" for leaf in log.leaves]
    return packed(log, leaves=leaves), trust_of(log)
