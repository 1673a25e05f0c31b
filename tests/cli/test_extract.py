"""`attest extract`: from a bundle on disk, without an instance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attest.bundle.trust import encode_trust
from tests.cast import ANNE, OSCAR
from tests.cli.conftest import Run
from tests.extracts import extract
from tests.logs import LogWriter, closed_log
from tests.packing import packed, trust_of

NAME = "list 1.xlsx"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    path.write_bytes(packed(closed_log(3, 2)))
    return path


def test_writes_an_extract_that_verify_takes(run: Run, bundle: Path) -> None:
    log = closed_log(3, 2)
    answer = run("extract", bundle, "--file", NAME)
    path = bundle.with_name("case-file-2.zip")
    assert (answer.status, answer.out, answer.err) == (0, f"Wrote {path}.\n", "")
    assert path.read_bytes() == extract(log, NAME)
    trust = bundle.with_name("trust.json")
    trust.write_bytes(encode_trust(trust_of(log)))
    verified = run("verify", path, "--trust", trust)
    assert verified.status == 3
    assert verified.out.startswith("INTACT, BUT extract\n")
    said = json.loads(run("verify", path, "--trust", trust, "--json").out)
    assert (said["verdict"], said["status"]) == ("INTACT, BUT", 3)
    assert [file["name"] for file in said["files"]] == [NAME]


def test_takes_an_identifier_and_a_name_for_the_extract(run: Run, bundle: Path) -> None:
    log = closed_log(3, 2)
    out = bundle.with_name("mine.zip")
    assert run("extract", bundle, "--file", log.files[1], "--out", out).out == f"Wrote {out}.\n"
    assert out.read_bytes() == extract(log, NAME)
    assert sorted(path.name for path in bundle.parent.iterdir()) == ["case.zip", "mine.zip"]


def test_says_that_the_file_is_open_in_the_bundle(run: Run, tmp_path: Path) -> None:
    log = closed_log(3, 2)
    log.reopen(log.files[1])
    bundle = tmp_path / "case.zip"
    bundle.write_bytes(packed(log))
    assert "In the bundle this file is open" in run("extract", bundle, "--file", NAME).out


def twins() -> LogWriter:
    log = LogWriter("twins")
    log.enrol(ANNE)
    for _ in range(2):
        log.name_file(NAME)
    log.issue()
    log.enrol(OSCAR)
    return log


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (packed(closed_log(1, 1)), "No file here has"),
        (packed(twins()), ", ".join(twins().files)),
        (b"PK nothing", "not intact"),
        (b"", "not intact"),
        (extract(closed_log(1, 1), "list 0.xlsx"), "This is an extract already"),
    ],
    ids=["no such file", "ambiguous", "no zip", "empty", "an extract"],
)
def test_refuses_with_a_sentence_and_leaves_nothing(
    run: Run, tmp_path: Path, data: bytes, says: str
) -> None:
    bundle = tmp_path / "case.zip"
    bundle.write_bytes(data)
    answer = run("extract", bundle, "--file", NAME)
    assert answer.status != 0
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["case.zip"]


def test_needs_a_bundle(run: Run, tmp_path: Path) -> None:
    assert "does not exist" in run("extract", tmp_path / "none.zip", "--file", NAME).err
