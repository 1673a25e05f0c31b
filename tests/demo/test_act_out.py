"""The acted-out case, as `attest demo --act-out` runs it: measured, verified, and checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from attest import cli
from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from tests.demo.conftest import attest


def test_it_verifies_and_holds(case: Path) -> None:
    with (case / "bundle.zip").open("rb") as bundle:
        report = check(bundle, parse_trust((case / "trust.json").read_bytes()))
    assert report.verdict == "VERIFIED"
    head = report.head()
    assert head["demand"]["state"] == "closed"
    assert {file["state"] for file in report.files()} == {"accepted"}
    assert len(list(report.files())) == 5
    word = head["operatorsWord"]
    # The costings, and on 12 March each file, because the backup's exception ends.
    assert word["file.reopened"] == 6
    assert word["store.named"] == 7
    assert (case / "certificate.pdf").read_bytes().startswith(b"%PDF-")
    assert list((case / "mail").rglob("*.eml"))


def test_the_verifier_alone_says_the_same(case: Path) -> None:
    answer = subprocess.run(
        [
            *(sys.executable, "-m", "attest.bundle", case / "bundle.zip"),
            *("--trust", case / "trust.json", "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["verdict"] == "VERIFIED"


def test_the_instance_can_be_checked_afterwards(case: Path) -> None:
    answer = attest("check", "--instance", case)
    assert (answer.returncode, answer.stdout) == (0, "Everything holds.\n")


def test_not_into_a_folder_that_holds_one(case: Path) -> None:
    answer = attest("demo", "--act-out", case)
    assert answer.returncode == 2
    assert "holds an instance already" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--files", "3"), "go with --act-out"),
        (("--stores", "3"), "go with --act-out"),
        (("--act-out", "x", "--files", "0"), "--files"),
        (("--act-out", "x", "--stores", "many"), "--stores"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    given = [str(tmp_path / part) if part == "x" else part for part in options]
    answer = CliRunner().invoke(cli.attest, ["demo", *given])
    assert answer.exit_code == 2
    assert told in answer.output
    assert not list(tmp_path.iterdir())
