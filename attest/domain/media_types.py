"""What a file is, by its first bytes: never by its name, and never by what a browser says.

The type is for people and for the log. Nothing is opened by it, but pictures for their thumbnails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# How many of a file's first bytes are looked at.
SNIFFED = 4096
UNKNOWN = "application/octet-stream"

# Of which thumbnails are made, with the name that the library has for them. Formats with few
# moving parts: no TIFF, no HEIC, and never SVG, which is a program.
PICTURES: Mapping[str, str] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}

# Bytes at an offset, and what they mean; the first that fits.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),  # after RIFF and a length
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (4, b"1AY&SY", "application/x-bzip2"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "application/ogg"),
    (0, b"\x7fELF", "application/x-elf"),
    (257, b"ustar", "application/x-tar"),
)
_PLACED = {b"WEBP": (0, b"RIFF"), b"1AY&SY": (0, b"BZh")}  # what must stand somewhere else, too

_SVG = re.compile(rb"<svg[\s>]", re.I)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe)[\s>]", re.I)
_XML = re.compile(rb"\s*<\?xml[\s]", re.I)
_BOMS = (b"\xef\xbb\xbf",)

# Erasure reports, as they call themselves; the type says so in a parameter that others ignore
# (RFC 2045 §1). Blancco's XML holds <report><blancco_data>. nwipe names itself as the producer in
# the first object of its PDF, and in a log with its version in one of the first lines.
_BLANCCO = re.compile(rb"<blancco_(data|erasure_report)[\s/>]")
_NWIPE_PDF = re.compile(rb"/Producer \(https://github\.com/martijnvanbrummelen/nwipe\)")
_NWIPE_LOG = re.compile(
    rb"\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\]\s+"
    rb"(nwipe: (debug|info|notice|warning): |(info|notice): nwipe \d)"
)
BLANCCO, NWIPE_PDF, NWIPE_LOG = (
    "application/xml;report=blancco",
    "application/pdf;report=nwipe",
    "text/plain;report=nwipe",
)
_WORDS: Mapping[str, str] = {
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/gif": "GIF picture",
    "image/webp": "WebP picture",
    "image/tiff": "TIFF picture",
    "image/heic": "HEIC picture",
    "image/heif": "HEIF picture",
    "image/avif": "AVIF picture",
    "image/svg+xml": "SVG drawing",
    BLANCCO: "erasure report of Blancco, XML",
    NWIPE_PDF: "erasure report of nwipe, PDF",
    NWIPE_LOG: "log of nwipe, text",
    "application/pdf": "PDF",
    "application/zip": "zip archive, or an Office document",
    "application/gzip": "gzip archive",
    "application/x-7z-compressed": "7z archive",
    "application/x-xz": "xz archive",
    "application/x-bzip2": "bzip2 archive",
    "application/vnd.rar": "RAR archive",
    "application/x-tar": "tar archive",
    "application/x-ole-storage": "older Office document, or an Outlook message",
    "application/rtf": "RTF document",
    "application/vnd.microsoft.portable-executable": "Windows program",
    "application/x-elf": "Linux program",
    "application/xml": "XML",
    "text/html": "web page",
    "text/plain": "text",
    "video/mp4": "MP4 video",
    "video/webm": "Matroska or WebM video",
    "application/ogg": "Ogg recording",
    UNKNOWN: "data of no kind that is known",
}


def sniff(head: bytes) -> str:
    """The media type of a file that begins with `head` (SNIFFED bytes, or all that there are)."""
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            where, other = _PLACED.get(magic, (0, b""))
            if head[where : where + len(other)] == other:
                nwipe = media_type == "application/pdf" and _NWIPE_PDF.search(head)
                return NWIPE_PDF if nwipe else media_type
    if head.startswith(b"MZ") and b"\x00" in head:  # two letters alone may begin a text
        return "application/vnd.microsoft.portable-executable"
    return _text(head) or UNKNOWN


def in_words(media_type: str) -> str:
    """What people call it."""
    return _WORDS.get(media_type, media_type)


def _text(head: bytes) -> str | None:
    """The kind of text that this is; None for what is no text in UTF-8."""
    for mark in _BOMS:
        head = head.removeprefix(mark)
    if not head or not _readable(head):
        return None
    if _SVG.search(head):
        return "image/svg+xml"
    if _HTML.search(head):
        return "text/html"
    if _BLANCCO.search(head):
        return BLANCCO
    if _NWIPE_LOG.search(head):
        return NWIPE_LOG
    return "application/xml" if _XML.match(head) else "text/plain"


def _readable(head: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may have been cut where the head ends.
        return error.start > len(head) - 4 and len(head) >= SNIFFED - 3
    return True
