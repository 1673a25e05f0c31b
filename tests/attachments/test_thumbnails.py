import io
from pathlib import Path

import pytest
from PIL import Image

from attest.attachments import thumbnails
from attest.attachments.thumbnails import thumbnail_of
from attest.domain.media_types import PICTURES, sniff
from tests.attachments import pictures


def made(tmp_path: Path, data: bytes) -> bytes | None:
    path = tmp_path / "picture"
    path.write_bytes(data)
    return thumbnail_of(path, sniff(data[:4096]))


@pytest.mark.parametrize("kind", PICTURES.values())
def test_a_picture_gets_a_small_jpeg(tmp_path, kind):
    small = made(tmp_path, pictures.picture(kind))
    assert small is not None
    opened = Image.open(io.BytesIO(small))
    assert (opened.format, opened.size) == ("JPEG", (320, 240))


def test_it_is_turned_and_says_nothing_of_where_it_was_taken(tmp_path):
    photograph = pictures.with_metadata()
    assert b"Box 14" in photograph
    small = made(tmp_path, photograph)
    assert small is not None
    opened = Image.open(io.BytesIO(small))
    assert opened.size == (160, 320)
    assert not opened.getexif()
    assert b"Box 14" not in small
    assert b"Made-up" not in small
    assert b"Exif" not in small


@pytest.mark.parametrize(
    "data",
    [
        pictures.bomb(),
        pictures.picture()[:500],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff" + b"<script>" * 50,
        b"RIFF\x00\x00\x00\x10WEBPVP8 " + bytes(40),
    ],
    ids=["a bomb", "cut short", "no PNG", "no JPEG", "no WebP"],
)
def test_what_is_no_picture_gets_none_and_breaks_nothing(tmp_path, data):
    assert made(tmp_path, data) is None


@pytest.mark.parametrize("data", [pictures.SVG, pictures.HTML, b"%PDF-1.7", bytes(10)])
def test_nothing_else_is_ever_opened(tmp_path, data, monkeypatch):
    monkeypatch.setattr("attest.attachments.thumbnails.subprocess.run", None)
    assert made(tmp_path, data) is None


def test_a_picture_under_a_wrong_type_is_not_read_by_another_reader(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(pictures.picture("PNG"))
    assert thumbnail_of(path, "image/jpeg") is None


def test_one_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(thumbnails, "SECONDS", 0.001)
    assert made(tmp_path, pictures.picture()) is None
