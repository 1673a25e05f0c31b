"""Good extracts: what is in them, what is not, and what the report says they show."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from attest.bundle.extract import CannotExtract
from attest.bundle.report_text import lines
from attest.bundle.trust import SeenCheckpoint
from attest.log.leaf import parse_leaf
from attest.statements.bodies import SIGNED_TYPES
from tests.cast import ANNE, EDITH, OSCAR
from tests.extracts import entries_of, extract, extract_of, zipped
from tests.logs import LogWriter, closed_log, issued_log, made_up_uuid, payload_of
from tests.packing import RECEIVED, checked, packed, trust_of

FIRST = "list 0.xlsx"


def case() -> LogWriter:
    """Three files with names and descriptions of their own; a joint controller reviews too."""
    log = LogWriter("extracts")
    log.enrol(ANNE)
    log.enrol(EDITH)
    for name in ("appraisals", "payroll", "sickness"):
        log.name_file(f"{name} 2012.xlsx", name.encode(), description=f"All about {name}")
    log.name_store("Share N")
    log.name_store("Tape room", "hard_copy")
    log.issue()
    log.enrol(OSCAR)
    log.confirm(OSCAR)
    for file_id in log.files:
        log.attest(file_id, outcome="deleted")
    log.letter()
    log.review(*log.files, by=EDITH)
    log.review(*log.files)
    log.close()
    return log


def types_in(data: bytes) -> list[str]:
    entries = entries_of(data)
    return [parse_leaf(leaf).type for leaf in entries["extract/leaves.jsonl"].splitlines()]


def head(data: bytes, log: LogWriter, **changes: Any) -> dict[str, Any]:
    report = checked(data, trust_of(log, **changes))
    assert report.failure is None, report.failure
    return report.head()


def test_an_extract_is_intact_and_never_verified():
    log = closed_log(3, 2)
    report = checked(extract(log, FIRST), trust_of(log))
    assert report.failure is None
    assert (report.verdict, report.status) == ("INTACT, BUT", 3)
    assert [reason.name for reason in report.reasons] == ["extract"]
    (file,) = report.files()
    assert (file["name"], file["state"]) == (FIRST, "accepted")
    assert file["attestation"]["provedBy"] == "2013-03-01T12:00:00Z"


def test_every_file_of_a_log_has_an_extract():
    log = case()
    for name in ("appraisals 2012.xlsx", "payroll 2012.xlsx", "sickness 2012.xlsx"):
        (file,) = checked(extract(log, name), trust_of(log)).files()
        assert (file["name"], file["state"]) == (name, "accepted")


def test_the_same_bundle_gives_the_same_bytes():
    log = closed_log(3, 2)
    assert extract(log, FIRST, earlier=[9, 20]) == extract(log, log.files[0], earlier=[9, 20])


def test_nothing_of_another_file_is_in_it():
    log = case()
    entries = entries_of(extract(log, "payroll 2012.xlsx"))
    leaves = entries["extract/leaves.jsonl"].splitlines()
    bodies = entries["extract/bodies.jsonl"].splitlines()
    reviews = b""
    everything = b"\n".join(entries.values()) + "\n".join(entries).encode()
    for leaf, body in zip(leaves, bodies, strict=True):
        kind = parse_leaf(leaf).type
        if kind == "attestation.reviewed":
            reviews += payload_of(body)
        elif kind in SIGNED_TYPES:
            everything += payload_of(body)
    for word in (b"appraisals", b"sickness"):
        assert word not in everything
        assert word not in reviews
    assert b"payroll" in everything
    for file_id in (log.files[0], log.files[2]):
        assert file_id.encode() not in everything
        # What was signed stays as it was: a review lists all that it covers.
        assert file_id.encode() in reviews


def test_an_extract_holds_what_its_attestation_needs_and_no_more():
    log = case()
    assert types_in(extract(log, "payroll 2012.xlsx")) == [
        "key.enrolled",
        "key.enrolled",
        "file.named",
        "store.named",
        "store.named",
        "demand.issued",
        "key.enrolled",
        "key.confirmed",
        "attestation.signed",
        "attestation.reviewed",
        "attestation.reviewed",
        "demand.closed",
    ]


def test_only_the_last_attestation_is_in_it_and_names_what_it_supersedes():
    log = closed_log(3, 2)
    data = extract(log, FIRST)
    assert types_in(data).count("attestation.signed") == 1
    assert types_in(data).count("attestation.reviewed") == 1  # the rejection was of the first
    first = log.judge.facts.attestation(0)
    assert first.file == 0
    assert head(data, log)["extract"]["supersedes"] == first.statement


def test_amendments_withdrawals_and_stores_named_later():
    log = issued_log(2, 3)
    log.withdraw_store(log.stores[0])
    log.amend()
    log.attest(log.files[0])
    log.name_store("Named later")
    data = extract(log, FIRST)
    kinds = types_in(data)
    assert kinds.count("store.named") == 2
    assert kinds.count("demand.amended") == 1
    assert "store.withdrawn" not in kinds
    assert b"Named later" not in data
    # The log says that the file is open again; from the extract nobody can know.
    assert log.judge.view().file(0).state == "open"
    (file,) = checked(data, trust_of(log)).files()
    assert file["state"] == "attested"
    assert any("named later" in sentence for sentence in head(data, log)["extract"]["cannotShow"])


def test_a_reopening_after_the_attestation_is_in_it():
    log = closed_log(2, 2)
    log.reopen(log.files[0])
    data = extract(log, FIRST)
    assert types_in(data)[-1] == "file.reopened"
    assert "demand.closed" not in types_in(data)
    (file,) = checked(data, trust_of(log)).files()
    assert file["state"] == "open"


def test_rotated_and_revoked_keys_bring_their_statements():
    log = issued_log(2, 1)
    new = OSCAR.with_key("Oscar's new key")
    log.enrol(new, OSCAR.key)
    log.confirm(new)
    log.revoke(OSCAR, by=ANNE)
    log.enrol(EDITH)  # signs nothing about the file
    log.attest(log.files[0], by=new)
    data = extract(log, FIRST)
    assert types_in(data).count("key.enrolled") == 3
    assert types_in(data).count("key.revoked") == 1
    names = [key["holder"]["name"] for key in head(data, log)["keys"]]
    assert names == ["Anne Archer", "Oscar Okafor", "Oscar Okafor"]


def test_checkpoints_of_other_sizes_are_not_compared():
    log = closed_log(2, 2)
    notes = [SeenCheckpoint(log.checkpoint(size), RECEIVED) for size in (9, 11)]
    data = extract(log, FIRST, earlier=[9])
    trust = trust_of(log)
    some = checked(data, replace(trust, seen=tuple(notes)))
    assert (some.head()["received"], some.head()["extract"]["notCompared"]) == (1, 1)
    assert [reason.name for reason in some.reasons] == ["extract"]
    none = checked(data, replace(trust, seen=(SeenCheckpoint(log.checkpoint(4), RECEIVED),)))
    assert [reason.name for reason in none.reasons] == ["extract", "not witnessed"]
    assert "could be compared" in none.reasons[1].sentence
    (file,) = none.files()
    assert "provedBy" not in file["attestation"]


def test_a_checkpoint_over_more_leaves_is_not_compared():
    log = closed_log(2, 2)
    data = extract(log, FIRST)
    log.letter()
    assert head(data, log)["extract"]["notCompared"] == 1


def test_untrusted_keys_are_one_more_reason():
    log = closed_log(2, 2)
    report = checked(extract(log, FIRST), trust_of(log, pinned=[], witnessed=False))
    assert [reason.name for reason in report.reasons] == [
        "extract",
        "keys not pinned",
        "not witnessed",
    ]


def test_the_report_says_what_it_shows_and_what_it_cannot():
    log = closed_log(2, 2)
    text = "\n".join(lines(checked(extract(log, FIRST), trust_of(log))))
    assert text.startswith("INTACT, BUT extract\n")
    assert '  The file is "list 0.xlsx" (electronic).' in text
    assert "  I declare that this is true to the best of my knowledge." in text
    shows, cannot = text.partition("What this extract shows")[2].split("What it cannot show")
    assert "held this attestation of it at" in shows
    assert "which is not here" in shows
    for said in ("later attestation superseded", "named later", "revoked", "the other files"):
        assert said in cannot.replace("\n    ", " ")
    assert "Not checked" not in text


def test_the_report_for_programs():
    log = closed_log(2, 2)
    said = json.loads(json.dumps(head(extract(log, FIRST), log)))
    assert said["extract"]["file"] == log.files[0]
    assert said["extract"]["declaration"].startswith("I attest what became of every copy")
    assert said["extract"]["cannotShow"]
    assert "extract" not in checked(packed(log), trust_of(log)).head()


def test_an_unzipper_finds_the_proofs_and_the_same_zip_can_be_made_again():
    data = extract(closed_log(2, 2), FIRST)
    entries = entries_of(data)
    assert entries["extract/inclusion/0.tlog-proof"].startswith(
        b"c2sp.org/tlog-proof@v1\nindex 0\n"
    )
    assert zipped(entries) == data


def test_a_log_with_erased_letters_is_extracted_from():
    log = closed_log(2, 2)
    log.bodies[-1] = None
    assert checked(extract(log, FIRST), trust_of(log)).status == 3


# --- Which file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("payroll", "No file here has"),
        (made_up_uuid("nobody"), "No file here has"),
        ("list 1.xlsx", "There is no attestation of “list 1.xlsx” yet"),
    ],
)
def test_a_file_that_cannot_be_extracted(wanted: str, says: str):
    log = issued_log(2, 1)
    log.attest(log.files[0])
    with pytest.raises(CannotExtract, match=says):
        extract(log, wanted)


def test_an_ambiguous_name_lists_the_identifiers():
    log = LogWriter("twins")
    log.enrol(ANNE)
    twins = [log.name_file("same.xlsx"), log.name_file("same.xlsx")]
    log.name_store("Share")
    log.issue()
    log.enrol(OSCAR)
    for file_id in twins:
        log.attest(file_id)
    with pytest.raises(CannotExtract, match=f"2 files.*{twins[0]}, {twins[1]}"):
        extract(log, "same.xlsx")
    (file,) = checked(extract(log, twins[1]), trust_of(log)).files()
    assert file["fileId"] == twins[1]


# --- What is no bundle -----------------------------------------------------------------------


def broken(log: LogWriter) -> dict[str, bytes]:
    good = packed(log)
    other = closed_log(2, 2, name="another")
    return {
        "nothing": b"",
        "no zip": b"x" * 1000,
        "cut": good[:-30],
        "a leaf less": packed(log, leaves=log.leaves[:-1], bodies=log.bodies[:-1]),
        "a body less": packed(log, bodies=log.bodies[:-1]),
        "another's checkpoint": packed(log, checkpoint=other.checkpoint()),
        "another's leaves": packed(log, leaves=other.leaves, bodies=other.bodies),
    }


def test_an_extract_is_not_extracted_from():
    with pytest.raises(CannotExtract, match="an extract already"):
        extract_of(extract(closed_log(2, 2), FIRST), FIRST)


@pytest.mark.parametrize("name", list(broken(closed_log(2, 2))))
def test_what_is_not_intact_is_not_extracted_from(name: str):
    with pytest.raises(CannotExtract, match="not intact"):
        extract_of(broken(closed_log(2, 2))[name], FIRST)
