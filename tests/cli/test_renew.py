"""`attest renew`: what it writes, what it says, and its exit status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tsa_server
from tests.cli.conftest import Run
from tests.tsa import tsa


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ATTEST_TSA_URL", "ATTEST_TSA_ROOTS"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "tsa-root.pem"
    path.write_text(tsa().root_pem, encoding="ascii")
    return path


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"a bundle")
    return path


@pytest.fixture
def url() -> Iterator[str]:
    with tsa_server.authority() as running:
        yield running.url


def test_renew_then_check(run: Run, bundle: Path, root: Path, url: str) -> None:
    made = run("renew", bundle, "--tsa", url, "--tsa-root", root)
    assert (made.status, made.err) == (0, "")
    assert f"Wrote {bundle}.renewal-1.txt and {bundle}.renewal-1.tsr." in made.out
    run("renew", bundle, "--tsa", url, "--tsa-root", root)
    told = run("renew", "--check", bundle, "--tsa-root", root)
    assert told.status == 0
    first, second, last = told.out.splitlines()
    for number, line in enumerate((first, second), start=1):
        assert line.startswith(f"{number}. ")
        assert "by Example TSA rsa; its certificate ends on Friday 31 December 2049" in line
    assert last == "All of it holds. Renew again before Friday 31 December 2049."


def test_what_does_not_hold_ends_with_one(run: Run, bundle: Path, root: Path, url: str) -> None:
    assert run("renew", "--check", bundle, "--tsa-root", root).err == (
        "bundle.zip has no renewals.\n"
    )
    run("renew", bundle, "--tsa", url, "--tsa-root", root)
    bundle.write_bytes(b"another bundle")
    answer = run("renew", "--check", bundle, "--tsa-root", root)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == (
        "bundle.zip.renewal-1.txt does not fit: bundle.zip is not what it was then.\n"
    )


def test_an_authority_that_is_away(run: Run, bundle: Path, root: Path) -> None:
    with tsa_server.authority(tsa_server.broken) as running:
        answer = run("renew", bundle, "--tsa", running.url, "--tsa-root", root)
    assert answer.status == 1
    assert answer.err == (
        "The time-stamping service answered with HTTP status 500. "
        "bundle.zip.renewal-1.txt stays; run the same again later.\n"
    )


def test_settings_of_the_instance_are_taken_from_the_environment(
    run: Run, bundle: Path, root: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTEST_TSA_URL", url)
    monkeypatch.setenv("ATTEST_TSA_ROOTS", str(root))
    assert run("renew", bundle).status == 0
    assert run("renew", "--check", bundle).status == 0


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (None, "Say with --tsa which"),
        ("file:///etc/passwd", "--tsa is wrong: it must be an address"),
        ("http://[::1", "--tsa is wrong: "),
        ("http://me:secret@tsa.example.org/", "without a user name"),
    ],
)
def test_a_wrong_address_is_a_sentence(
    run: Run, bundle: Path, root: Path, address: str | None, says: str
) -> None:
    more = [] if address is None else ["--tsa", address]
    answer = run("renew", bundle, "--tsa-root", root, *more)
    assert answer.status == 2
    assert says in answer.err
    assert not list(bundle.parent.glob("*.renewal-*"))


def test_roots_that_are_none(run: Run, bundle: Path, root: Path, tmp_path: Path) -> None:
    root.write_text("nothing")
    answer = run("renew", "--check", bundle, "--tsa-root", root)
    assert (answer.status, answer.err) == (
        2,
        f"{root} does not hold certificates in PEM.\n",
    )
    answer = run("renew", "--check", bundle, "--tsa-root", tmp_path / "missing.pem")
    assert answer.status == 2
    assert "missing.pem" in answer.err
