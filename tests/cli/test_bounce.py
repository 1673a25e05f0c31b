"""`attest bounce`, as a mail server's pipe calls it."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from attest.database.engine import make_engine, read_session, write_session
from attest.database.tables import Letter
from attest.mail.reports import MOST
from attest.mail.return_address import envelope_sender
from attest.settings import Settings
from tests.cli.conftest import Run
from tests.mail.came_back import POSTFIX, message


@pytest.fixture
def case(acted_out: Path, tmp_path: Path) -> Path:
    """An acted-out instance of a test's own."""
    folder = tmp_path / "case"
    shutil.copytree(acted_out, folder)
    settings = folder / "settings.toml"
    settings.write_text(settings.read_text().replace(str(acted_out), str(folder)))
    # The command reads the clock, and what comes back to a letter of 2013 is no longer believed.
    engine = make_engine(Settings.load(folder, {}).database_url)
    with write_session(engine) as session:
        session.execute(update(Letter).values(sent_at=datetime.now(UTC)))
    engine.dispose()
    return folder


def the_letter(case: Path) -> Letter:
    engine = make_engine(Settings.load(case, {}).database_url)
    with read_session(engine) as session:
        found = select(Letter).where(Letter.kind == "invitation_of_liaison")
        letter = session.scalars(found).one()
    engine.dispose()
    return letter


def address(case: Path) -> str:
    return envelope_sender(Settings.load(case, {}), the_letter(case).id)


def given(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_a_report_is_taken_once(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = message(POSTFIX, address(case)) + b"x" * (2 * MOST)
    given(monkeypatch, raw)
    answer = run("bounce", "--instance", case)
    assert (answer.status, answer.err) == (0, "Taken.\n")
    assert the_letter(case).state == "bounced"
    given(monkeypatch, raw)
    answer = run("bounce", "--instance", case)
    assert (answer.status, answer.err) == (0, "Known already: it changes nothing.\n")


def test_the_envelope_says_whose_it_is(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, message(POSTFIX, "somebody@attest.example"))
    answer = run("bounce", "--instance", case, "--recipient", address(case))
    assert (answer.status, the_letter(case).state) == (0, "bounced")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", message(POSTFIX, "nobody@attest.example")])
def test_what_is_none_of_ours_is_never_answered(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    given(monkeypatch, raw)
    answer = run("bounce", "--instance", case)
    assert answer.status == 0
    assert "nothing is done" in answer.err
    assert the_letter(case).state == "sent"


def test_garbage_to_a_right_address_is_something_that_came_back(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, b"\xff\xfe\x00")
    assert run("bounce", "--instance", case, "--recipient", address(case)).status == 0
    assert the_letter(case).state == "sent"


def test_a_letter_that_is_being_sent_has_to_come_again(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipient = address(case)
    with closing(sqlite3.connect(case / "attest.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE letter SET state = 'sending'")
    given(monkeypatch, message(POSTFIX, recipient))
    assert run("bounce", "--instance", case).status == 75


def test_whatever_is_wrong_here_the_mail_server_keeps_the_message(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = message(POSTFIX, address(case))
    given(monkeypatch, raw)
    answer = run("bounce", "--instance", tmp_path / "nowhere")
    assert (answer.status, answer.out) == (75, "")
    (case / "attest.sqlite3").write_bytes(b"no database at all" * 100)
    given(monkeypatch, raw)
    answer = run("bounce", "--instance", case)
    assert (answer.status, "Traceback" in answer.err) == (75, False)


def test_a_real_pipe_ends_well_while_somebody_else_writes(case: Path) -> None:
    raw = message(POSTFIX, address(case))
    with closing(sqlite3.connect(case / "attest.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        done = subprocess.Popen(
            [sys.executable, "-m", "attest.cli", "bounce", "--instance", str(case)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert done.stdin is not None
        done.stdin.write(raw)
        done.stdin.close()
        assert done.poll() is None
        database.execute("ROLLBACK")
        assert done.wait(timeout=60) == 0
        assert done.stderr is not None
        done.stderr.close()
    assert the_letter(case).state == "bounced"
