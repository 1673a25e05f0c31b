"""Checkpoints: what the log key signs, as C2SP signed notes (docs/formats.md §4).

Three lines, no extension lines, and the key's name is the origin. `parse_checkpoint` checks the
shape alone; `open_checkpoint` checks who signed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from attest.domain import text
from attest.domain.scalars import FormatError, is_uuid
from attest.signing import PrivateKey, b64, unb64, verify

# The log's own, and up to 16 of other keys, which are ignored.
MAX_SIGNATURES = 17
# Room for 16 post-quantum signatures of nearly 5 kB, in base64 (C2SP signed-note).
MAX_BYTES = 128 * 1024

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_MAX_SIZE = 2**53 - 1
_DASH = "\u2014 "
_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: a key's name, its 4-byte ID and what follows it."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, its number of leaves and its 32-byte root, with whoever signed them."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[NoteSignature, ...] = ()

    @property
    def signed_text(self) -> str:
        """The three lines that the signatures are over."""
        return checkpoint_text(self.origin, self.size, self.root)


def origin(instance_name: str, demand_id: str) -> str:
    """`<instance name>/demand/<uuid>`; FormatError for a name with a space, a `+` or worse."""
    if not is_uuid(demand_id):
        raise FormatError("the demand's identifier is not a lower-case UUID")
    name = f"{instance_name}/demand/{demand_id}"
    if not instance_name or not _is_key_name(name):
        raise FormatError("an instance name has no space and no +")
    return name


def note_key_id(name: str, public_key: bytes) -> bytes:
    """The 4 bytes that C2SP signed-note puts before an Ed25519 signature."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + _ED25519 + public_key).digest()[:4]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed, and that a timestamp is over."""
    return f"{origin}\n{size}\n{b64(root)}\n"


def sign_checkpoint(origin: str, size: int, root: bytes, key: PrivateKey) -> str:
    """Write a checkpoint signed by the log key; FormatError for what would not parse again."""
    body = checkpoint_text(origin, size, root)
    signature = key.sign(body.encode("utf-8"))
    note = f"{body}\n{_DASH}{origin} {b64(note_key_id(origin, key.public_key) + signature)}\n"
    parse_checkpoint(note)
    return note


def parse_checkpoint(note: bytes | str) -> Checkpoint:
    """Read a checkpoint strictly, checking no signature; FormatError says what is wrong."""
    lines = _lines(note)
    if len(lines) < 6 or lines[3] != "" or lines[-1] != "":
        raise FormatError("a checkpoint has three lines, an empty one, then its signatures")
    name, size, root = lines[:3]
    if not _is_key_name(name):
        raise FormatError("the checkpoint's origin is empty, or has a space or a + in it")
    if _SIZE.fullmatch(size) is None or int(size) > _MAX_SIZE:
        raise FormatError("the checkpoint's size is not a plain decimal number")
    signatures = lines[4:-1]
    if len(signatures) > MAX_SIGNATURES:
        raise FormatError(f"the checkpoint has more than {MAX_SIGNATURES} signature lines")
    return Checkpoint(
        name, int(size), _root(root), tuple(_signature_line(line) for line in signatures)
    )


def open_checkpoint(note: bytes | str, origin: str, log_public_key: bytes) -> Checkpoint:
    """Read a checkpoint and check that the log key signed it for that origin; else FormatError."""
    checkpoint = parse_checkpoint(note)
    if checkpoint.origin != origin:
        raise FormatError("the checkpoint is of another log: its origin differs")
    key_id = note_key_id(origin, log_public_key)
    ours = [s for s in checkpoint.signatures if s.name == origin and s.key_id == key_id]
    if len(ours) != 1:
        raise FormatError("the checkpoint does not have one signature by the log key")
    if not verify(log_public_key, checkpoint.signed_text.encode("utf-8"), ours[0].signature):
        raise FormatError("the log key's signature on the checkpoint does not verify")
    return checkpoint


def _lines(note: bytes | str) -> list[str]:
    try:
        data = note.encode("utf-8") if isinstance(note, str) else note
        decoded = data.decode("utf-8")
    except UnicodeError:
        raise FormatError("the checkpoint is not UTF-8") from None
    if len(data) > MAX_BYTES:
        raise FormatError(f"the checkpoint is longer than {MAX_BYTES} bytes")
    # Not splitlines(): it would take a carriage return, and more, for a line end.
    return decoded.split("\n")


def _is_key_name(name: str) -> bool:
    """A key name of C2SP signed-note, and a string of docs/formats.md §1."""
    if not name or "+" in name or text.problem(name) is not None:
        return False
    return not any(character.isspace() for character in name)


def _root(line: str) -> bytes:
    try:
        root = unb64(line)
    except ValueError as error:
        raise FormatError(f"the checkpoint's root {error}") from None
    if len(root) != 32:
        raise FormatError("the checkpoint's root is not 32 bytes")
    return root


def _signature_line(line: str) -> NoteSignature:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not _is_key_name(parts[0]):
        raise FormatError("a signature line is not an em dash, a name and a signature")
    try:
        blob = unb64(parts[1])
    except ValueError as error:
        raise FormatError(f"a signature line's signature {error}") from None
    if len(blob) < 5:
        raise FormatError("a signature line's signature is too short")
    return NoteSignature(parts[0], blob[:4], blob[4:])
