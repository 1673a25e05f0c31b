"""Timestamps in bundles: step 13, and what they prove of the leaves that they cover."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from attest.bundle.command import run
from attest.bundle.report import Report, check
from attest.bundle.report_text import lines
from attest.bundle.trust import Trust, encode_trust
from attest.bundle.verified import CannotVerify
from attest.bundle.witnesses import Proof, Witnesses
from attest.certificates import check_signature
from attest.log.checkpoint import checkpoint_text
from tests.cast import OSCAR
from tests.forged_tokens import make
from tests.logs import LogWriter, closed_log
from tests.packing import RECEIVED, checked, packed, trust_of
from tests.tsa import changed, tsa

LOG = closed_log()
TSA = "CN=Example TSA ecdsa,O=Example Time,C=GB"
EARLY, LATE = datetime(2013, 2, 10, tzinfo=UTC), datetime(2013, 6, 1, tzinfo=UTC)


def text(size: int, log: LogWriter = LOG) -> str:
    return checkpoint_text(log.origin, size, log.root(size))


def stamped(size: int, moment: datetime, **members: Any) -> bytes:
    time = moment.strftime("%Y%m%d%H%M%SZ").encode()
    return make(**{"text": text(size), "time": time} | members)


def trusting(**changes: Any) -> Trust:
    return trust_of(LOG, tsa_roots=(tsa("ecdsa").root_pem,), **changes)


def failed(report: Report) -> str:
    assert report.failure is not None
    assert (report.failure.step, report.failure.leaf) == (13, None)
    return report.failure.reason


def proofs(report: Report) -> list[tuple[str | None, dict[str, Any] | None]]:
    """What proves each file's attestation."""
    said = [file["attestation"] for file in report.files()]
    return [(item.get("provedBy"), item.get("provedWith")) for item in said]


def test_a_real_token_is_checked_and_reported() -> None:
    token = tsa("ecdsa").token(text(LOG.size).encode())
    report = checked(packed(LOG, timestamps={LOG.size: token}), trusting())
    assert (report.failure, report.status) == (None, 0)
    head = report.head()
    assert head["notChecked"]["timestamps"] == 0
    (stamp,) = head["timestamps"]
    assert stamp["size"] == LOG.size
    assert stamp["time"] <= stamp["proves"]
    assert stamp["accuracySeconds"] == 2
    assert stamp["tsa"] == TSA
    assert stamp["signedWith"] == "ECDSA P-256 with SHA-256"
    assert stamp["until"] == "2049-12-31T23:59:59Z"


def test_without_roots_they_are_counted() -> None:
    bundle = packed(LOG, timestamps={2: b"anything", LOG.size: stamped(LOG.size, EARLY)})
    report = checked(bundle, trust_of(LOG))
    assert report.status == 0
    assert report.head()["notChecked"]["timestamps"] == 2
    assert report.head()["timestamps"] == []
    assert "  2 timestamps: your trust file has no tsaRoots." in list(lines(report))
    assert {moment for moment, _ in proofs(report)} == {"2013-03-01T12:00:00Z"}


def test_with_roots_something_has_to_check_signatures() -> None:
    with pytest.raises(CannotVerify, match="Run `attest verify`"):
        check(io.BytesIO(packed(LOG)), trusting())


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (b"", "the response is missing, or is not DER"),
        (b"token", "the response is missing, or is not DER"),
        (stamped(3, EARLY), "the token is over something else than the log's first leaves"),
        (
            stamped(4, EARLY, text=text(4, closed_log(name="another demand"))),
            "the token is over something else than the log's first leaves",
        ),
        (stamped(4, EARLY, kind="rsa"), "is not among the roots that you trust"),
        (changed(stamped(4, EARLY)), "the TSA's signature does not verify"),
    ],
)
def test_one_that_does_not_verify_is_named(token: bytes, reason: str) -> None:
    good = {3: stamped(3, EARLY), 5: stamped(5, EARLY)}
    found = failed(checked(packed(LOG, timestamps={**good, 4: token}), trusting()))
    assert found.startswith("evidence/timestamps/4.tsr: ")
    assert found.endswith(reason)


def test_one_over_more_leaves_than_there_are() -> None:
    size = LOG.size + 1
    bundle = packed(LOG, timestamps={size: stamped(LOG.size, EARLY)})
    found = failed(checked(bundle, trusting()))
    assert found == f"evidence/timestamps/{size}.tsr is over more leaves than there are"


def test_roots_of_somebody_else() -> None:
    bundle = packed(LOG, timestamps={3: stamped(3, EARLY)})
    trust = trust_of(LOG, tsa_roots=(tsa("ecdsa", owner="Another TSA").root_pem,))
    assert failed(checked(bundle, trust)).endswith("is not among the roots that you trust")
    both = replace(trust, tsa_roots=(*trust.tsa_roots, tsa("ecdsa").root_pem))
    assert checked(bundle, both).status == 0


