import hashlib
import zlib
from datetime import UTC, datetime

import pytest

from attest.attachments import incoming as module
from attest.attachments.incoming import (
    INCOMING,
    NoRoom,
    TooLarge,
    left_behind,
    need_room,
    receiving,
)


def test_what_comes_in_is_hashed_on_the_way(tmp_path):
    with receiving(tmp_path, 100) as incoming:
        incoming.write(b"%PDF-1.7 ")
        incoming.write(b"and more")
        arrived = incoming.finish()
        data = b"%PDF-1.7 and more"
        assert arrived.path.read_bytes() == data
        assert arrived.digest == hashlib.sha256(data).hexdigest()
        assert (arrived.size, arrived.crc32) == (len(data), zlib.crc32(data))
        assert arrived.media_type == "application/pdf"
        assert arrived.path.stat().st_mode & 0o077 == 0


def test_what_the_store_did_not_take_is_gone(tmp_path):
    with receiving(tmp_path, 100) as incoming:
        incoming.write(b"half")
    assert list(tmp_path.rglob("*")) == [tmp_path / INCOMING]


def test_one_byte_too_many(tmp_path):
    with receiving(tmp_path, 3) as incoming:
        incoming.write(b"abc")
        with pytest.raises(TooLarge):
            incoming.write(b"d")
    assert list((tmp_path / INCOMING).iterdir()) == []


def test_a_disk_that_would_be_full(tmp_path, monkeypatch):
    need_room(tmp_path / "new", 10)
    with pytest.raises(NoRoom):
        need_room(tmp_path, 10**18)
    monkeypatch.setattr(module, "RESERVE", 10**18)
    with pytest.raises(NoRoom):
        need_room(tmp_path, 0)


def test_halves_are_found_once_they_are_old(tmp_path):
    half = tmp_path / INCOMING / "half"
    half.parent.mkdir()
    half.write_bytes(b"x")
    assert list(left_behind(tmp_path, datetime(2000, 1, 1, tzinfo=UTC))) == []
    assert list(left_behind(tmp_path, datetime(2100, 1, 1, tzinfo=UTC))) == [half]
    assert list(left_behind(tmp_path / "nowhere", datetime(2100, 1, 1, tzinfo=UTC))) == []
