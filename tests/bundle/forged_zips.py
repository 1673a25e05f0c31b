"""Step 1: zips that are not as a bundle is."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from attest.bundle.layout import BODIES, CHECKPOINT, LEAVES
from attest.bundle.trust import Trust
from tests.bundle.forgery import Made, Table
from tests.logs import issued_log
from tests.packing import packed, trust_of

table = Table()

LOG = issued_log(files=1, stores=1)
GOOD = packed(LOG)
TRUST: Trust = trust_of(LOG)

Part = tuple[str, bytes]


def parts() -> list[Part]:
    """The good bundle's entries."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        return [(name, good.read(name)) for name in good.namelist()]


def zipped(entries: list[Part], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip by the standard library, which checks no names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as bad:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.filename = name
            info.compress_type = method
            bad.writestr(info, data)
    return out.getvalue()


def with_entry(name: str, data: bytes = b"x") -> Made:
    return zipped([*parts(), (name, data)]), TRUST


def patched(find: bytes, offset: int, value: bytes, *, last: bool = True) -> Made:
    """The good bundle with some bytes changed, counted from a record's magic number."""
    at = (GOOD.rindex(find) if last else GOOD.index(find)) + offset
    return GOOD[:at] + value + GOOD[at + len(value) :], TRUST


@table.bundle(1, "stands twice")
def an_entry_twice() -> Made:
    entries = parts()
    with_twin = [*entries[:3], entries[2], *entries[3:]]
    # The standard library warns about twins, and warnings are errors in tests.
    blank = zipped([(f"x{n:02}" + name[3:], data) for n, (name, data) in enumerate(with_twin)])
    for n, (name, _) in enumerate(with_twin):
        blank = blank.replace((f"x{n:02}" + name[3:]).encode(), name.encode())
    return blank, TRUST


@table.bundle(1, "no name that a bundle has")
def a_climbing_name() -> Made:
    return with_entry("attachments/../../etc/passwd")


@table.bundle(1, "no name that a bundle has")
def an_absolute_name() -> Made:
    return with_entry("/etc/passwd")


@table.bundle(1, "no name that a bundle has")
def a_name_with_backslashes() -> Made:
    return with_entry("evidence\\checkpoint")


@table.bundle(1, "no name that a bundle has")
def a_verifier_inside_the_bundle() -> Made:
    return with_entry("verify.html", b"<script>alert('VERIFIED')</script>")


@table.bundle(1, "no name that a bundle has")
def a_folder() -> Made:
    return with_entry("evidence/")


@table.bundle(1, "no name that a bundle has")
def an_older_checkpoint_with_a_leading_zero() -> Made:
    return with_entry("evidence/earlier/07")


@table.bundle(1, "no name that a bundle has")
def an_attachment_in_upper_case() -> Made:
    return with_entry("attachments/" + "A" * 64)


@table.bundle(1, "encrypted")
def an_encrypted_entry() -> Made:
    return patched(b"PK\x01\x02", 8, struct.pack("<H", 1))


@table.bundle(1, "sizes come after its data")
def a_data_descriptor() -> Made:
    return patched(b"PK\x01\x02", 8, struct.pack("<H", 8))


@table.bundle(1, "neither stored nor deflated")
def another_compression() -> Made:
    return zipped(parts(), zipfile.ZIP_BZIP2), TRUST


@table.bundle(1, "larger than a bundle allows")
def a_checkpoint_of_a_megabyte() -> Made:
    entries = dict(parts())
    entries[CHECKPOINT] = b"x" * 1024 * 1024
    return zipped(list(entries.items())), TRUST


@table.bundle(1, "promises more than its packed bytes can hold")
def a_bomb() -> Made:
    entries = dict(parts())
    entries[BODIES] = bytes(16 * 1024 * 1024)
    return zipped(list(entries.items())), TRUST


@table.bundle(1, "does not unpack to the size that it says")
def a_bomb_that_lies_about_its_size() -> Made:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_lines = deflate.compress(bytes(16 * 1024 * 1024)) + deflate.flush()
    return _raw([(CHECKPOINT, dict(parts())[CHECKPOINT], None), (LEAVES, packed_lines, 1000)])


@table.bundle(1, "differs from the central one")
def another_name_in_the_local_header() -> Made:
    return patched(b"PK\x03\x04", 30, b"x")


@table.bundle(1, "differs from the central one")
def another_size_in_the_local_header() -> Made:
    return patched(b"PK\x03\x04", 22, struct.pack("<I", 1))


@table.bundle(1, "differs from the central one")
def another_checksum_in_the_local_header() -> Made:
    return patched(b"PK\x03\x04", 14, b"\0\0\0\0")


@table.bundle(1, "checksum")
def another_byte_in_the_readme() -> Made:
    at = GOOD.index(b"This is a bundle")
    return GOOD[:at] + b"t" + GOOD[at + 1 :], TRUST


@table.bundle(1, "stands before")
def a_program_before_the_zip() -> Made:
    stub = b"#!/bin/sh\nexit 0\n"
    entries = io.BytesIO(stub)
    entries.seek(0, io.SEEK_END)
    with zipfile.ZipFile(entries, "a") as bad:
        for name, data in parts():
            bad.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return entries.getvalue(), TRUST


@table.bundle(1, "does not end as a zip")
def bytes_after_the_zip() -> Made:
    return GOOD + b"more", TRUST


@table.bundle(1, "without a comment")
def a_comment() -> Made:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as bad:
        bad.comment = b"Verified by the operator."
    return out.getvalue(), TRUST


@table.bundle(1, "between the entries and the central directory")
def a_hidden_entry() -> Made:
    """A local header that the central directory does not mention."""
    start = GOOD.index(b"PK\x01\x02")
    hidden = GOOD[: GOOD.index(b"PK\x03\x04", 4)]
    end = struct.unpack_from("<I", GOOD, len(GOOD) - 6)[0]
    moved = struct.pack("<I", end + len(hidden))
    return GOOD[:start] + hidden + GOOD[start:-6] + moved + GOOD[-2:], TRUST


@table.bundle(1, "missing")
def no_leaves() -> Made:
    return zipped([part for part in parts() if part[0] != LEAVES]), TRUST


@table.bundle(1, "out of order")
def bodies_before_leaves() -> Made:
    entries = parts()
    return zipped([entries[0], entries[2], entries[1], *entries[3:]]), TRUST


@table.bundle(1, "no regular file")
def a_symbolic_link() -> Made:
    return patched(b"PK\x01\x02", 38, struct.pack("<I", 0o120777 << 16))


@table.bundle(1, "extra field")
def an_extra_field() -> Made:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bad:
        for name, data in parts():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HH4s", 0x7075, 4, b"note")
            bad.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue(), TRUST


@table.bundle(1, "no zip")
def nothing_at_all() -> Made:
    return b"", TRUST


@table.bundle(1, "does not end as a zip")
def half_a_download() -> Made:
    return GOOD[: len(GOOD) // 2], TRUST


@table.bundle(1, "line of more than 512 bytes")
def a_leaf_without_end() -> Made:
    entries = dict(parts())
    entries[LEAVES] = b"x" * 100_000
    return zipped(list(entries.items())), TRUST


@table.bundle(1, "does not end with a line feed")
def leaves_that_break_off() -> Made:
    entries = dict(parts())
    entries[LEAVES] = entries[LEAVES][:-1]
    return zipped(list(entries.items())), TRUST


def _raw(entries: list[tuple[str, bytes, int | None]]) -> Made:
    """A zip put together by hand; a size makes an entry deflated, and may be a lie."""
    body = directory = b""
    for name, data, size in [*entries, (BODIES, b"\n", None)]:
        method = 0 if size is None else 8
        common = struct.pack(
            "<HHHHHIIIHH",
            20, 0, method, 0, 33, zlib.crc32(data) if size is None else 0, len(data),
            len(data) if size is None else size, len(name), 0,
        )  # fmt: skip
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + data
    count = len(entries) + 1
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end, TRUST
