"""Step 1: zips out of which two programs read two different things.

One goes by the central directory, another by the local headers, a third by the ZIP64 records
wherever they stand, a fourth takes the first end record that it meets. Each of these bundles has
another list of leaves for one of them.
"""

from __future__ import annotations

import struct
import zlib

from attest.bundle.layout import CENTRAL, CENTRAL_MAGIC, CHECKPOINT, END, LEAVES, LOCAL_MAGIC
from tests.bundle.forged_zips import GOOD, TRUST, parts, patched, with_entry, zipped
from tests.bundle.forgery import Made, Table

table = Table()

DIRECTORY = GOOD.index(CENTRAL_MAGIC)
ENTRIES, END_RECORD = GOOD[:DIRECTORY], GOOD[-END.size :]
HEADERS = GOOD[DIRECTORY : -END.size]
OTHER_LEAVES = b'{"at":"2013-01-01T00:00:00Z"}\n'


def end_record(headers: bytes, start: int, count: int | None = None) -> bytes:
    entries = headers.count(CENTRAL_MAGIC) if count is None else count
    return END.pack(b"PK\x05\x06", 0, 0, entries, entries, len(headers), start, 0)


def header_at(name: str) -> int:
    """Where the central header of an entry begins, counted from the directory's start."""
    return HEADERS.index(name.encode()) - CENTRAL.size


def offset_of(name: str) -> int:
    """Where the local header of an entry begins."""
    return ENTRIES.index(name.encode()) - 30


def moved(data: bytes, name: str, by: int) -> bytes:
    """Central headers whose entries from `name` on begin `by` bytes later."""
    at = header_at(name)
    while at < len(data):
        start = struct.unpack_from("<I", data, at + 42)[0] + by
        data = data[: at + 42] + struct.pack("<I", start) + data[at + 46 :]
        at = data.find(CENTRAL_MAGIC, at + 4) if CENTRAL_MAGIC in data[at + 4 :] else len(data)
    return data


# --- End records ----------------------------------------------------------------------------------


@table.bundle(1, "between the central directory and the end")
def two_end_records() -> Made:
    """The first one ends the honest zip; the last one is that record's comment."""
    return GOOD[:-2] + struct.pack("<H", END.size) + END_RECORD, TRUST


@table.bundle(1, "between the central directory and the end")
def two_central_directories() -> Made:
    return GOOD + HEADERS + end_record(HEADERS, DIRECTORY), TRUST


@table.bundle(1, "stands before evidence/checkpoint")
def two_whole_zips_one_behind_the_other() -> Made:
    """A program that repairs offsets, as for a zip that unpacks itself, reads the second one."""
    length = len(GOOD)
    headers = moved(HEADERS, CHECKPOINT, length)
    return GOOD + ENTRIES + headers + end_record(headers, length + DIRECTORY), TRUST


@table.bundle(1, "between the central directory and the end")
def a_zip64_end_record_that_nothing_asks_for() -> Made:
    """Some programs follow a ZIP64 locator whenever there is one."""
    at = len(ENTRIES) + len(HEADERS)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 0, 0, 0, DIRECTORY)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    return ENTRIES + HEADERS + record + locator + END_RECORD, TRUST


@table.bundle(1, "the two end records do not agree")
def a_zip64_end_record_with_another_directory() -> Made:
    at = len(ENTRIES) + len(HEADERS)
    count = HEADERS.count(CENTRAL_MAGIC)
    record = struct.pack(
        "<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(HEADERS), DIRECTORY
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(HEADERS), DIRECTORY, 0)
    return ENTRIES + HEADERS + record + locator + end, TRUST


