"""Bad extracts: each is refused, by the step that its row names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attest.bundle.report import Report
from attest.bundle.trust import SeenCheckpoint
from attest.log.checkpoint import sign_checkpoint
from tests.bundle.bad_extract_leaves import demanded, words
from tests.bundle.bad_extracts import BAD, FIRST, GOOD, LEAVES, LOG, SIZES, holding
from tests.cast import LOG_KEY
from tests.extracts import Entries, by_hand, entries_of, extract, zipped
from tests.logs import LogWriter, issued_log
from tests.packing import RECEIVED, checked, packed, trust_of


def test_the_good_one_is_what_one_makes_by_hand():
    entries = by_hand(LOG, LEAVES, SIZES)
    assert zipped({**entries, "README.txt": entries_of(GOOD)["README.txt"]}) == GOOD
    assert checked(zipped(entries), trust_of(LOG)).status == 3


def test_a_received_checkpoint_over_another_past_is_refused():
    # The operator showed somebody else a log whose ninth leaf was another one.
    fork = sign_checkpoint(LOG.origin, 9, LOG.root(8), LOG_KEY)
    seen = (SeenCheckpoint(fork, RECEIVED),)
    refused(checked(GOOD, replace(trust_of(LOG), seen=seen)), 4, "another past, of 9 leaves")


def test_a_received_checkpoint_over_another_newest_log_is_refused():
    fork = sign_checkpoint(LOG.origin, 18, LOG.root(8), LOG_KEY)
    seen = (SeenCheckpoint(fork, RECEIVED),)
    refused(checked(GOOD, replace(trust_of(LOG), seen=seen)), 4, "another past, of 18 leaves")


def test_a_confirmation_left_out_leaves_the_key_untrusted():
    report = checked(holding(without=(7,)), trust_of(LOG))
    assert [reason.name for reason in report.reasons] == ["extract", "keys not pinned"]


# --- The table -------------------------------------------------------------------------------


def refused(report: Report, step: int, says: str) -> None:
    assert report.status == 1
    assert report.failure is not None
    assert (report.failure.step, says in report.failure.reason) == (step, True), report.failure


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_extract_is_refused(name: str):
    row = BAD[name]
    data = row.make()
    refused(checked(data, trust_of(row.log, witnessed=False)), row.step, row.says)


def test_a_demand_with_its_own_counts_is_taken_as_it_was_signed():
    # The lists are not there, so that a wrong count is beyond an extract, and the report says so.
    log = demanded(words("The log names 1 file.", "The log names 7 files."))
    data = zipped(by_hand(log, (0, 1, 2, 3), (3,)))
    refused(checked(data, trust_of(log, witnessed=False)), 10, "holds no attestation")


# --- Every byte ------------------------------------------------------------------------------


def smallest() -> tuple[LogWriter, bytes]:
    log = issued_log(1, 1)
    log.attest(log.files[0])
    return log, extract(log, FIRST)


def test_each_byte_counts():
    log, data = smallest()
    trust = trust_of(log)
    assert checked(data, trust).status == 3
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        report = checked(bytes(flipped), trust)
        assert report.status == 1, at


def test_each_cut_is_refused():
    log, data = smallest()
    trust = trust_of(log)
    for end in range(0, len(data), 61):
        assert checked(data[:end], trust).status == 1, end


def test_a_good_entry_of_another_extract_does_not_fit():
    other = entries_of(extract(LOG, "list 1.xlsx"))
    mine: Entries = entries_of(GOOD)
    for name in mine:
        if name == "README.txt" or mine[name] == other.get(name, mine[name]):
            continue
        report = checked(zipped({**mine, name: other[name]}), trust_of(LOG))
        assert report.status == 1, name


def test_a_bundle_is_no_extract_by_another_name():
    data = packed(LOG).replace(b"evidence/", b"extract//")
    assert checked(data, trust_of(LOG)).status == 1
