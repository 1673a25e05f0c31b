"""Every other command: what it does, and the sentence where it can't."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from attest import cli
from attest.keyfiles import KeyFileError, open_key_file
from attest.signing import fingerprint
from tests.cli.conftest import Run

REFERENCE = "ND-2013-001"


def every_command(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of all commands below this one, groups among them."""
    found = [path]
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            found += every_command(below, (*path, name))
    return found


PATHS = every_command(cli.attest)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_says_what_it_does(run: Run, path: tuple[str, ...]) -> None:
    answer = run(*path, "--help")
    assert answer.status == 0
    assert answer.err == ""
    assert answer.out.lower().startswith("usage: attest")
    sentences = [line for line in answer.out.splitlines()[1:] if line.strip().endswith(".")]
    assert sentences, "no sentence says what it does"


def test_the_docs_list_every_command() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [
        " ".join(path)
        for path in PATHS
        if path
        and path not in (("db",), ("organisation",))
        and f"attest {' '.join(path)}" not in page
    ]
    assert missing == []


def test_a_bare_command_shows_the_way(run: Run) -> None:
    answer = run()
    assert "Usage: attest" in answer.out + answer.err
    assert all(path[0] in answer.out + answer.err for path in PATHS if path)
    assert run("--version").out.startswith("attest ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("serve", "--port", "1"),
        ("worker", "--once"),
        ("export", REFERENCE),
        ("trust", REFERENCE, "--for", "contractor"),
        ("db", "upgrade"),
    ],
)
def test_without_an_instance(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty"):
        answer = run(*arguments, "--instance", folder)
        assert answer.status == 2
        assert "attest init" in answer.err
        assert answer.out == ""


@pytest.mark.parametrize(
    "arguments",
    [("export", "ND-2013-999"), ("trust", "ND-2013-999", "--for", "contractor")],
)
def test_an_unknown_demand(run: Run, acted_out: Path, arguments: tuple[str, ...]) -> None:
    answer = run(*arguments, "--instance", acted_out)
    assert (answer.status, answer.err) == (2, "There is no demand ND-2013-999 here.\n")


def test_tables_of_another_version(run: Run, instance: Path) -> None:
    with closing(sqlite3.connect(instance / "attest.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'r0001'")
        database.commit()
    for command in ("check", "serve", "worker"):
        answer = run(command, "--instance", instance)
        assert answer.status == 2
        assert "attest db upgrade" in answer.err


def test_upgrading_what_is_current(run: Run, instance: Path) -> None:
    assert run("db", "upgrade", "--instance", instance).out == "The tables are current.\n"


def test_check_finds_tampering(run: Run, acted_out: Path, tmp_path: Path) -> None:
    assert run("check", "--instance", acted_out).status == 0
    tampered = tmp_path / "tampered"
    tampered.mkdir(mode=0o700)
    for name in ("settings.toml", "log-key", "secret-key"):
        (tampered / name).write_bytes((acted_out / name).read_bytes())
        (tampered / name).chmod(0o600)
    with (
        closing(sqlite3.connect(acted_out / "attest.sqlite3")) as old,
        closing(sqlite3.connect(tampered / "attest.sqlite3")) as new,
    ):
        old.backup(new)
        new.execute("UPDATE demand SET files_accepted = 1")
        new.commit()
    answer = run("check", "--instance", tampered)
    assert answer.status == 1
    assert f"{REFERENCE}: files_accepted is 1, and should be 3." in answer.out
    assert "do not hold" in answer.err


def test_export_and_trust_and_verify(run: Run, acted_out: Path, tmp_path: Path) -> None:
    bundle, trust = tmp_path / "b.zip", tmp_path / "t.json"
    assert run("export", REFERENCE, "-o", bundle, "--instance", acted_out).status == 0
    assert bundle.read_bytes() == (acted_out / "bundle.zip").read_bytes()
    assert not list(tmp_path.glob("*.part"))
    for party, status in (
        ("controller", 0),
        ("Northshire Constabulary", 0),
        ("contractor", 3),
    ):
        made = run("trust", REFERENCE, "--for", party, "-o", trust, "--instance", acted_out)
        assert made.status == 0, party
        answer = run("verify", bundle, "--trust", trust)
        assert answer.status == status, party
        assert ("VERIFIED" if status == 0 else "keys not pinned") in answer.out
    printed = run("trust", REFERENCE, "--for", "contractor", "--instance", acted_out)
    assert json.loads(printed.out) == json.loads(trust.read_text())
    refused = run("trust", REFERENCE, "--for", "nobody", "--instance", acted_out)
    assert refused.status == 2
    assert "no party" in refused.err


def test_verify_fails_and_cannot(run: Run, acted_out: Path, tmp_path: Path) -> None:
    trust = acted_out / "trust.json"
    data = (acted_out / "bundle.zip").read_bytes()
    bad = tmp_path / "bad.zip"
    bad.write_bytes(data[:300] + bytes([data[300] ^ 1]) + data[301:])
    failed = run("verify", bad, "--trust", trust)
    assert failed.status == 1
    assert "FAILED" in failed.out
    told = json.loads(run("verify", bad, "--trust", trust, "--json").out)
    assert told["verdict"] == "FAILED"
    assert set(told["failure"]) >= {"step", "reason"}
    for arguments in (
        ("verify",),
        ("verify", tmp_path / "none.zip", "--trust", trust),
        ("verify", bad, "--trust", tmp_path / "none.json"),
        ("verify", bad, "--trust", bad),
    ):
        answer = run(*arguments)
        assert answer.status == 2
        assert "Traceback" not in answer.err
        assert answer.err


def test_export_to_a_place_that_is_none(run: Run, acted_out: Path, tmp_path: Path) -> None:
    answer = run("export", REFERENCE, "-o", tmp_path / "no" / "b.zip", "--instance", acted_out)
    assert answer.status == 2
    assert "No such file or directory" in answer.err


def test_keygen_makes_a_key_that_opens(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "officer.key"

    def keygen(typed: str):
        return CliRunner().invoke(cli.attest, ["keygen", str(path)], input=typed)

    short = keygen("short\nshort\n")
    assert short.exit_code == 1
    assert "at least 12 characters" in short.output
    assert not path.exists()
    made = keygen("correct horse battery\ncorrect horse battery\n")
    assert made.exit_code == 0
    key = open_key_file(path.read_bytes(), "correct horse battery")
    assert fingerprint(key.keyid) in made.output
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyFileError):
        open_key_file(path.read_bytes(), "wrong horse battery")
    before = path.read_bytes()
    again = keygen("correct horse battery\ncorrect horse battery\n")
    assert again.exit_code == 1
    assert "is there already" in again.output
    assert path.read_bytes() == before


def test_one_round_of_the_worker(run: Run, instance: Path) -> None:
    assert run("worker", "--once", "--instance", instance).status == 0
    assert (instance / "worker-heartbeat").exists()


def test_a_port_in_use(run: Run, instance: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # In a process of its own: the server's other sockets close with it.
        served = subprocess.run(
            [sys.executable, "-m", "attest.cli", "serve", "--port", str(port)],
            env=os.environ | {"ATTEST_INSTANCE_PATH": str(instance)},
            capture_output=True,
            text=True,
            check=False,
        )
        shown = run("demo", "--port", port)
    assert served.returncode == 1
    assert "cannot be listened on" in served.stderr
    assert "Traceback" not in served.stderr
    assert shown.status == 2
    assert f"PORT={port + 1}" in shown.err