@table.bundle(1, "does not point at its record")
def a_zip64_locator_that_points_elsewhere() -> Made:
    count = HEADERS.count(CENTRAL_MAGIC)
    record = struct.pack(
        "<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(HEADERS), DIRECTORY
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    end = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return ENTRIES + HEADERS + record + locator + end, TRUST


@table.bundle(1, "several disks")
def a_zip_on_two_disks() -> Made:
    return patched(b"PK\x05\x06", 4, struct.pack("<H", 1))


@table.bundle(1, "more than its entries")
def fewer_entries_counted_than_there_are() -> Made:
    count = HEADERS.count(CENTRAL_MAGIC)
    return ENTRIES + HEADERS + end_record(HEADERS, DIRECTORY, count - 1), TRUST


@table.bundle(1, "the central directory is odd")
def more_entries_counted_than_there_are() -> Made:
    count = HEADERS.count(CENTRAL_MAGIC)
    return ENTRIES + HEADERS + end_record(HEADERS, DIRECTORY, count + 1), TRUST


# --- Central and local headers --------------------------------------------------------------------


@table.bundle(1, "stands before evidence/bodies.jsonl")
def bytes_hidden_between_two_entries() -> Made:
    hidden = b"Who reads straight through finds this."
    at = offset_of("evidence/bodies.jsonl")
    headers = moved(HEADERS, "evidence/bodies.jsonl", len(hidden))
    start = DIRECTORY + len(hidden)
    entries = ENTRIES[:at] + hidden + ENTRIES[at:]
    return entries + headers + end_record(headers, start), TRUST


@table.bundle(1, "stands before evidence/bodies.jsonl")
def a_second_list_of_leaves_between_two_entries() -> Made:
    """Well formed as an entry, and known to the local headers alone."""
    name = LEAVES.encode()
    hidden = struct.pack(
        "<4sHHHHHIIIHH",
        LOCAL_MAGIC, 20, 0, 0, 0, 33, zlib.crc32(OTHER_LEAVES), len(OTHER_LEAVES),
        len(OTHER_LEAVES), len(name), 0,
    ) + name + OTHER_LEAVES  # fmt: skip
    at = offset_of("evidence/bodies.jsonl")
    headers = moved(HEADERS, "evidence/bodies.jsonl", len(hidden))
    start = DIRECTORY + len(hidden)
    entries = ENTRIES[:at] + hidden + ENTRIES[at:]
    return entries + headers + end_record(headers, start), TRUST


@table.bundle(1, "stands before evidence/bodies.jsonl")
def two_entries_that_share_their_bytes() -> Made:
    """The bodies begin where the leaves do: what bombs are folded from."""
    at = header_at("evidence/bodies.jsonl")
    start = struct.pack("<I", offset_of(LEAVES))
    headers = HEADERS[: at + 42] + start + HEADERS[at + 46 :]
    return ENTRIES + headers + end_record(headers, DIRECTORY), TRUST


def local_leaves(at: int, value: bytes) -> Made:
    """Something else in the local header of the leaves alone."""
    start = offset_of(LEAVES) + at
    return GOOD[:start] + value + GOOD[start + len(value) :], TRUST


@table.bundle(1, "local header of evidence/leaves.jsonl differs")
def another_name_for_who_reads_straight_through() -> Made:
    return local_leaves(30, b"evidence/LEAVES.jsonl")


@table.bundle(1, "local header of evidence/leaves.jsonl differs")
def stored_for_who_reads_straight_through() -> Made:
    return local_leaves(8, struct.pack("<H", 0))


@table.bundle(1, "local header of evidence/leaves.jsonl differs")
def a_data_descriptor_for_who_reads_straight_through() -> Made:
    return local_leaves(6, struct.pack("<H", 8))


@table.bundle(1, "local header of evidence/leaves.jsonl differs")
def another_day_in_the_local_header() -> Made:
    return local_leaves(12, struct.pack("<H", 34))


@table.bundle(1, "has an extra field")
def an_extra_field_in_the_local_header_alone() -> Made:
    """Its bytes are the entry's first ones for who goes by the central directory alone."""
    return local_leaves(28, struct.pack("<H", 4))


@table.bundle(1, "no regular file")
def leaves_that_some_programs_take_for_a_folder() -> Made:
    at = header_at(LEAVES)
    headers = HEADERS[: at + 38] + struct.pack("<I", 0x10) + HEADERS[at + 42 :]
    return ENTRIES + headers + end_record(headers, DIRECTORY), TRUST


@table.bundle(1, "the central directory is odd")
def a_comment_on_an_entry() -> Made:
    at = header_at("README.txt")
    comment = b"Verified."
    headers = HEADERS[: at + 32] + struct.pack("<H", len(comment)) + HEADERS[at + 34 :] + comment
    return ENTRIES + headers + end_record(headers, DIRECTORY), TRUST


# --- Names ----------------------------------------------------------------------------------------


@table.bundle(1, "no name that a bundle has")
def a_name_in_other_letters() -> Made:
    """One file on a Mac or on Windows, two elsewhere."""
    return with_entry("evidence/LEAVES.jsonl", OTHER_LEAVES)


@table.bundle(1, "no name that a bundle has")
def a_name_by_a_detour() -> Made:
    return with_entry("evidence/./leaves.jsonl", OTHER_LEAVES)


@table.bundle(1, "no name that a bundle has")
def a_name_with_a_nought_in_it() -> Made:
    """A program in C reads the name up to there."""
    placeholder = "evidence/leaves.jsonl0.txt"
    bundle = zipped([*parts(), (placeholder, OTHER_LEAVES)])
    return bundle.replace(placeholder.encode(), b"evidence/leaves.jsonl\0.txt"), TRUST


@table.bundle(1, "a name that no bundle has")
def a_name_that_is_not_ascii() -> Made:
    return with_entry("evidence/le\u0430ves.jsonl", OTHER_LEAVES)


# --- Deflated data --------------------------------------------------------------------------------


def with_deflated(data: bytes, size: int, crc: int) -> Made:
    """The good bundle with other packed bytes for its leaves, and headers to suit."""
    at = offset_of(LEAVES)
    old = struct.unpack_from("<I", GOOD, at + 18)[0]
    local = ENTRIES[at : at + 14] + struct.pack("<III", crc, len(data), size)
    body = at + 30 + len(LEAVES)
    entries = ENTRIES[:at] + local + ENTRIES[at + 26 : body] + data + ENTRIES[body + old :]
    by = len(data) - old
    there = header_at(LEAVES)
    headers = moved(HEADERS, "evidence/bodies.jsonl", by)
    headers = (
        headers[: there + 16] + struct.pack("<III", crc, len(data), size) + headers[there + 28 :]
    )
    return entries + headers + end_record(headers, DIRECTORY + by), TRUST


def deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush()


def good_leaves() -> bytes:
    return dict(parts())[LEAVES]


@table.bundle(1, "does not unpack to the size")
def bytes_behind_the_deflated_data() -> Made:
    leaves = good_leaves()
    return with_deflated(deflated(leaves) + b"more", len(leaves), zlib.crc32(leaves))


@table.bundle(1, "does not unpack to the size")
def a_second_deflated_stream_behind_the_first() -> Made:
    leaves = good_leaves()
    first, second = leaves[:1000], leaves[1000:]
    return with_deflated(deflated(first) + deflated(second), len(leaves), zlib.crc32(leaves))


@table.bundle(1, "does not unpack to the size")
def deflated_data_that_breaks_off() -> Made:
    leaves = good_leaves()
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = deflate.compress(leaves) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return with_deflated(data, len(leaves), zlib.crc32(leaves))


@table.bundle(1, "does not unpack to the size")
def data_that_is_no_deflated_data() -> Made:
    leaves = good_leaves()
    return with_deflated(b"\xff" * 1000, len(leaves), zlib.crc32(leaves))


@table.bundle(1, "does not unpack to the size")
def leaves_that_unpack_to_less_than_they_say() -> Made:
    leaves = good_leaves()
    return with_deflated(deflated(leaves[:-1]), len(leaves), zlib.crc32(leaves))
