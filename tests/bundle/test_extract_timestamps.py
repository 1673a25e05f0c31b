"""Timestamps in an extract: those over its leaves, each over a prefix that was proved."""

from __future__ import annotations

import io

import pytest

from attest.bundle.report import check
from attest.bundle.trust import Trust
from attest.bundle.verified import CannotVerify
from attest.log.checkpoint import checkpoint_text
from tests.extracts import entries_of, extract_of, zipped
from tests.logs import LogWriter, closed_log
from tests.packing import checked, packed, trust_of
from tests.tsa import tsa

FIRST = "list 0.xlsx"
LOG = closed_log(2, 2)  # its attestation is leaf 14, reviewed at 15, closed at 16


def token(log: LogWriter, size: int) -> bytes:
    text = checkpoint_text(log.origin, size, log.root(size))
    return tsa("ecdsa").token(text.encode())


def stamped(*sizes: int) -> bytes:
    bundle = packed(LOG, timestamps={size: token(LOG, size) for size in sizes})
    return extract_of(bundle, FIRST)


def trust() -> Trust:
    return trust_of(LOG, tsa_roots=(tsa("ecdsa").root_pem,), witnessed=False)


def tokens_in(data: bytes) -> list[str]:
    return [name.rpartition("/")[2] for name in entries_of(data) if "timestamps" in name]


def test_the_first_over_each_leaf_and_the_newest_are_taken():
    assert tokens_in(stamped(8, 9, 13, 17, 18)) == ["8.tsr", "17.tsr", "18.tsr"]


def test_a_timestamp_proves_the_attestations_time():
    data = stamped(17)
    report = checked(data, trust())
    assert [reason.name for reason in report.reasons] == ["extract", "not witnessed"]
    (file,) = report.files()
    (stamp,) = report.head()["timestamps"]
    assert stamp["size"] == 17
    assert file["attestation"]["provedBy"] == stamp["proves"]


def test_without_roots_it_is_counted():
    report = checked(stamped(17), trust_of(LOG))
    assert report.head()["notChecked"]["timestamps"] == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"extract/timestamps/17.tsr": token(LOG, 18)}, "17.tsr:"),
        ({"extract/timestamps/17.tsr": b""}, "17.tsr:"),
        ({"extract/consistency/17": None}, "a prefix that no proof is about"),
    ],
)
def test_a_timestamp_over_something_else_is_refused(change: dict[str, bytes | None], says: str):
    entries = {**entries_of(stamped(17)), **change}
    data = zipped({name: content for name, content in entries.items() if content is not None})
    report = checked(data, trust())
    assert report.failure is not None
    assert report.failure.step == 13
    assert says in report.failure.reason


def test_a_timestamp_over_no_size_of_the_log_is_left_behind():
    bundle = packed(LOG, timestamps={40: token(LOG, 18)})
    assert tokens_in(extract_of(bundle, FIRST)) == []


def test_roots_without_anything_that_checks_signatures_are_a_question_amiss():
    with pytest.raises(CannotVerify):
        check(io.BytesIO(stamped(17)), trust())
