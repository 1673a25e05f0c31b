"""Pictures for tests, made here: good ones, and what only looks like one."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **more: object) -> bytes:
    """A plain picture in red."""
    out = io.BytesIO()
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    Image.new(mode, size, "red").save(out, kind, **more)
    return out.getvalue()


def with_metadata() -> bytes:
    """A photograph that says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "Made-up camera"
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size=(600, 300), exif=exif.tobytes(), comment=b"Box 14, Unit 3")


def bomb(side: int = 60_000) -> bytes:
    """A few hundred bytes that say they unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<root><report><blancco_data/></report></root>'
