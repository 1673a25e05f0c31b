"""Packing and reading: the same bytes each time, ZIP64 where needed, and every byte guarded."""

import hashlib
import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from attest.bundle.archive import Archive
from attest.bundle.failure import Failure
from attest.bundle.layout import CHECKPOINT, LEAVES, MAX32, place
from attest.bundle.packing import pack
from attest.bundle.zip_writer import Entry, central_header, local_header
from tests.logs import closed_log
from tests.packing import checked, packed, trust_of

LOG = closed_log()
TRUST = trust_of(LOG)


def full_bundle() -> bytes:
    log = closed_log()
    log.reopen(log.files[0])
    log.evidence(b"scan")
    digest = digest_of(b"scan")
    return packed(
        log,
        earlier={4: log.checkpoint(4), 17: log.checkpoint(17)},
        timestamps={4: b"token"},
        attachments={digest: b"scan"},
        certificate=b"%PDF-1.7",
    )


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_same_state_gives_the_same_bytes():
    assert full_bundle() == full_bundle()


def test_other_programs_read_it():
    with zipfile.ZipFile(io.BytesIO(full_bundle())) as bundle:
        assert bundle.testzip() is None
        names = bundle.namelist()
        assert names == sorted(names, key=lambda name: place(name) or ())
        assert bundle.read(LEAVES).count(b"\n") == LOG.size + 2
        assert {info.date_time for info in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_everything_that_a_bundle_may_hold_is_verified():
    log = closed_log()
    log.reopen(log.files[0])
    log.evidence(b"scan")
    report = checked(full_bundle(), trust_of(log))
    assert report.failure is None
    assert report.status == 0
    assert report.head()["notChecked"] == {"timestamps": 1, "certificate": True}


def test_packing_needs_no_seeking(tmp_path: Path):
    class Socket:
        def __init__(self) -> None:
            self.data = b""

        def write(self, data: bytes, /) -> None:
            self.data += data

    socket = Socket()
    pack(
        socket,
        checkpoint=LOG.checkpoint(),
        leaves=iter(LOG.leaves),
        bodies=iter(body for body in LOG.bodies if body is not None),
    )
    assert socket.data == packed(LOG)


def test_packing_refuses_what_reading_would():
    with pytest.raises(ValueError, match="no bundle has an entry"):
        packed(LOG, attachments={"../x": b""})


def test_an_attachment_is_packed_from_a_file(tmp_path: Path):
    path = tmp_path / "scan"
    path.write_bytes(b"scan")
    digest = digest_of(b"scan")
    assert packed(LOG, attachments={digest: path}) == packed(LOG, attachments={digest: b"scan"})


def test_large_entries_have_zip64_fields():
    entry = Entry(b"attachments/" + b"0" * 64, 0, 1, MAX32 + 1, MAX32 + 1, MAX32 + 2)
    local, central = local_header(entry), central_header(entry)
    assert local[26:30] == (76).to_bytes(2, "little") + (20).to_bytes(2, "little")
    assert central[28:32] == (76).to_bytes(2, "little") + (28).to_bytes(2, "little")
    for record, values in ((local, 2), (central, 3)):
        extra = record[-8 * values - 4 :]
        assert extra[:4] == b"\x01\x00" + (8 * values).to_bytes(2, "little")
        assert int.from_bytes(extra[4:12], "little") == MAX32 + 1


def test_more_entries_than_a_plain_zip_can_count():
    """65,600 older checkpoints need ZIP64 end records; other programs must read them too."""
    note = LOG.checkpoint()
    data = packed(LOG, earlier=dict.fromkeys(range(1, 65_601), note))
    archive = Archive(io.BytesIO(data))
    assert len(archive.entries) == 65_604
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert len(bundle.namelist()) == 65_604


def test_zip64_end_records_that_disagree():
    data = bytearray(packed(LOG, earlier=dict.fromkeys(range(1, 65_601), LOG.checkpoint())))
    at = data.rindex(b"PK\x06\x06")
    data[at + 24] ^= 1  # one of the two counts
    with pytest.raises(Failure, match="disks"):
        Archive(io.BytesIO(bytes(data)))


def test_a_flipped_byte_anywhere_is_refused_or_means_nothing():
    """Only what no reader looks at may change: who made the zip, and with which attributes."""
    data = packed(LOG)
    rng = random.Random(2013)
    start = data.index(b"PK\x01\x02")
    for at in rng.sample(range(len(data)), 400):
        changed = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
        report = checked(changed, TRUST)
        assert report.status == 1 or at > start, at


def test_a_checkpoint_is_read_to_its_end():
    archive = Archive(io.BytesIO(packed(LOG)))
    assert archive.read(CHECKPOINT) == LOG.checkpoint().encode()


def test_an_offset_beyond_what_a_file_can_be_asked_for():
    """A packed size of 64 bits puts the next header there, and its entry says so."""
    names = [CHECKPOINT.encode(), LEAVES.encode()]
    field = struct.pack("<HHQ", 1, 8, 2**63)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, MAX32, 1, len(names[0]), len(field))
    body = b"PK\x03\x04" + common + names[0] + field
    far = struct.pack("<HHQ", 1, 8, 2**63 + len(body))
    other = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, 1, 1, len(names[1]), len(far))
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + common
    directory += struct.pack("<HHHII", 0, 0, 0, 0, 0) + names[0] + field
    directory += b"PK\x01\x02" + struct.pack("<H", 20) + other
    directory += struct.pack("<HHHII", 0, 0, 0, 0, MAX32) + names[1] + far
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), len(body), 0)
    with pytest.raises(Failure, match="the file breaks off"):
        Archive(io.BytesIO(body + directory + end))
