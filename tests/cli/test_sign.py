"""Signing on another computer: what the command shows, asks, writes and refuses."""

from __future__ import annotations

import json
import os
import pty
import select
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from attest import cli
from attest.keyfiles import seal
from attest.offline.signed import parse_signed
from attest.offline.to_sign import Item, ToSignFile, encode_to_sign
from attest.signing import PrivateKey, fingerprint, verify
from attest.statements import build
from attest.statements.canonical import encode
from attest.statements.envelope import parse_envelope
from tests.browser.signing_pages import (
    NOW,
    OFFICER,
    OFFICER_FILE,
    PASSPHRASE,
    PEOPLE,
    SIGNATORY,
    SIGNATORY_FILE,
    Prefix,
    confirmation,
)
from tests.offline.test_showing import STEERING

NAME = "ND-2013-004.to-sign.jsonl"
PASSED = f"yes\n{PASSPHRASE}\n"
HEARD = fingerprint(OFFICER.keyid)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both keys in it, to work in."""
    (tmp_path / "officer.key").write_bytes(encode(OFFICER_FILE))
    (tmp_path / "signatory.key").write_bytes(encode(SIGNATORY_FILE) + b"\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def attestations(*names: str) -> ToSignFile:
    prefix = Prefix(list(names or ("a.csv", "b.csv")))
    items = [Item(f"item-{n}", prefix.attestation(n)) for n in range(len(prefix.names))]
    return ToSignFile(OFFICER.keyid, tuple(items), tuple(prefix.bodies), reference=prefix.reference)


def confirming() -> ToSignFile:
    return ToSignFile(SIGNATORY.keyid, (Item("confirmation", confirmation()),))


def enrolling(key: PrivateKey, old: str | None = None) -> ToSignFile:
    payload = build.key_enrolment(
        key.public_key, PEOPLE["officer"], nonce=build.new_nonce(), stated_at=NOW
    )
    return ToSignFile(key.keyid, (Item("key", payload),), also_keyid=old)


def sign(
    desk: Path,
    file: ToSignFile | bytes,
    *options: str,
    key: str = "officer.key",
    said: str = PASSED,
) -> Result:
    (desk / NAME).write_bytes(file if isinstance(file, bytes) else encode_to_sign(file))
    arguments = ["sign", *(("--key", key) if key else ()), *options, NAME]
    return CliRunner().invoke(cli.attest, arguments, input=said)


def signed(desk: Path, name: str = "signed.jsonl") -> list[dict[str, Any]]:
    """The statements of the written file, each signature checked."""
    found = parse_signed((desk / name).read_bytes())
    statements = []
    for item in found.items:
        envelope = parse_envelope(item.envelope)
        for signature in envelope.signatures:
            key = {OFFICER.keyid: OFFICER, SIGNATORY.keyid: SIGNATORY}[signature.keyid]
            assert verify(key.public_key, envelope.signed_bytes, signature.sig)
        statements.append({"id": item.id, **json.loads(envelope.payload)})
    return statements


def test_attestations_are_shown_and_signed(desk: Path) -> None:
    result = sign(desk, attestations())
    assert result.exit_code == 0, result.output
    assert "The same answers for 2 files" in result.output
    assert 'The file is "a.csv" (electronic).' in result.output
    assert "Sign 2 attestations? Type yes" in result.output
    assert "Wrote signed.jsonl: 2 attestations, signed." in result.output
    assert f"downloaded {NAME}." in result.output
    assert PASSPHRASE not in result.output
    assert [each["subject"][0]["name"] for each in signed(desk)] == ["a.csv", "b.csv"]
    assert stat.S_IMODE((desk / "signed.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("said", ["no\n", "\n", "y\n", "yes please\n"])
def test_whoever_does_not_say_yes_signs_nothing(desk: Path, said: str) -> None:
    result = sign(desk, attestations(), said=said)
    assert (result.exit_code, "Nothing was signed." in result.output) == (3, True)
    assert "Passphrase" not in result.output
    assert not (desk / "signed.jsonl").exists()


def test_only_showing_needs_no_key_and_signs_nothing(desk: Path) -> None:
    result = sign(desk, attestations(), "--only-show", "--full", key="", said="")
    assert result.exit_code == 0
    assert 'The file is "b.csv" (electronic).' in result.output
    assert "Type yes" not in result.output
    assert not (desk / "signed.jsonl").exists()


def test_nothing_is_written_over_unasked(desk: Path) -> None:
    (desk / "signed.jsonl").write_text("mine")
    result = sign(desk, attestations(), said="yes\nn\n")
    assert (result.exit_code, "Write over it?" in result.output) == (3, True)
    assert (desk / "signed.jsonl").read_text() == "mine"
    assert sign(desk, attestations(), said=f"yes\ny\n{PASSPHRASE}\n").exit_code == 0
    assert len(signed(desk)) == 2
    assert sorted(path.name for path in desk.iterdir()) == sorted(
        ["officer.key", "signatory.key", "signed.jsonl", NAME]
    )


def test_another_name_for_what_is_written(desk: Path) -> None:
    assert sign(desk, attestations(), "--out", "other.jsonl").exit_code == 0
    assert len(signed(desk, "other.jsonl")) == 2


@pytest.mark.parametrize("out", ["officer.key", NAME])
def test_what_is_read_is_never_written_over(desk: Path, out: str) -> None:
    result = sign(desk, attestations(), "--out", out)
    assert (result.exit_code, "Give another --out" in result.output) == (2, True)


def test_a_wrong_passphrase_may_be_typed_again(desk: Path) -> None:
    result = sign(desk, attestations("a.csv"), said=f"yes\nwrong\n{PASSPHRASE}\n")
    assert result.exit_code == 0
    assert "does not open" in result.output
    (desk / "signed.jsonl").unlink()
    result = sign(desk, attestations("a.csv"), said="yes\n" + "wrong\n" * 4)
    assert result.exit_code == 2
    assert not (desk / "signed.jsonl").exists()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("signatory.key", "holds another key than the one that is asked to sign"),
        ("nothing.key", "nothing.key"),
        ("", "Say with --key where your key file is."),
        ("other.txt", "not a key file of Attest"),
    ],
)
def test_a_key_that_is_not_asked_for(desk: Path, key: str, sentence: str) -> None:
    (desk / "other.txt").write_text("{}")
    result = sign(desk, attestations(), key=key)
    assert result.exit_code in (1, 2)
    assert sentence in " ".join(f"{result.output} {result.exception}".split())
    assert "Type yes" not in result.output
    assert not (desk / "signed.jsonl").exists()


def altered(file: ToSignFile) -> ToSignFile:
    item = file.items[0]
    payload = item.payload.replace(b"no copy was found", b"a copy was found")
    assert payload != item.payload
    return ToSignFile(file.keyid, (Item(item.id, payload),), file.bodies, reference=file.reference)


def test_a_text_that_the_fields_do_not_give_is_not_signed(desk: Path) -> None:
    result = sign(desk, altered(attestations("a.csv")))
    assert result.exit_code == 1
    output = " ".join(result.output.split())
    assert "Do not sign this. The words of the declaration are not what its fields say." in output
    assert "Type yes" not in output
    assert not (desk / "signed.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data[: len(data) // 2], "a part of it is missing"),
        (lambda data: b"<!DOCTYPE html>\n", "line 1"),
        (lambda data: b"", "a part of it is missing"),
    ],
)
def test_a_damaged_file(desk: Path, change: Callable[[bytes], bytes], sentence: str) -> None:
    result = sign(desk, change(encode_to_sign(attestations())))
    assert result.exit_code == 2
    output = " ".join(result.output.split())
    assert sentence in output
    assert "Download it again" in output


def test_names_cannot_steer_the_terminal(desk: Path) -> None:
    result = sign(desk, attestations(STEERING.replace("\u0007", "")))
    assert result.exit_code == 0
    assert "\\u{009b}2J" in result.output
    assert not any("\x7f" <= c < "\xa0" or c < " " for c in result.output if c != "\n")


def test_what_is_wrong_cannot_steer_it_either(desk: Path) -> None:
    bad = encode_to_sign(attestations()).replace(b'"bodies":', b'"b\\u001b[2J":0,"bodies":', 1)
    result = sign(desk, bad)
    assert result.exit_code == 2
    assert "\x1b" not in result.output


def test_a_key_is_confirmed_by_what_was_heard(desk: Path) -> None:
    result = sign(
        desk,
        confirming(),
        key="signatory.key",
        said=f"{fingerprint(SIGNATORY.keyid)}\n{HEARD.upper()}\n{PASSED}",
    )
    assert result.exit_code == 0, result.output
    assert "That is not the fingerprint of this key." in result.output
    shown = result.output.replace(HEARD.upper(), "")
    assert HEARD not in shown
    assert OFFICER.keyid not in shown
    assert signed(desk)[0]["predicate"]["keyid"] == OFFICER.keyid


@pytest.mark.parametrize(
    ("said", "status"), [("\n", 3), ("abcd\n" * 4, 1), (f"{HEARD[:-1]}\n\n", 3)]
)
def test_a_key_is_not_confirmed_without_it(desk: Path, said: str, status: int) -> None:
    result = sign(desk, confirming(), key="signatory.key", said=said)
    assert result.exit_code == status
    assert "Type yes" not in result.output
    assert HEARD not in result.output.replace(said, "")
    assert not (desk / "signed.jsonl").exists()


def test_the_enrolment_of_a_key_names_its_fingerprint(desk: Path) -> None:
    result = sign(desk, enrolling(OFFICER))
    assert result.exit_code == 0, result.output
    assert "hold this signing key and nobody else does" in " ".join(result.output.split())
    assert f"to be read out: {HEARD}" in " ".join(result.output.split())


def test_a_rotation_is_signed_by_both_keys(desk: Path) -> None:
    file = enrolling(OFFICER, old=SIGNATORY.keyid)
    assert sign(desk, file).exit_code == 2
    said = f"yes\n{PASSPHRASE}\n{PASSPHRASE}\n"
    result = sign(desk, file, "--old-key", "signatory.key", said=said)
    assert result.exit_code == 0, result.output
    assert signed(desk)
    envelope = parse_envelope(parse_signed((desk / "signed.jsonl").read_bytes()).items[0].envelope)
    assert [each.keyid for each in envelope.signatures] == [OFFICER.keyid, SIGNATORY.keyid]
    result = sign(desk, enrolling(OFFICER), "--old-key", "signatory.key")
    assert (result.exit_code, "this is none" in result.output) == (2, True)


def test_on_a_terminal_the_passphrase_is_not_echoed(desk: Path) -> None:
    """A key made for this test; the whole command, as a process with a terminal of its own."""
    (desk / "officer.key").write_bytes(seal(OFFICER, PASSPHRASE))
    (desk / NAME).write_bytes(encode_to_sign(attestations("a.csv")))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "attest.cli", "sign", "--key", "officer.key", NAME]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=desk, start_new_session=True
    )
    os.close(theirs)
    told = b""
    for wait_for, answer in (
        (b"Type yes", b"yes\n"),
        (b"Passphrase of", PASSPHRASE.encode() + b"\n"),
    ):
        while wait_for not in told:
            told += read(ours)
        # What was asked before is answered: look for the next question behind it.
        told = told.partition(wait_for)[2]
        while b":" not in told:
            told += read(ours)
        os.write(ours, answer)
    while more := read(ours):
        told += more
    assert process.wait(timeout=60) == 0
    os.close(ours)
    assert PASSPHRASE.encode() not in told
    assert b"Wrote signed.jsonl" in told
    assert len(signed(desk)) == 1


def read(terminal: int) -> bytes:
    """What the other side wrote; nothing when it has gone."""
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "the command says nothing any more"
    try:
        return os.read(terminal, 4096)
    except OSError:  # on Linux, how a terminal says that nobody is there
        return b""


def test_what_is_signed_already_is_to_be_uploaded(desk: Path) -> None:
    assert sign(desk, attestations()).exit_code == 0
    result = sign(desk, (desk / "signed.jsonl").read_bytes())
    said = "This file is signed already: upload it on the page that handed it out."
    assert (result.exit_code, " ".join(result.output.split())) == (2, said)
