"""Zips in the browser: taken and refused as Python does, with the same words."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest
from playwright.sync_api import Page

from attest.bundle.archive import Archive
from attest.bundle.layout import BODIES, CHECKPOINT, LEAVES, MAX32
from attest.signing import b64
from tests.browser.conftest import NewVisitor
from tests.browser.floor import check, open_floor
from tests.bundle.forged_zips import GOOD, LOG, parts, table, zipped
from tests.bundle.test_archive import full_bundle
from tests.packing import packed

# A name, packed bytes, and the size of those that are deflated.
Entry = tuple[str, bytes, int | None]


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    return open_floor(new_visitor())


def said(data: bytes) -> str:
    """Every entry read to its end, the leaves by their lines."""
    archive = Archive(io.BytesIO(data))
    read = [f"{name} {sum(map(len, archive.chunks(name)))}" for name in archive.entries]
    read += [str(len(line)) for line in archive.lines(LEAVES, 512)]
    return ",".join(read)


def checked(page: Page, bundles: list[bytes]) -> list[str]:
    return check(page, "zip", bundles, said, b64)


def deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def raw(entries: list[Entry], checksums: dict[str, int]) -> bytes:
    """A zip put together by hand."""
    body = directory = b""
    for name, data, size in entries:
        method = 0 if size is None else 8
        real = len(data) if size is None else size
        common = struct.pack(
            "<HHHHHIIIHH",
            *(20, 0, method, 0, 33, checksums.get(name, zlib.crc32(data))),
            *(len(data), real, len(name), 0),
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + data
    count = len(entries)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def with_leaves(data: bytes, size: int, crc: int) -> bytes:
    """A bundle whose leaves are these deflated bytes."""
    entries: list[Entry] = [
        (CHECKPOINT, b"x", None),
        (LEAVES, data, size),
        (BODIES, b"\n", None),
    ]
    return raw(entries, {LEAVES: crc})


def test_good_bundles(page: Page) -> None:
    many = packed(LOG, earlier=dict.fromkeys(range(1, 1001), LOG.checkpoint()))
    stored = zipped(parts(), zipfile.ZIP_STORED)
    for answer in checked(page, [GOOD, full_bundle(), many, stored]):
        assert answer.startswith("evidence/checkpoint")


def test_more_entries_than_a_plain_zip_can_count(page: Page) -> None:
    data = packed(LOG, earlier=dict.fromkeys(range(1, 65_536), b"x"))
    records = data.rindex(b"PK\x06\x06")
    counts = []
    for offset in (None, 0, 24, 32, 40, 56, 64):  # of the ZIP64 end record and its locator
        changed = bytearray(data)
        if offset is not None:
            changed[records + offset] ^= 1
        # A large bundle would take long to be read whole, so only its headers are.
        [count] = check(page, "headers", [bytes(changed)], heads, b64)
        counts.append(count)
    assert counts[0] == "65539"
    assert len(set(counts)) == 5


def heads(data: bytes) -> str:
    return str(len(Archive(io.BytesIO(data)).entries))


def test_forged_zips(page: Page) -> None:
    answers = checked(page, [row.make()[0] for row in table.rows])
    refused = [row.says in answer for row, answer in zip(table.rows, answers, strict=True)]
    assert sum(refused) > 25


def test_forged_names(page: Page) -> None:
    names = ["a'b", 'a"b', "a'\"b", "\x01\t\n\r\x1f\x7f", "a\\b", "", "x" * 100, "x" * 101, "é"]
    names += ["evidence/earlier/0", "evidence/earlier/4000000", "evidence/earlier/4000001"]
    names += ["evidence/earlier/10000000", "evidence/timestamps/1", "evidence/timestamps/1.tsr"]
    names += ["evidence/earlier/1\n", "attachments/" + "a" * 64, "attachments/" + "g" * 64]
    entries: list[list[Entry]] = []
    for name in names:
        entries.append([(CHECKPOINT, b"x", None), (name, b"x", None)])
        entries.append([(name, b"x", None)])
    pairs = [("evidence/earlier/10", "evidence/earlier/9"), ("evidence/earlier/9",) * 2]
    pairs += [("evidence/earlier/9", "evidence/earlier/10"), ("README.txt", "certificate.pdf")]
    pairs += [("attachments/" + "b" * 64, "attachments/" + "a" * 64)]
    entries += [[(name, b"x", None) for name in pair] for pair in pairs]
    checked(page, [_latin(some) for some in entries])


def _latin(entries: list[Entry]) -> bytes:
    """A zip whose names are written in a byte a character, whatever they are."""
    names = [name for name, _, _ in entries]
    blank = [f"{at:04}".ljust(len(name), "z")[: len(name)] for at, name in enumerate(names)]
    data = raw([(name, b"x", None) for name in blank], {})
    for old, name in zip(blank, names, strict=True):
        if name:
            data = data.replace(old.encode(), name.encode("latin-1"))
    return data


def test_deflated_data_that_is_not_as_promised(page: Page) -> None:
    lines = b"".join(b"%d\n" % number for number in range(40_000))
    good, crc, size = deflated(lines), zlib.crc32(lines), len(lines)
    bundles = [with_leaves(good, size, crc)]
    bundles += [with_leaves(good, size + more, crc) for more in (-1, 1, -size, size)]
    bundles += [with_leaves(good, size, crc ^ 1)]
    bundles += [with_leaves(good + behind, size, crc) for behind in (b"\0", b"x" * 100_000, good)]
    bundles += [with_leaves(good[:end], size, crc) for end in (0, 1, 100, len(good) // 2, -1)]
    bundles += [with_leaves(b"", 0, 0), with_leaves(b"\x03\x00", 0, 0), with_leaves(b"\xff", 0, 0)]
    bundles += [with_leaves(deflated(b""), 1, 0), with_leaves(b"\x07" + good, size, crc)]
    rng = random.Random(2013)
    for at in rng.sample(range(len(good)), 150):
        flipped = bytes([*good[:at], good[at] ^ 1 << rng.randrange(8), *good[at + 1 :]])
        bundles.append(with_leaves(flipped, size, crc))
    answers = checked(page, bundles)
    assert answers[0].startswith("evidence/checkpoint")
    assert "evidence/leaves.jsonl does not have the checksum that it says" in answers[5]
    wrong = "step 1: evidence/leaves.jsonl does not unpack to the size that it says"
    assert set(answers[1:5]) | set(answers[6:14]) == {wrong}


def test_bombs(page: Page) -> None:
    zeros = deflated(bytes(64 * 1024 * 1024))
    twice = len(zeros) * 200 + 1024 * 1024
    sizes = (0, 1000, twice, twice + 1, 64 * 1024 * 1024)
    checked(page, [with_leaves(zeros, size, 0) for size in sizes])


def test_lines(page: Page) -> None:
    texts = [b"", b"\n", b"\n\n", b"a", b"a\n", b"a\nb", b"x" * 512 + b"\n", b"x" * 513 + b"\n"]
    texts += [b"x" * 513, b"a\n" * 100_000 + b"x" * 600, b"a\r\nb\r\n", b"x" * 100_000 + b"\n"]
    checked(page, [with_leaves(deflated(text), len(text), zlib.crc32(text)) for text in texts])


def test_every_byte_around_the_entries(page: Page) -> None:
    """Headers and end records with one byte changed, each in two ways."""
    start = GOOD.index(b"PK\x01\x02")
    places = [*range(start, len(GOOD))]
    for name in (b"evidence/checkpoint", b"evidence/leaves.jsonl", b"README.txt"):
        at = GOOD.index(name)
        places += range(at - 30, at + len(name))
    bundles = []
    for at in places:
        for value in (GOOD[at] ^ 1, 0xFF):
            bundles.append(bytes([*GOOD[:at], value, *GOOD[at + 1 :]]))
    bundles += [GOOD[:end] for end in (1, 21, 22, 23, len(GOOD) - 1)]
    checked(page, bundles)


def test_zip64_fields(page: Page) -> None:
    """Sizes and offsets that need a field of 64 bits, or say that they do."""
    data = raw([(CHECKPOINT, b"x", None), (LEAVES, b"\n", None), (BODIES, b"\n", None)], {})
    bundles = []
    central = data.index(b"PK\x01\x02")
    for wide in ((), (24,), (20,), (42,), (20, 24), (20, 24, 42)):
        for extra in (
            b"",
            *(
                _field(len(wide) + more, value)
                for more in (-1, 0, 1)
                for value in (0, 1, 2**63, 2**64 - 1)
            ),
        ):
            header = bytearray(data[central : central + 46])
            for offset in wide:
                struct.pack_into("<I", header, offset, MAX32)
            struct.pack_into("<H", header, 30, len(extra))
            name_end = central + 46 + len(CHECKPOINT)
            middle = bytes(header) + data[central + 46 : name_end] + extra
            end = bytearray(data[-22:])
            struct.pack_into("<I", end, 12, struct.unpack_from("<I", end, 12)[0] + len(extra))
            bundles.append(data[:central] + middle + data[name_end:-22] + bytes(end))
    answers = checked(page, bundles)
    assert len(set(answers)) > 4


def _field(count: int, value: int) -> bytes:
    if count < 0:
        return b"\x01\x00"
    return struct.pack("<HH", 1, 8 * count) + struct.pack(f"<{count}Q", *[value] * count)
