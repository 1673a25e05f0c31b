"""Roots for timestamps: whoever verifies puts them into the trust file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cli.conftest import Run
from tests.tsa import certify, tsa

REFERENCE = "ND-2013-001"
P_224 = ec.generate_private_key(ec.SECP224R1())


def test_roots_are_put_into_the_trust_file(run: Run, acted_out: Path, tmp_path: Path) -> None:
    one, other = tsa("ecdsa").root_pem, certify("Another root", "ecdsa", authority=True).pem
    (tmp_path / "one.pem").write_text("# From the authority's page\r\n" + one.replace("\n", "\r\n"))
    (tmp_path / "both.pem").write_text(one + other)
    trust = tmp_path / "trust.json"
    arguments = ["trust", REFERENCE, "--for", "controller", "-o", trust, "--instance", acted_out]
    files = ["--tsa-root", tmp_path / "one.pem", "--tsa-root", tmp_path / "both.pem"]
    assert run(*arguments, *files).status == 0
    assert json.loads(trust.read_text())["tsaRoots"] == [one, other]
    answer = run("verify", acted_out / "bundle.zip", "--trust", trust)
    assert (answer.status, answer.err) == (0, "")
    assert "Timestamps: there are none." in answer.out

    alone = subprocess.run(
        [sys.executable, "-m", "attest.bundle", acted_out / "bundle.zip", "--trust", trust],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "Run `attest verify`" in alone.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no certificate", "does not hold certificates in PEM"),
        ("", "does not hold certificates in PEM"),
        (
            certify("Small", authority=True, private_key=P_224).pem,
            "a certificate that verifiers do not take",
        ),
    ],
)
def test_what_is_no_root(
    run: Run, acted_out: Path, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "root.pem"
    file.write_text(content)
    arguments = ["trust", REFERENCE, "--for", "controller", "--instance", acted_out]
    answer = run(*arguments, "--tsa-root", file)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