# --- What they prove --------------------------------------------------------------------------


def test_the_earliest_proof_counts() -> None:
    # One attestation is covered by the early timestamp, the other by the letter of March alone.
    files = list(checked(packed(LOG), trust_of(LOG)).files())
    size = min(file["attestation"]["leaf"] for file in files) + 1
    stamps = {size: stamped(size, EARLY), LOG.size: stamped(LOG.size, LATE)}
    report = checked(packed(LOG, timestamps=stamps), trusting())
    found = sorted(proofs(report), key=str)
    assert found == [
        ("2013-02-10T00:00:00Z", {"size": size, "tsa": TSA}),
        ("2013-03-01T12:00:00Z", {"size": LOG.size}),
    ]
    written = "\n".join(lines(report))
    assert f"proved by a timestamp of 10 February 2013, 00:00 UTC\n{' ' * 18}from {TSA}" in written
    assert "proved by a checkpoint that you received on 1 March 2013, 12:00 UTC" in written
    assert "Timestamps: each leads to a TSA root that you trust\n" in written
    assert f"\n  The first {size} leaves\n" in written
    assert "Stamped       2013-02-10T00:00:00Z, without a stated accuracy" in written
    assert "Certificates  end on 31 December 2049, 23:59 UTC" in written
    assert "Timestamps: there are none." not in written


def test_a_timestamp_witnesses_no_log_to_others() -> None:
    # It shows when; it does not show that somebody else was given the same log.
    bundle = packed(LOG, timestamps={LOG.size: stamped(LOG.size, EARLY)})
    report = checked(bundle, trusting(witnessed=False))
    assert [reason.name for reason in report.reasons] == ["not witnessed"]
    assert {moment for moment, _ in proofs(report)} == {"2013-02-10T00:00:00Z"}


@pytest.mark.parametrize(("moment", "reasons"), [(EARLY, []), (LATE, ["key revoked"])])
def test_a_timestamp_proves_what_was_signed_before_a_revocation(
    moment: datetime, reasons: list[str]
) -> None:
    bundle = packed(LOG, timestamps={LOG.size: stamped(LOG.size, moment)})
    trust = trusting(revoked={OSCAR.keyid: datetime(2013, 2, 20, tzinfo=UTC)})
    assert [reason.name for reason in checked(bundle, trust).reasons] == reasons
    # A TSA that nobody trusts proves nothing.
    without = replace(trust, tsa_roots=())
    assert [reason.name for reason in checked(bundle, without).reasons] == ["key revoked"]


def test_accuracy_counts_against_the_token() -> None:
    second = datetime(2013, 2, 19, 23, 59, 59, tzinfo=UTC)
    trust = trusting(revoked={OSCAR.keyid: datetime(2013, 2, 20, tzinfo=UTC)})
    for accuracy, status in ((None, 0), (bytes.fromhex("3003020101"), 3)):
        token = stamped(LOG.size, second, accuracy=accuracy)
        assert checked(packed(LOG, timestamps={LOG.size: token}), trust).status == status


def test_proofs_of_one_moment() -> None:
    witnesses = Witnesses([(5, RECEIVED)], [(3, RECEIVED, "CN=A"), (9, LATE, "CN=B")])
    assert witnesses.proof(2) == Proof(RECEIVED, "", 5)
    assert witnesses.proof(4) == Proof(RECEIVED, "", 5)
    assert witnesses.proof(5) == Proof(LATE, "CN=B", 9)
    assert witnesses.proof(9) is None
    assert witnesses.proved(0) == RECEIVED
    assert Witnesses([]).proof(0) is None
    assert not Witnesses([], [(9, LATE, "CN=B")])


# --- As a program sees it ---------------------------------------------------------------------


def test_the_json_of_the_command(tmp_path: Any) -> None:
    (tmp_path / "b.zip").write_bytes(packed(LOG, timestamps={LOG.size: stamped(LOG.size, EARLY)}))
    (tmp_path / "t.json").write_bytes(encode_trust(trusting()))
    out, err = io.StringIO(), io.StringIO()
    arguments = [str(tmp_path / "b.zip"), "--trust", str(tmp_path / "t.json"), "--json"]
    status = run(arguments, out, err, check_signature=check_signature)
    assert (status, err.getvalue()) == (0, "")
    assert json.loads(out.getvalue())["timestamps"] == [
        {
            "size": LOG.size,
            "time": "2013-02-10T00:00:00Z",
            "proves": "2013-02-10T00:00:00Z",
            "tsa": TSA,
            "signedWith": "ECDSA P-256 with SHA-256",
            "until": "2049-12-31T23:59:59Z",
        }
    ]
