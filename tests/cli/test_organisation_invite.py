"""`attest organisation invite` on an instance on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from tests.cli.conftest import INIT, Run

WHO = (
    *("--name", "Ivor Lane", "--role", "Chief of Staff"),
    *("--email", "Ivor.Lane@northshire.example"),
)


def query(instance: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(instance / "attest.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def test_it_says_who_is_told_asks_and_writes_letters(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(click, "confirm", lambda text, **_: asked.append(text))
    answer = run(
        *("organisation", "invite", "nd", *WHO, "--by", "Ada Quill", "--instance", instance)
    )
    assert answer.status == 0, answer.err
    assert "comes in for Northshire Constabulary as case handler." in answer.out
    assert f"  Priya Nair, {INIT['--handler-email'].lower()}" in answer.out
    assert "no live demand" in answer.out
    assert "gets a link by email" in answer.out
    assert "/invitation/" not in answer.out
    assert len(asked) == 1
    kinds = query(instance, "SELECT kind, to_email FROM letter ORDER BY kind")
    assert kinds == [
        ("colleague_let_in", "priya.nair@northshire.example"),
        ("invitation_by_operator", "ivor.lane@northshire.example"),
    ]


def test_who_says_no_changes_nothing(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*_: object, **__: object) -> None:
        raise click.Abort

    monkeypatch.setattr(click, "confirm", no)
    answer = run("organisation", "invite", "ND", *WHO, "--instance", instance)
    assert answer.status == 1
    assert query(instance, "SELECT count(*) FROM person") == [(1,)]


def test_an_organisation_that_is_not_here(run: Run, instance: Path) -> None:
    answer = run("organisation", "invite", "Halden", *WHO, "--yes", "--instance", instance)
    assert answer.status == 2
    assert "There is no organisation Halden here." in answer.err
