"""`attest init` and `attest organisation add`: an instance, and who comes in first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from attest import cli
from attest.cli.common import session
from attest.database.tables import Account, Invitation
from attest.services.instance import load_log_key
from attest.settings import Settings
from tests.cli.conftest import INIT, Run, init_arguments


def test_what_init_makes_and_prints(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    answer = run(*init_arguments(folder))
    assert answer.status == 0
    assert answer.err == ""
    links = re.findall(r"http://localhost:8000/invitation/\S+", answer.out)
    assert len(links) == 1, "the invitation is printed once"
    assert "Priya Nair" in answer.out
    for name in ("log-key", "secret-key", "settings.toml"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600, name
    assert folder.stat().st_mode & 0o777 == 0o700
    settings = Settings.load(folder, environ={})
    assert settings.base_url == "http://localhost:8000"
    assert load_log_key(settings).seed.hex() not in answer.out
    assert settings.secret_key not in answer.out
    with session(folder) as ctx:
        [account] = ctx.session.scalars(select(Account)).all()
        assert account.email == "priya.nair@northshire.example"
        assert account.people[0].duties == {"case_handler", "administrator"}
        [invitation] = ctx.session.scalars(select(Invitation)).all()
        assert invitation.used_at is None
    assert run("check", "--instance", folder).out == "Everything holds.\n"


def test_init_asks_for_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTEST_INSTANCE_PATH", raising=False)
    typed = "\n".join(INIT.values()) + "\n"
    answer = CliRunner().invoke(
        cli.attest, ["init", "--instance", str(tmp_path / "instance")], input=typed
    )
    assert answer.exit_code == 0, answer.output
    assert "/invitation/" in answer.output


def test_init_twice_is_refused(run: Run, instance: Path) -> None:
    key = (instance / "log-key").read_bytes()
    answer = run(*init_arguments(instance))
    assert answer.status == 2
    assert "holds an instance already" in answer.err
    assert (instance / "log-key").read_bytes() == key


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "two words"}, "instance"),
        ({"name": "a+b"}, "+"),
        ({"base_url": "nowhere"}, "base_url"),
        ({"mail_from": "nobody"}, "mail_from"),
        ({"code": "nd!"}, "2 to 10 capital letters"),
        ({"handler_email": "nobody"}, "email address"),
        ({"handler_name": " "}, "name"),
        ({"database_url": "mysql://somebody:secret@localhost/x"}, "mysql"),
        ({"database_url": "nonsense"}, "database"),
        ({"database_url": "postgresql://somebody:secret@127.0.0.1:1/x"}, "database"),
    ],
)
def test_a_wrong_answer_leaves_no_half_instance(
    run: Run, tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    folder = tmp_path / "instance"
    answer = run(*init_arguments(folder, **changes))
    assert answer.status == 2
    assert told in answer.err
    assert "Traceback" not in answer.err
    assert "secret" not in answer.err.replace("secret-key", "")
    again = run(*init_arguments(folder))
    assert again.status == 0, again.err


def test_a_further_organisation(run: Run, instance: Path) -> None:
    def add(name: str, code: str, email: str):
        return run(
            *("organisation", "add", name, "--code", code, "--handler-name", "Edith East"),
            *("--handler-role", "Manager", "--handler-email", email, "--instance", instance),
        )

    first = add("Eastshire Police", "EP", "edith@eastshire.example")
    assert first.status == 0
    assert len(re.findall(r"/invitation/", first.out)) == 1
    assert "taken" in add("Eastshire Again", "EP", "other@eastshire.example").err
    wrong = add("Westshire", "WP", "nobody")
    assert wrong.status == 2
    assert "email address" in wrong.err
    with session(instance, writes=True) as ctx:
        account = ctx.session.scalars(
            select(Account).where(Account.email == "edith@eastshire.example")
        ).one()
        account.password_hash = "something"
    known = add("Westshire", "WP", "edith@eastshire.example")
    assert "has a password already" in known.out
    assert "/invitation/" not in known.out
