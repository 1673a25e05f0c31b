"""Commands as they are typed: the status, and what went to each stream."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from attest import cli
from attest.demo.act_out import act_out


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Answer]

INIT = {
    "--name": "attest.example",
    "--base-url": "http://localhost:8000/",
    "--mail-from": "attest@attest.example",
    "--organisation": "Northshire Constabulary",
    "--code": "ND",
    "--handler-name": "Priya Nair",
    "--handler-role": "Information governance manager",
    "--handler-email": "Priya.Nair@northshire.example",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `attest` with these arguments in this process, as its console script does."""
    monkeypatch.delenv("ATTEST_INSTANCE_PATH", raising=False)

    def command(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["attest", *map(str, arguments)])
        capsys.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else int(bool(left.code))
        out, err = capsys.readouterr()
        return Answer(status, out, err)

    return command


def init_arguments(folder: Path, **changes: str) -> list[str | Path]:
    """The arguments of `attest init`, `handler_email="x"` in place of the usual one."""
    options = INIT | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return ["init", "--instance", folder, *(part for pair in options.items() for part in pair)]


@pytest.fixture
def instance(run: Run, tmp_path: Path) -> Path:
    """A fresh instance."""
    folder = tmp_path / "instance"
    answer = run(*init_arguments(folder))
    assert answer.status == 0, answer.err
    return folder


@pytest.fixture(scope="session")
def acted_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up case that was acted out to its end; not to be changed."""

    folder = tmp_path_factory.mktemp("acted-out") / "case"
    act_out(folder, files=3, stores=2)
    return folder
