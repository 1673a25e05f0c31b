"""`attest tidy`, and what `check`, `export` and `withhold` do with evidence files."""

from __future__ import annotations

import os
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from attest.database import outbox
from attest.database.engine import make_engine, write_session
from attest.database.tables import Person, UnsentForm
from attest.services.acts.evidence_files import keep
from attest.settings import Settings
from tests.cli.conftest import Run
from tests.rows import letter_columns


@pytest.fixture
def case(acted_out: Path, tmp_path: Path) -> Path:
    """An acted-out instance of a test's own."""
    folder = tmp_path / "case"
    shutil.copytree(acted_out, folder)
    settings = folder / "settings.toml"
    settings.write_text(settings.read_text().replace(str(acted_out), str(folder)))
    return folder


def stray(case: Path) -> Path:
    """A file that a killed process left two days ago, by a clock of today."""
    file = keep(Settings.load(case, {}), "left.pdf", b"%PDF-left")
    path = next((case / "attachments").rglob(file.digest))
    long_ago = path.stat().st_mtime - 2 * 86_400
    os.utime(path, (long_ago, long_ago))
    return path


def test_strays_are_named_counted_and_removed(run: Run, case: Path) -> None:
    path = stray(case)
    answer = run("check", "--instance", case)
    assert answer.status == 1
    assert "1 file (9 bytes) that no demand names: `attest tidy`." in answer.out
    answer = run("tidy", "--dry-run", "--instance", case)
    assert "Would remove 1 file (9 bytes)" in answer.out
    assert path.exists()
    answer = run("tidy", "--instance", case)
    assert "Removed 1 file (9 bytes)" in answer.out
    assert not path.exists()
    assert run("tidy", "--instance", case).out == "There is nothing to tidy.\n"
    assert run("check", "--sizes-only", "--instance", case).status == 0


def test_forms_that_nobody_went_on_with(run: Run, case: Path) -> None:
    engine = make_engine(Settings.load(case, {}).database_url)
    with write_session(engine) as session:
        for person, days in zip(
            session.scalars(select(Person.id)).all()[:2], (29, 31), strict=True
        ):
            when = datetime.now(UTC) - timedelta(days=days)
            session.add(
                UnsentForm(
                    id=str(days),
                    person_id=person,
                    place="0" * 64,
                    form="store",
                    fields="[]",
                    began_at=when,
                    saved_at=when,
                )
            )
    engine.dispose()
    words = "1 form that somebody began and never sent."
    assert f"Would remove {words}" in run("tidy", "--dry-run", "--instance", case).out
    assert f"Removed {words}" in run("tidy", "--instance", case).out
    assert run("tidy", "--instance", case).out == "There is nothing to tidy.\n"


def test_what_a_clock_that_ran_ahead_holds_up(run: Run, case: Path) -> None:
    engine = make_engine(Settings.load(case, {}).database_url)
    far = datetime.now(UTC) + timedelta(days=400)
    with write_session(engine) as session:
        outbox.queue(session, **letter_columns("x:1", next_attempt_at=far))
    engine.dispose()
    answer = run("check", "--instance", case)
    assert answer.status == 1
    assert "Letters: Nobody tries to send 1 letter before" in answer.out
    words = "1 letter and 0 demands their turn now"
    assert f"Would give {words}" in run("tidy", "--dry-run", "--instance", case).out
    assert f"Gave {words}" in run("tidy", "--instance", case).out
    assert run("tidy", "--instance", case).out == "There is nothing to tidy.\n"
    assert run("check", "--instance", case).status == 0


def test_storage_that_does_not_answer(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTEST_S3_BUCKET", "evidence")
    monkeypatch.setenv("ATTEST_S3_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("ATTEST_S3_ACCESS_KEY", "made-up")
    monkeypatch.setenv("ATTEST_S3_SECRET_KEY", "made-up-secret")
    answer = run("tidy", "--instance", case)
    assert answer.status != 0
    assert "does not answer" in answer.err
    assert "made-up" not in answer.err


def test_a_bundle_without_evidence(run: Run, case: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.zip"
    answer = run(
        "export", "ND-2013-001", "--without-evidence", "--output", path, "--instance", case
    )
    assert answer.status == 0, answer.err
    names = zipfile.ZipFile(path).namelist()
    assert not [name for name in names if name.startswith("attachments/")]
