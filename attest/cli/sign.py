"""`attest sign`: signs what a page handed out, on a computer that its signer trusts."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from attest.keyfiles import MAX_BYTES as MOST_OF_A_KEY
from attest.keyfiles import KeyFileError, open_key_file, parse_key_file
from attest.offline.inspect import (
    Declared,
    Disagreement,
    confirms_what_was_typed,
    inspect,
    read_bodies,
)
from attest.offline.lines import MOST_BYTES
from attest.offline.showing import WIDTH, lay_out, visible, wrapped
from attest.offline.signed import SignedFile, SignedItem, encode_signed
from attest.offline.to_sign import SignedAlready, ToSignFile, parse_to_sign
from attest.signing import PrivateKey, fingerprint, verify
from attest.statements.canonical import FormatError
from attest.statements.envelope import parse_envelope, sign_payload

REFUSED, UNREADABLE, DECLINED = 1, 2, 3
ATTEMPTS = 3


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your key file, as `attest keygen` or the browser made it.",
)
@click.option(
    "--old-key",
    "old_key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For a rotation: the file of the key that the new one replaces.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("signed.jsonl"),
    show_default=True,
    help="Where to write what is to be uploaded.",
)
@click.option(
    "--full", is_flag=True, help="Show each declaration, not one for each set of answers."
)
@click.option("--only-show", is_flag=True, help="Show what would be signed, and sign nothing.")
def sign(
    path: Path,
    key_path: Path | None,
    old_key_path: Path | None,
    out: Path,
    full: bool,
    only_show: bool,
) -> None:
    """Read what FILE wants signed, and sign it with a key of your own.

    FILE is the `.to-sign.jsonl` that a page offers under "Sign on a computer that I trust".
    Each declaration is shown and made again from its own fields; where the two differ,
    nothing is signed. Then it asks, and writes `signed.jsonl`, which you upload on the same
    page. It needs no network, no instance and no account.

    The exit status is 0 if it signed, 1 if the file must not be signed, 2 if something could
    not be read, 3 if you decided not to sign.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    file = _read(path)
    try:
        items = inspect(file)
    except Disagreement as error:
        _leave(
            REFUSED,
            f"Do not sign this. {error} Nothing has been signed. Download the file again; if you "
            "then read the same, tell the controller and the administrator by telephone.",
        )
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    for line in lay_out(items, read_bodies(file.bodies), full=full, width=max(width, 40)):
        click.echo(line)
    if only_show:
        return
    _expect_place(out, path, key_path, old_key_path)
    paths = _keys(file, key_path, old_key_path)
    _ask(items)
    if out.exists() and not click.confirm(f"{visible(str(out))} is there already. Write over it?"):
        _leave(DECLINED, "Nothing was signed. Give another name with --out.")
    keys = [_open(each) for each in paths]
    data = encode_signed(SignedFile(file.keyid, tuple(_sign(item, keys) for item in items)))
    _write(out, data)
    _say(f"Wrote {out}: {_what(items)}, signed.")
    if items[0].name == "key-enrolment":
        _say(f"Your key's fingerprint, to be read out: {fingerprint(file.keyid)}")
    _say(f"Upload it on the page from which you downloaded {path.name}.")


def _read(path: Path) -> ToSignFile:
    try:
        return parse_to_sign(_bytes(path, MOST_BYTES))
    except SignedAlready as error:
        _leave(UNREADABLE, str(error))
    except FormatError as error:
        _leave(
            UNREADABLE,
            f"{path} cannot be signed: {error}. Download it again from the page that offers it.",
        )


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        _leave(UNREADABLE, f"{path} is too large: this is not what it should be.")
    return data


def _expect_place(out: Path, *others: Path | None) -> None:
    """What is read is never written over."""
    if any(other is not None and out.resolve() == other.resolve() for other in others):
        _leave(UNREADABLE, f"{out} is one of the files that are read. Give another --out.")


