"""The demo's stage: the case as it lies with the contractor, and what a second start finds."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from attest.cli.common import session
from attest.database.tables import Account, Demand, NamedFile, SigningKey, Store
from attest.demo import script, stage_set
from attest.demo.act_out import INSTANCE_NAME
from attest.services.accounts.passwords import password_matches
from attest.services.upkeep import checking
from attest.settings import Settings
from tests.demo.conftest import ADDRESS, NOW


def test_the_demand_lies_with_the_contractor(demo: Path) -> None:
    with session(demo) as ctx:
        [demand] = ctx.session.scalars(select(Demand)).all()
        assert demand.state == "acknowledged"
        assert demand.issued_at == datetime(2026, 4, 27, 11, 0, tzinfo=UTC)
        assert demand.due_on is not None
        assert demand.due_on - demand.issued_at.date() == timedelta(days=14)
        assert demand.due_on > NOW.date(), "the newcomer is not late"
        assert demand.officer is not None
        assert demand.officer.account.email == script.OFFICER
        assert demand.files_total == 5
        files = ctx.session.scalars(select(NamedFile)).all()
        assert {file.state for file in files} == {"open"}
        stores = ctx.session.scalars(select(Store)).all()
        assert sum(store.named_by_side == "contractor" for store in stores) == 2
        assert len(stores) == 7
        keys = ctx.session.scalars(select(SigningKey)).all()
        assert [(key.duty, key.key_file is not None) for key in keys] == [("signatory", True)]
        assert list(checking.check(ctx)) == []


def test_everybody_can_sign_in(demo: Path) -> None:
    with session(demo) as ctx:
        accounts = {row.email: row for row in ctx.session.scalars(select(Account))}
    assert {email for _, email in stage_set.ACCOUNTS} == set(accounts)
    for email, account in accounts.items():
        assert account.password_hash is not None, email
        assert password_matches(account.password_hash, stage_set.PASSWORD), email


def test_what_is_printed(demo: Path) -> None:
    text = stage_set.describe(ADDRESS, fresh=True)
    assert ADDRESS in text
    assert stage_set.PASSWORD in text
    assert stage_set.PASSPHRASE in text
    assert all(email in text for _, email in stage_set.ACCOUNTS)
    assert "goes on where you left it" not in text
    later = stage_set.describe(ADDRESS, fresh=False)
    assert "goes on where you left it" in later
    assert "has no key yet" not in later  # by now it may have one
    assert "says whose turn it is" in later
    assert "{" not in text


def test_the_letters_lie_in_the_folder(demo: Path) -> None:
    assert list((demo / "mail").rglob("*.eml"))
    assert Settings.load(demo, environ={}).base_url == ADDRESS


def test_a_second_start_goes_on(demo: Path) -> None:
    key = (demo / "log-key").read_bytes()
    said: list[str] = []
    assert stage_set.open_or_set(demo, ADDRESS, NOW, say=said.append) is False
    assert said == []
    assert (demo / "log-key").read_bytes() == key


def test_one_that_was_not_finished_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "demo"

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(script, "issue", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stage_set.open_or_set(folder, ADDRESS, NOW, say=lambda line: None)
    assert not folder.exists(), "Ctrl-C leaves nothing half done"


def test_what_a_power_cut_left_is_begun_again(tmp_path: Path, monkeypatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr(stage_set, "_set", lambda folder, *more: made.append(folder))
    monkeypatch.setattr(Path, "touch", lambda path: None)
    for names in ((), ("mail/",), ("mail/", "settings.toml", "log-key")):
        folder = tmp_path / str(len(names))
        folder.mkdir()
        for name in names:
            path = folder / name
            path.mkdir() if name.endswith("/") else path.write_text("")
        assert stage_set.open_or_set(folder, ADDRESS, NOW, say=lambda line: None) is True
    assert len(made) == 3


def test_reset_deletes_a_demo_and_nothing_else(tmp_path: Path) -> None:
    stage_set.reset(tmp_path / "nowhere")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="nothing was deleted"):
        stage_set.reset(other)
    assert (other / "thesis.txt").exists()
    (other / "settings.toml").write_text('instance_name = "attest.example.org"\n')
    with pytest.raises(ValueError, match="nothing was deleted"):
        stage_set.reset(other)
    (other / "settings.toml").write_text(f'instance_name = "{INSTANCE_NAME}"\n')
    stage_set.reset(other)
    assert not other.exists()


def test_an_interrupt_that_somebody_swallows_still_ends_the_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_up(*_: object) -> None:
        (tmp_path / "demo").mkdir()
        # As a finaliser or a library's callback does.
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(10)

    monkeypatch.setattr(stage_set, "_set", set_up)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        stage_set.open_or_set(tmp_path / "demo", "http://localhost", NOW, say=lambda _: None)
    assert not (tmp_path / "demo").exists()
    assert signal.getsignal(signal.SIGINT) is before
