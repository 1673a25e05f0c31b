"""The second case by command: three demands, each with a bundle that verifies."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from attest import cli
from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.demo.second_scenes import SCENES
from tests.demo.conftest import attest, once

ENDS = {
    "": ("CV-2024-001", "closed_with_exceptions"),
    "CV-2024-002-": ("CV-2024-002", "closed_with_exceptions"),
    "CV-2024-003-": ("CV-2024-003", "closed"),
}


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        answer = attest("demo", "--act-out", folder, "--case", "second")
        assert answer.returncode == 0, answer.stderr
        folder.with_suffix(".txt").write_text(answer.stdout, encoding="utf-8")

    return once(tmp_path_factory, "second", make)


@pytest.mark.parametrize("prefix", list(ENDS))
def test_each_bundle_verifies_for_the_lead(second: Path, prefix: str) -> None:
    with (second / f"{prefix}bundle.zip").open("rb") as bundle:
        report = check(bundle, parse_trust((second / f"{prefix}trust.json").read_bytes()))
    demand = report.head()["demand"]
    assert (report.verdict, report.status) == ("VERIFIED", 0)
    assert (demand["reference"], demand["state"]) == ENDS[prefix]
    assert {file["state"] for file in report.files()} == {"accepted"}
    assert (second / f"{prefix}certificate.pdf").read_bytes().startswith(b"%PDF-")


def test_what_is_said(second: Path) -> None:
    said = second.with_suffix(".txt").read_text(encoding="utf-8")
    assert all(scene.line in said for scene in SCENES)
    assert "CV-2024-002 is closed with exceptions. To verify it:" in said
    for prefix in ENDS:
        bundle, trust = second / f"{prefix}bundle.zip", second / f"{prefix}trust.json"
        assert f"  attest verify {bundle} --trust {trust}\n" in said


def test_the_instance_can_be_checked_afterwards(second: Path) -> None:
    answer = attest("check", "--instance", second)
    assert (answer.returncode, answer.stdout) == (0, "Everything holds.\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--case", "second"), "--case goes with --act-out"),
        (("--act-out", "x", "--case", "second", "--files", "3"), "leave --case out"),
        (("--act-out", "x", "--case", "third"), "--case"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    given = [str(tmp_path / part) if part == "x" else part for part in options]
    answer = CliRunner().invoke(cli.attest, ["demo", *given])
    assert answer.exit_code == 2
    assert told in answer.output
    assert not list(tmp_path.iterdir())