def _keys(
    file: ToSignFile, key_path: Path | None, old_key_path: Path | None
) -> list[tuple[Path, bytes]]:
    """The key files that this needs, in the order of the signatures; none is opened yet."""
    needed = [("--key", key_path, file.keyid)]
    if file.also_keyid is not None:
        needed.append(("--old-key", old_key_path, file.also_keyid))
    elif old_key_path is not None:
        raise click.UsageError("--old-key is for a rotation, and this is none.")
    found = []
    for option, path, keyid in needed:
        if path is None:
            raise click.UsageError(f"Say with {option} where your key file is.")
        data = _bytes(path, MOST_OF_A_KEY)
        try:
            key = parse_key_file(data)
        except KeyFileError as error:
            _leave(UNREADABLE, f"{path}: {error}")
        if key.keyid != keyid:
            _leave(
                UNREADABLE,
                f"{path} holds another key than the one that is asked to sign. It holds "
                f"{fingerprint(key.keyid)}; asked for is {fingerprint(keyid)}.",
            )
        found.append((path, data))
    return found


def _ask(items: Sequence[Declared]) -> None:
    """Leaves unless the signer means it; for a confirmation, unless they heard this key."""
    if items[0].name == "key-confirmation":
        _hear(items)
    said = click.prompt(f"Sign {_what(items)}? Type yes", default="", show_default=False)
    if said.strip().lower() != "yes":
        _leave(DECLINED, "Nothing was signed.")


def _hear(items: Sequence[Declared]) -> None:
    _say("Let the other person read out the fingerprint of their key, and type what you hear.")
    for _ in range(ATTEMPTS):
        typed = click.prompt("The eight groups", default="", show_default=False)
        if not typed.strip():
            _leave(DECLINED, "Nothing was signed.")
        if confirms_what_was_typed(items, typed):
            return
        _say("That is not the fingerprint of this key. Ask for the eight groups again.")
    _leave(
        REFUSED,
        "Do not confirm this key: it is not the one that its holder made. Nothing has been signed.",
    )


def _open(file: tuple[Path, bytes]) -> PrivateKey:
    path, data = file
    for attempt in range(1, ATTEMPTS + 1):
        passphrase = click.prompt(f"Passphrase of {visible(path.name)}", hide_input=True)
        try:
            return open_key_file(data, passphrase)
        except KeyFileError as error:
            if attempt == ATTEMPTS:
                _leave(UNREADABLE, f"{error} Nothing has been signed.")
            _say(str(error))
    raise AssertionError("the last attempt leaves")


def _sign(item: Declared, keys: Sequence[PrivateKey]) -> SignedItem:
    envelope = sign_payload(item.payload, *keys)
    # A fault of the machine must not end as a statement that nobody can verify.
    made = parse_envelope(envelope)
    for key, signature in zip(keys, made.signatures, strict=True):
        if not verify(key.public_key, made.signed_bytes, signature.sig):
            _leave(UNREADABLE, "This computer made a wrong signature. Nothing has been written.")
    return SignedItem(item.id, envelope)


def _write(out: Path, data: bytes) -> None:
    """Only its owner reads it: names of files are in it. Half a file never takes its name."""
    if not out.exists():
        # O_EXCL: nothing that appeared meanwhile is written over.
        _fill(out, data)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    _fill(beside, data)
    beside.replace(out)


def _fill(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _what(items: Sequence[Declared]) -> str:
    name, count = items[0].name, len(items)
    if name == "deletion-attestation":
        return "1 attestation" if count == 1 else f"{count} attestations"
    if name == "attestation-review":
        verb = {"accepted": "accept", "rejected": "reject"}[items[0].predicate["decision"]]
        about = len(items[0].reviewed)
        return f"the review ({verb} {about} attestation{'' if about == 1 else 's'})"
    return {
        "key-enrolment": "the enrolment of this key",
        "key-confirmation": "the confirmation of this key",
        "key-revocation": "the revocation of this key",
    }.get(name, visible(items[0].label))


def _say(text: str) -> None:
    for line in wrapped(text, hang=""):
        click.echo(line)


def _leave(status: int, text: str) -> NoReturn:
    for line in wrapped(text, hang=""):
        click.echo(line, err=True)
    sys.exit(status)
