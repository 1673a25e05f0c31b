import pytest

from attest.domain.media_types import (
    BLANCCO,
    NWIPE_LOG,
    NWIPE_PDF,
    SNIFFED,
    UNKNOWN,
    in_words,
    sniff,
)
from tests.attachments import pictures


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (pictures.picture("JPEG"), "image/jpeg"),
        (pictures.picture("PNG"), "image/png"),
        (pictures.picture("GIF"), "image/gif"),
        (pictures.picture("WEBP"), "image/webp"),
        (b"%PDF-1.4\n%\xe2\xe3", "application/pdf"),
        (pictures.XML, BLANCCO),
        (b"\xef\xbb\xbf" + pictures.XML, BLANCCO),
        (pictures.SVG, "image/svg+xml"),
        (b"<svg onload=alert(1)>", "image/svg+xml"),
        (pictures.HTML, "text/html"),
        (b"  <html>", "text/html"),
        (b"PK\x03\x04" + bytes(30), "application/zip"),
        (b"nwipe 0.36\nDrive: /dev/sda\n", "text/plain"),
        ("Größe: 4 TB ✓".encode(), "text/plain"),
        (b"MZ\x90\x00\x03", "application/vnd.microsoft.portable-executable"),
        (b"MZ is how it begins", "text/plain"),
        (b"BZh91AY&SY\x00", "application/x-bzip2"),
        (b"BZh, a text", "text/plain"),
        (b"RIFF\x00\x00\x00\x00WAVE", UNKNOWN),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (bytes(257) + b"ustar", "application/x-tar"),
        (b"\xeb\x63\x90" + bytes(500), UNKNOWN),
        (b"caf\xe9", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_what_its_bytes_say(head, kind):
    assert sniff(head[:SNIFFED]) == kind
    assert in_words(kind)


def test_a_letter_cut_at_the_end_is_still_text():
    head = ("a" * (SNIFFED - 1) + "é").encode()[:SNIFFED]
    assert sniff(head) == "text/plain"
    assert sniff(b"a" * 20 + b"\xc3") == UNKNOWN


def test_words_for_a_type_without_any_are_the_type():
    assert in_words("chemical/x-pdb") == "chemical/x-pdb"


NWIPE = (
    b"%PDF-1.3\r\n%\xc7\xec\x8f\xa2\r\n1 0 obj\r\n<<\r\n"
    b"  /Creator (https://github.com/PartialVolume/shredos.x86_64)\r\n"
    b"  /Producer (https://github.com/martijnvanbrummelen/nwipe)\r\n"
)


@pytest.mark.parametrize(
    ("head", "kind", "words"),
    [
        (NWIPE, NWIPE_PDF, "erasure report of nwipe, PDF"),
        (b"[2013/02/06 10:30:00] nwipe: notice: Opened", NWIPE_LOG, "log of nwipe, text"),
        (b"[2013/02/06 10:30:00]  notice: nwipe 0.36\n", NWIPE_LOG, "log of nwipe, text"),
        (
            b'<?xml version="1.0"?><root><report><blancco_data><description>',
            BLANCCO,
            "erasure report of Blancco, XML",
        ),
        (b"<blancco_erasure_report>\n", BLANCCO, "erasure report of Blancco, XML"),
    ],
)
def test_an_erasure_report_is_told_by_the_tool_that_it_names(head, kind, words):
    assert sniff(head) == kind
    assert in_words(kind) == words


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.3\n/Producer (nwipe)", "application/pdf"),
        (b"Drives went through nwipe 0.36 and Blancco.", "text/plain"),
        (b'<?xml version="1.0"?><report>of Blancco</report>', "application/xml"),
        # What a browser would run is never called anything else.
        (b"<svg onload=alert(1)><blancco_data>", "image/svg+xml"),
        (b"<html><blancco_data>", "text/html"),
    ],
)
def test_a_tool_named_in_passing_makes_no_report(head, kind):
    assert sniff(head) == kind
