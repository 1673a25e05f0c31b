"""Bytes that lie elsewhere, in a zip: read once, or when the zip is sent."""

from __future__ import annotations

import io
import zlib
from hashlib import sha256

import pytest

from attest.bundle.layout import BUNDLE
from attest.bundle.zip_writer import Content, ZipWriter

DATA = b"certificate" * 1000
NAME = f"attachments/{sha256(DATA).hexdigest()}"


def content(data: bytes = DATA, size: int = len(DATA)) -> Content:
    return Content(size, zlib.crc32(DATA), lambda: iter([data[:500], data[500:]]))


class Remembering(io.BytesIO):
    """An output that reads foreign bytes only at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[bytes | Content] = []

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.parts.append(data)
        return len(data)

    def splice(self, foreign: Content) -> None:
        self.parts.append(foreign)

    def sent(self) -> bytes:
        return b"".join(
            part if isinstance(part, bytes) else b"".join(part.read()) for part in self.parts
        )


def packed(what: bytes | Content) -> bytes:
    out = io.BytesIO()
    writer = ZipWriter(out, BUNDLE)
    writer.add(NAME, what)
    writer.finish()
    return out.getvalue()


def test_the_bytes_are_the_same_whichever_way_they_come() -> None:
    out = Remembering()
    writer = ZipWriter(out, BUNDLE)
    writer.add(NAME, content())
    assert any(isinstance(part, Content) for part in out.parts)
    writer.finish()
    assert out.sent() == packed(content()) == packed(DATA)


@pytest.mark.parametrize("data", [DATA[:-1], DATA + b"x", b""])
def test_another_length_than_was_said_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="changed while it was being packed"):
        packed(content(data))


def test_more_than_a_bundle_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="no bundle has an entry"):
        packed(content(size=4 * 1024**3 + 1))
