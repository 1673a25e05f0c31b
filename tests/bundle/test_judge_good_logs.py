"""Logs that the judge must admit, and what it says of them afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from attest.bundle.judge import Failure, Judge
from attest.statements.canonical import encode
from attest.statements.envelope import sign_payload
from tests.cast import ANNE, EDITH, LOG_KEY, OLIVE, OSCAR
from tests.logs import LogWriter, closed_log, hash_of, issued_log, payload_of
from tests.packing import checked, packed, trust_of


def states(log: LogWriter, size: int | None = None) -> list[str]:
    view = log.judge.view(size)
    return [view.file(number).state for number in range(log.judge.facts.file_count)]


def replayed(log: LogWriter, *, trusted: bool) -> Judge:
    judge = Judge(log.origin, log.demand_id)
    for leaf, body in zip(log.leaves, log.bodies, strict=True):
        judge.admit(leaf, body, trusted=trusted)
    return judge


def test_a_whole_case_is_admitted_and_closed():
    log = closed_log()
    assert log.judge.closed
    assert states(log) == ["accepted", "accepted"]
    assert log.judge.root == log.root()
    assert log.judge.last_at == log.now - timedelta(minutes=1)


def test_a_replay_ends_where_the_log_did():
    log = closed_log()
    for trusted in (False, True):
        judge = replayed(log, trusted=trusted)
        assert judge.closed
        assert judge.root == log.root()
        assert [judge.root_at(size) for size in range(judge.size + 1)] == [
            log.root(size) for size in range(log.size + 1)
        ]


def test_states_can_be_asked_at_any_leaf():
    log = issued_log(files=1)
    [file_id] = log.files
    before = log.size
    attested = log.attest(file_id, outcome="beyond_use")
    rejected = log.review(file_id, decision="rejected")
    again = log.attest(file_id, outcome="deleted")
    accepted = log.review(file_id)
    assert states(log, before) == ["open"]
    assert states(log, attested + 1) == ["attested_with_exceptions"]
    assert states(log, rejected + 1) == ["rejected"]
    assert states(log, again + 1) == ["attested"]
    assert states(log, accepted + 1) == ["accepted"]


def test_a_store_named_later_reopens_every_file():
    log = issued_log()
    for file_id in log.files:
        log.attest(file_id)
    log.review(*log.files)
    log.name_store("Unit 7", "hard_copy")
    assert states(log) == ["open", "open"]


def test_a_withdrawn_store_stands_until_an_amendment_covers_it():
    log = issued_log(files=1, stores=1)
    unit = log.name_store("Unit 7", "hard_copy")
    log.withdraw_store(unit)
    assert len(log.judge.view().stores) == 2
    log.amend()
    assert [store.store_id for store in log.judge.view().stores] == [log.stores[0]]
    log.attest(log.files[0])
    assert states(log) == ["attested"]


def test_a_withdrawal_after_what_the_amendment_saw_has_no_effect():
    log = issued_log(files=1, stores=2)
    seen = log.seen()
    log.withdraw_store(log.stores[0])
    log.amend(seen=seen)
    assert len(log.judge.view().stores) == 2


def test_a_reopened_file_is_open_and_opens_the_demand():
    log = closed_log()
    log.reopen(log.files[1])
    assert not log.judge.closed
    assert log.judge.view().closure is None
    assert states(log) == ["accepted", "open"]
    log.attest(log.files[1])
    log.review(log.files[1])
    log.close()
    assert log.judge.closed


def test_under_each_every_controller_must_accept():
    log = LogWriter()
    log.enrol(ANNE)
    log.enrol(EDITH)
    file_id = log.name_file("list.xlsx")
    log.name_store("Share")
    parties = {**_parties(), "concurrence": "each"}
    log.issue(parties=parties)
    log.enrol(OSCAR)
    log.attest(file_id)
    log.review(file_id)
    assert states(log) == ["attested"]
    log.review(file_id, by=EDITH)
    assert states(log) == ["accepted"]
    log.review(file_id, by=EDITH, decision="rejected")
    assert states(log) == ["rejected"]


def test_a_joint_controllers_review_does_not_count_under_lead():
    log = issued_log(files=1)
    log.enrol(EDITH)
    log.attest(log.files[0])
    log.review(log.files[0], by=EDITH)
    assert states(log) == ["attested"]


def test_a_demand_with_a_live_exception_closes_with_exceptions():
    log = issued_log(files=1)
    log.attest(log.files[0], outcome="beyond_use")
    log.review(log.files[0])
    log.close(outcome="closed_with_exceptions")
    closure = log.judge.view().closure
    assert closure is not None
    assert closure.outcome == "closed_with_exceptions"


def test_a_demand_is_withdrawn_whatever_is_open():
    log = issued_log()
    log.close(outcome="withdrawn")
    assert log.judge.closed


def test_keys_are_confirmed_rotated_and_revoked():
    log = issued_log()
    second = OSCAR.with_key("Oscar's second key")
    log.enrol(second, OSCAR.key)
    log.revoke(OSCAR, by=ANNE)
    keys = {key.keyid: key for key in log.judge.keys}
    assert keys[OSCAR.keyid].confirmed
    assert keys[OSCAR.keyid].revoked
    assert keys[second.keyid].rotated_from == OSCAR.keyid
    assert not keys[second.keyid].confirmed


def test_a_confirmation_after_its_signers_revocation_is_void_and_no_failure():
    log = issued_log()
    log.revoke(ANNE)
    log.enrol(OLIVE)
    log.confirm(OLIVE)
    key = log.judge.keys.get(OLIVE.keyid)
    assert key is not None
    assert [c.void for c in key.confirmations] == [True]
    assert not key.confirmed


def test_erased_bodies_are_admitted_where_the_verifier_allows_it():
    log = closed_log()
    judge = Judge(log.origin, log.demand_id, may_withhold={"letter.sent", "demand.acknowledged"})
    for leaf, body in zip(log.leaves, log.bodies, strict=True):
        erased = b'"letter.sent"' in leaf or b'"demand.acknowledged"' in leaf
        judge.admit(leaf, None if erased else body)
    assert judge.closed
    assert judge.state.withheld["letter.sent"] == 2


def test_an_attestation_may_answer_an_older_prefix_of_the_same_stores():
    log = issued_log(files=1)
    seen = log.seen()
    log.letter()
    log.attest(log.files[0], seen=seen)
    assert states(log) == ["attested"]


def test_a_review_of_what_was_superseded_meanwhile_changes_nothing():
    log = issued_log(files=1)
    [file_id] = log.files
    first = log.attest(file_id)
    seen = log.seen()
    subjects = [(file_id, hash_of(log.bodies[first]))]
    log.attest(file_id, outcome="deleted")
    log.review(file_id, subjects=subjects, seen=seen)
    assert states(log) == ["attested"]


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_time(year):
    log = LogWriter()
    log.now = datetime(year, 1, 1, tzinfo=UTC)
    log.enrol(ANNE)
    if year == 9999:
        log.now = datetime(9999, 12, 31, 23, 50, tzinfo=UTC)
    log.name_file("list.xlsx")
    log.issue()
    assert log.judge.at(0).year == year


def test_a_row_that_was_changed_since_is_refused_and_changes_nothing():
    log = issued_log()
    before = log.judge.root
    body = encode({"demandId": log.demand_id, "nonce": log.nonce()})
    log.append_unjudged("file.named", body)
    with pytest.raises(Failure):
        log.judge.admit(log.leaves[-1], body, trusted=True)
    assert log.judge.root == before


def test_a_refused_leaf_leaves_the_judge_as_it_was():
    log = issued_log()
    size, root = log.judge.size, log.judge.root
    payload = log.attestation_payload(log.files[0])
    with pytest.raises(Failure):
        log.append("attestation.signed", sign_payload(payload, ANNE.key))
    log.leaves.pop()
    log.bodies.pop()
    assert (log.judge.size, log.judge.root) == (size, root)
    log.append("attestation.signed", sign_payload(payload, OSCAR.key))
    assert states(log) == ["attested", "open"]


def test_the_writer_signs_with_real_keys():
    log = closed_log()
    assert b"The demand is closed" in payload_of(log.bodies[-2])
    assert log.checkpoint(key=LOG_KEY).startswith(log.origin + "\n")


def _parties():
    return {
        "controllers": [
            {"name": ANNE.organisation, "role": "lead"},
            {"name": EDITH.organisation, "role": "joint"},
        ],
        "contractor": {"name": OSCAR.organisation},
        "carriers": [],
    }


def test_an_attestation_held_back_over_a_reopening_is_judged_by_its_leaf():
    log = issued_log(files=1)
    [file_id] = log.files
    log.attest(file_id)
    held_back = log.attestation_payload(file_id, outcome="deleted")
    reopened = log.reopen(file_id)
    log.append("attestation.signed", sign_payload(held_back, OSCAR.key))
    assert states(log) == ["attested"]
    [file] = checked(packed(log), trust_of(log)).files()
    assert file["attestation"]["unseenReopening"] == reopened
    log.attest(file_id, outcome="deleted")
    [file] = checked(packed(log), trust_of(log)).files()
    assert "unseenReopening" not in file["attestation"]
    log.reopen(file_id)
    assert states(log) == ["open"]
