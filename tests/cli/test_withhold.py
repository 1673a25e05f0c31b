"""`attest withhold` on an instance on disk."""

from __future__ import annotations

import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from tests.cli.conftest import Run

TYPES = ("--type", "letter.sent", "--type", "demand.acknowledged")


@pytest.fixture
def case(acted_out: Path, tmp_path: Path) -> Path:
    """An acted-out instance of a test's own."""
    folder = tmp_path / "case"
    shutil.copytree(acted_out, folder)
    settings = folder / "settings.toml"
    text = settings.read_text().replace(str(acted_out), str(folder))
    settings.write_text(text)
    return folder


def query(case: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(case / "attest.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def reference(case: Path) -> str:
    return str(query(case, "SELECT reference FROM demand")[0][0])


def test_not_before_its_day(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The case was acted out in 2013. A hundred years are the longest that can be set.
    monkeypatch.setenv("ATTEST_RETENTION_DAYS", "36525")
    answer = run("withhold", reference(case), *TYPES, "--yes", "--instance", case)
    assert answer.status == 2
    assert "is kept until" in answer.err
    assert query(case, "SELECT count(*) FROM erasure") == [(0,)]


def test_a_dry_run_counts(run: Run, case: Path) -> None:
    answer = run("withhold", reference(case), *TYPES, "--dry-run", "--instance", case)
    assert answer.status == 0, answer.err
    assert "1  demand.acknowledged" in answer.out
    assert "  letter.sent" in answer.out
    assert "Nothing was erased." in answer.out
    assert query(case, "SELECT count(*) FROM erasure") == [(0,)]


def test_it_asks_before_it_erases(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def no(prompt: str, **_: object) -> bool:
        asked.append(prompt)
        raise click.Abort

    monkeypatch.setattr(click, "confirm", no)
    answer = run("withhold", reference(case), *TYPES, "--instance", case)
    assert answer.status == 1
    assert "cannot be undone" in asked[0]
    assert query(case, "SELECT count(*) FROM erasure") == [(0,)]


def test_it_erases_and_everything_holds(run: Run, case: Path, tmp_path: Path) -> None:
    which = reference(case)
    addresses = {row[0] for row in query(case, "SELECT to_email FROM letter WHERE demand_id > ''")}
    assert addresses
    answer = run("withhold", which, *TYPES, "--yes", "--by", "Records", "--instance", case)
    assert (answer.status, answer.err) == (0, "")
    assert "mayWithhold" in answer.out
    rows = query(case, "SELECT type, by FROM erasure ORDER BY type")
    assert rows == [("demand.acknowledged", "Records"), ("letter.sent", "Records")]
    assert run("check", "--instance", case).out == "Everything holds.\n"
    trust, bundle = tmp_path / "trust.json", tmp_path / "bundle.zip"
    assert run("trust", which, "--for", "controller", "-o", trust, "--instance", case).status == 0
    assert run("export", which, "-o", bundle, "--instance", case).status == 0
    verified = run("verify", bundle, "--trust", trust)
    assert verified.status == 0
    assert "1 of them withheld" in verified.out
    # The trust file from before does not let anything be missing.
    old = parse_trust((case / "trust.json").read_bytes())
    assert check(io.BytesIO(bundle.read_bytes()), old).status == 1
    left = (case / "attest.sqlite3").read_bytes()
    text = query(case, "SELECT group_concat(text || subject || to_email) FROM letter")
    assert not any(address in str(text) for address in addresses)
    assert b"Dear " not in left
    again = run("withhold", which, *TYPES, "--yes", "--instance", case)
    assert again.out == "There is nothing left to erase.\n"
    assert query(case, "SELECT count(*) FROM erasure") == [(2,)]


def test_what_can_never_be_erased(run: Run, case: Path) -> None:
    answer = run("withhold", reference(case), "--type", "file.named", "--instance", case)
    assert answer.status == 2
    assert "file.named can never be erased" in answer.err
    assert "--type" in run("withhold", reference(case), "--instance", case).err
    assert "There is no demand" in run("withhold", "XX-1", *TYPES, "--instance", case).err
