"""What trust makes of a log that is intact: exit statuses 0 and 3, with the reasons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from attest.bundle.report import Report
from attest.bundle.trust import SeenCheckpoint
from attest.bundle.witnesses import Witnesses
from tests.cast import ANNE, EDITH, HALDEN, OLIVE, OSCAR, PARTIES, signatory
from tests.logs import LogWriter, closed_log, issued_log
from tests.packing import RECEIVED, checked, packed, trust_of

SINCE = datetime(2013, 6, 1, tzinfo=UTC)


def reasons(report: Report) -> list[str]:
    assert report.failure is None, report.failure
    assert report.status == (3 if report.reasons else 0)
    return [reason.name for reason in report.reasons]


def blamed(report: Report) -> list[str]:
    return [key.holder["name"] for reason in report.reasons for key in reason.keys]


def states(report: Report) -> list[str]:
    return [file["state"] for file in report.files()]


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


def test_a_good_bundle_is_verified():
    log = closed_log()
    report = checked(packed(log), trust_of(log))
    assert (report.verdict, report.status) == ("VERIFIED", 0)
    assert states(report) == ["accepted", "accepted"]


def test_without_pins_nothing_stands():
    log = closed_log()
    report = checked(packed(log), trust_of(log, pinned=[]))
    assert reasons(report) == ["keys not pinned"]
    assert blamed(report) == ["Anne Archer", "Oscar Okafor"]
    assert report.head()["demand"]["state"] == "not_issued"
    assert states(report) == ["open", "open"]
    assert [file["claimed"]["state"] for file in report.files()] == ["accepted", "accepted"]


def test_an_unconfirmed_key():
    log = unconfirmed_log()
    report = checked(packed(log), trust_of(log))
    assert reasons(report) == ["keys not pinned"]
    assert blamed(report) == ["Oscar Okafor"]
    assert states(report) == ["open"]


def test_an_unconfirmed_key_that_is_pinned():
    log = unconfirmed_log()
    report = checked(packed(log), trust_of(log, pinned=[ANNE, OSCAR]))
    assert reasons(report) == []
    assert states(report) == ["attested"]


def test_confirmed_by_a_signatory_who_is_not_pinned():
    log = unconfirmed_log()
    log.enrol(EDITH)
    log.confirm(OSCAR, EDITH)
    assert blamed(checked(packed(log), trust_of(log))) == ["Oscar Okafor"]


def test_confirmed_by_one_that_is_itself_only_confirmed():
    log = unconfirmed_log()
    log.enrol(EDITH)
    log.confirm(EDITH, ANNE)
    log.confirm(OSCAR, EDITH)
    assert blamed(checked(packed(log), trust_of(log))) == ["Oscar Okafor"]


def test_confirmed_after_the_signatorys_revocation():
    log = unconfirmed_log()
    log.revoke(ANNE)
    log.confirm(OSCAR, ANNE)
    assert blamed(checked(packed(log), trust_of(log))) == ["Oscar Okafor"]


def test_a_rotation_vouches_for_nothing():
    log = issued_log()
    second = OSCAR.with_key("second")
    log.enrol(second, OSCAR.key)
    log.attest(log.files[0], second)
    assert blamed(checked(packed(log), trust_of(log))) == ["Oscar Okafor"]
    log.confirm(second)
    assert reasons(checked(packed(log), trust_of(log))) == []


def test_an_officers_key_replaced_by_the_operator():
    """The operator enrols a signatory and an officer of its own making; the names are right."""
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
    report = checked(packed(log), trust_of(log, pinned=[ANNE, OSCAR]))
    assert reasons(report) == ["keys not pinned"]
    assert [key.keyid for reason in report.reasons for key in reason.keys] == [fake_oscar.keyid]


def test_an_untrusted_key_that_changes_nothing():
    log = closed_log()
    log.enrol(OLIVE)
    assert reasons(checked(packed(log), trust_of(log))) == []


def test_an_untrusted_attestation_that_supersedes_an_accepted_one():
    log = issued_log(files=1)
    log.attest(log.files[0])
    log.review(log.files[0])
    log.enrol(OLIVE)
    log.attest(log.files[0], OLIVE)
    report = checked(packed(log), trust_of(log))
    assert blamed(report) == ["Olive Orme"]
    assert states(report) == ["accepted"]


def test_an_untrusted_attestation_in_the_same_state():
    log = issued_log(files=1)
    log.attest(log.files[0], outcome="deleted")
    log.enrol(OLIVE)
    log.attest(log.files[0], OLIVE)
    assert blamed(checked(packed(log), trust_of(log))) == ["Olive Orme"]


def test_an_untrusted_amendment():
    log = issued_log(files=1)
    other = signatory("Ada Adder", ANNE.organisation)
    log.enrol(other)
    log.amend(other, reference="NC-2013-2")
    report = checked(packed(log), trust_of(log))
    assert blamed(report) == ["Ada Adder"]
    assert report.head()["demand"]["reference"] == "NC-2013-1"


def test_an_untrusted_amendment_that_drops_a_store():
    """The officer answered all that stood; for who trusts the amendment not, a store is open."""
    log = issued_log(files=1)
    other = signatory("Ada Adder", ANNE.organisation)
    log.enrol(other)
    log.withdraw_store(log.stores[0])
    log.amend(other)
    log.attest(log.files[0])
    report = checked(packed(log), trust_of(log))
    assert states(report) == ["open"]
    assert blamed(report) == ["Ada Adder"]


def test_an_untrusted_closure():
    log = issued_log(files=1)
    other = signatory("Ada Adder", ANNE.organisation)
    log.enrol(other)
    log.close(other, outcome="withdrawn")
    report = checked(packed(log), trust_of(log))
    assert report.head()["demand"]["state"] == "issued"
    assert report.head()["demand"]["claimed"] == "withdrawn"
    assert blamed(report) == ["Ada Adder"]


def test_a_review_by_an_untrusted_joint_controller_that_does_not_count():
    log = issued_log(files=1)
    log.enrol(EDITH)
    log.attest(log.files[0])
    log.review(log.files[0], by=EDITH)
    assert reasons(checked(packed(log), trust_of(log))) == []


def test_a_review_by_an_untrusted_joint_controller_that_counts():
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
    report = checked(packed(log), trust_of(log))
    assert states(report) == ["attested"]
    assert blamed(report) == ["Edith East"]


def test_without_a_checkpoint_from_a_letter():
    log = closed_log()
    assert reasons(checked(packed(log), trust_of(log, witnessed=False))) == ["not witnessed"]


def test_a_key_revoked_by_the_verifier():
    log = closed_log()
    trust = replace(trust_of(log), revoked={OSCAR.keyid: RECEIVED - timedelta(days=1)})
    report = checked(packed(log), trust)
    assert reasons(report) == ["key revoked"]
    assert blamed(report) == ["Oscar Okafor"]
    assert states(report) == ["open", "open"]


def test_a_key_revoked_after_a_checkpoint_was_received():
    log = closed_log()
    trust = replace(trust_of(log), revoked={OSCAR.keyid: SINCE})
    assert reasons(checked(packed(log), trust)) == []


def test_only_what_a_checkpoint_covers_outlives_a_revocation():
    log = issued_log()
    log.attest(log.files[0])
    seen = (SeenCheckpoint(log.checkpoint(), RECEIVED),)
    log.attest(log.files[1])
    trust = replace(trust_of(log), seen=seen, revoked={OSCAR.keyid: SINCE})
    report = checked(packed(log), trust)
    assert reasons(report) == ["key revoked"]
    assert states(report) == ["attested", "open"]


def test_a_confirmation_by_a_key_revoked_since():
    log = issued_log()
    log.attest(log.files[0])
    since = RECEIVED - timedelta(days=1)
    trust = replace(trust_of(log), revoked={ANNE.keyid: since})
    report = checked(packed(log), trust)
    assert reasons(report) == ["key revoked"]
    assert blamed(report) == ["Anne Archer", "Oscar Okafor"]


def test_a_revocation_of_a_key_that_did_nothing_that_matters():
    log = closed_log()
    trust = replace(trust_of(log), revoked={OLIVE.keyid: RECEIVED - timedelta(days=1)})
    assert reasons(checked(packed(log), trust)) == []


def test_all_three_reasons():
    log = closed_log()
    trust = trust_of(log, pinned=[ANNE], witnessed=False)
    trust = replace(trust, revoked={ANNE.keyid: SINCE})
    log.enrol(OLIVE)
    log.reopen(log.files[0])
    log.attest(log.files[0], OLIVE)
    report = checked(packed(log), trust)
    assert reasons(report) == ["keys not pinned", "not witnessed", "key revoked"]


def test_erased_bodies_change_no_verdict():
    log = closed_log()
    erased = [n for n, leaf in enumerate(log.leaves) if b'"letter.sent"' in leaf]
    for index in erased:
        log.bodies[index] = None
    trust = replace(trust_of(log), may_withhold=frozenset({"letter.sent"}))
    report = checked(packed(log), trust)
    assert reasons(report) == []
    assert report.head()["withheld"] == {"letter.sent": len(erased)}


def test_what_proves_a_statement_from_outside():
    log = issued_log()
    log.attest(log.files[0])
    seen = (SeenCheckpoint(log.checkpoint(), RECEIVED),)
    log.attest(log.files[1])
    report = checked(packed(log), replace(trust_of(log), seen=seen))
    first, second = (file["attestation"] for file in report.files())
    assert first["provedBy"] == "2013-03-01T12:00:00Z"
    assert "provedBy" not in second


def test_the_earliest_covering_checkpoint_counts():
    day = timedelta(days=1)
    witnesses = Witnesses([(5, RECEIVED), (9, RECEIVED - day), (12, RECEIVED + day)])
    assert witnesses.proved(4) == RECEIVED - day
    assert witnesses.proved(8) == RECEIVED - day
    assert witnesses.proved(9) == RECEIVED + day
    assert witnesses.proved(12) is None
    assert not Witnesses([])


def test_the_contractor_is_named_as_it_is():
    log = closed_log()
    report = checked(packed(log), trust_of(log))
    assert report.head()["demand"]["parties"]["contractor"] == {"name": HALDEN}
