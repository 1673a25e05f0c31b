"""docs/threats.md, row by row: what an attacker can get, it gets; the page promises no more."""

from collections.abc import Callable

import pytest

from attest.statements.envelope import sign_payload
from tests.bundles import attackers as who
from tests.bundles.attackers import NEVER, THREATS, world
from tests.bundles.forging import MADE_UP_LEADS, resumed
from tests.cast import ANNE, EDITH, OSCAR
from tests.logs import LogWriter
from tests.packing import checked, packed, trust_of

FIRST, SECOND = world().states
SIZE = world().log.size

# A log that the attacker of that name makes, the demand's state and those of both files.
Got = tuple[LogWriter, str, str, str]
GETS: dict[str, Callable[[], Got]] = {}


def gets(name: str) -> Callable[[Callable[[], Got]], Callable[[], Got]]:
    def keep(make: Callable[[], Got]) -> Callable[[], Got]:
        GETS[name] = make
        return make

    return keep


@gets("an outsider with the database")
def an_old_bundle() -> Got:
    return resumed(12), "issued", "attested", "open"


@gets("the server's operator")
def a_rejection_held_back_and_a_file_reopened() -> Got:
    log = resumed(SIZE)
    log.append(*world().held_back[2])
    log.reopen(FIRST)
    return log, "issued", "open", "rejected"


@gets("the officer")
def an_attestation_that_is_not_true() -> Got:
    log = resumed(SIZE)
    log.attest(SECOND, outcome="destroyed")
    return log, "issued", "accepted", "attested"


@gets("the operator and the officer")
def an_attestation_in_another_place() -> Got:
    """The lead never sees the legal hold that was signed first."""
    log = resumed(SIZE - 1)
    log.attest(SECOND, outcome="destroyed")
    return log, "issued", "accepted", "attested"


@gets("a joint controller")
def a_review_that_does_not_count() -> Got:
    log = resumed(SIZE)
    log.review(FIRST, by=EDITH, decision="rejected")
    return log, "issued", "accepted", "attested_with_exceptions"


@gets("the operator and a joint controller")
def a_review_that_does_not_count_and_a_withdrawal_held_back() -> Got:
    log = resumed(SIZE)
    log.append(*world().held_back[-1])
    return log, "withdrawn", "accepted", "attested_with_exceptions"


@gets("the operator, the officer and a joint controller")
def all_that_each_gets_alone() -> Got:
    log = resumed(SIZE)
    log.attest(SECOND, outcome="destroyed")
    log.review(SECOND, by=EDITH)
    log.reopen(FIRST)
    return log, "issued", "open", "attested"


@gets("the lead's signatory")
def an_officer_of_the_leads_own_making() -> Got:
    log = resumed(SIZE)
    made_up = OSCAR.with_key("the lead's Oscar")
    log.enrol(made_up)
    log.confirm(made_up)
    log.attest(SECOND, made_up, outcome="destroyed")
    log.review(SECOND)
    log.close()
    return log, "closed", "accepted", "accepted"


@gets("the operator and the lead's signatory")
def a_case_without_the_officer() -> Got:
    log = resumed(10)
    made_up = OSCAR.with_key("the lead's Oscar")
    log.enrol(made_up)
    log.confirm(made_up)
    for file_id in log.files:
        log.attest(file_id, made_up, outcome="deleted")
    log.review(*log.files)
    log.close()
    return log, "closed", "accepted", "accepted"


@gets("everybody together")
def another_past() -> Got:
    log = resumed(10)
    for file_id in log.files:
        log.attest(file_id, outcome="deleted")
    log.review(*log.files)
    log.close()
    return log, "closed", "accepted", "accepted"


@pytest.mark.parametrize("name", GETS)
def test_this_much_is_verified(name):
    """By somebody who holds an older checkpoint. Who holds the newest misses what is missing."""
    log, demand, first, second = GETS[name]()
    older = trust_of(log, seen=(world().checkpoint(9),))
    report = checked(packed(log), older)
    states = {file["fileId"]: file["state"] for file in report.files()}
    assert report.status == 0, (report.failure, report.reasons)
    assert (report.head()["demand"]["state"], states[FIRST], states[SECOND]) == (
        demand,
        first,
        second,
    )
    assert checked(packed(log), trust_of(log, seen=())).status == 3
    newest = checked(packed(log), trust_of(log, seen=(world().checkpoint(SIZE),)))
    cut_off = log.leaves[:SIZE] != world().log.leaves
    assert newest.status == (1 if cut_off else 0)


def test_a_made_up_key_gets_nothing_counted():
    log = resumed(SIZE)
    [fake, _] = MADE_UP_LEADS
    log.enrol(fake)
    payload = log.review_payload([SECOND], by=fake)
    log.append("attestation.reviewed", sign_payload(payload, fake.key))
    report = checked(packed(log), trust_of(log, pinned=[ANNE]))
    assert report.status == 3
    assert [file["state"] for file in report.files()] == list(world().states.values())


def test_the_page_has_every_attacker_and_every_promise():
    page = THREATS.read_text("utf-8")
    rows = who.attackers()
    assert {row.name for row in rows} == set(GETS)
    assert {key for row in rows for key in row.keys} == {who.LOG_KEY_NAME, *who.HOLDERS}
    assert {number for row in rows for number in row.never} == set(NEVER)
    for number, check in NEVER.items():
        assert check.__doc__ is not None
        assert f"- **{number}** {check.__doc__.splitlines()[0]}" in page
