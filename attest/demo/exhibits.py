"""The evidence files of the reference case: made up, drawn and written here, and small."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw

from attest.demo import case

PHOTOGRAPH = "Shredded drives, 12 February.jpg"
CERTIFICATE = "Certificate of destruction.pdf"
REPORT = "Overwriting of the file share.xml"

_SIZE = (640, 480)  # pixels


def photograph() -> bytes:
    """What three shredded drives look like on a table, as a JPEG."""
    drawn = Image.new("RGB", _SIZE, (96, 88, 80))
    pen = ImageDraw.Draw(drawn)
    dice = random.Random(2013)  # noqa: S311 - the same pieces each time, and no secret
    for _ in range(700):
        x, y = dice.gauss(_SIZE[0] / 2, 110), dice.gauss(_SIZE[1] / 2, 75)
        grey = dice.randrange(110, 230)
        corners = [(x + dice.uniform(-9, 9), y + dice.uniform(-9, 9)) for _ in range(4)]
        pen.polygon(corners, fill=(grey, grey, grey + 12))
    pen.text((16, 452), "Made up for a demonstration: three drives, shredded", fill="white")
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=80)
    return out.getvalue()


def certificate() -> bytes:
    """The shredding contractor's certificate, with every serial number, as a PDF of one page."""
    return _pdf(
        [
            "CERTIFICATE OF DESTRUCTION (made up)",
            "",
            f"For: {case.CONTRACTOR.name}",
            "On site, 12 February 2013, 10:20 to 11:05",
            "Shredded to ISO/IEC 21964, level H-4. Pieces of at most 2,000 square millimetres.",
            "",
            *(f"Travelstar 5K500, serial number {serial}" for serial in case.DRIVES),
            "",
            f"Witnessed by: {case.OFFICER}",
        ]
    )


def erasure_report() -> bytes:
    """What a program that overwrites files says of the five, as XML."""
    rows = "".join(
        f'  <file name="{_escaped(name)}" passes="1" verified="yes" result="erased"/>\n'
        for name in case.NAMES
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<!-- Made up. -->\n"
        '<erasure-report on="2013-02-06" place="Bid team file share" method="overwrite">\n'
        f"{rows}</erasure-report>\n"
    ).encode()


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _pdf(lines: Sequence[str]) -> bytes:
    """A page of A4 with these lines (Latin-1) in Helvetica: the least that readers open."""
    shown = "".join(f"({_in_pdf(line)}) Tj T*\n" for line in lines)
    page = f"BT /F 12 Tf 16 TL 72 760 Td\n{shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    total = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (total, table, total, len(out))
    )


def _in_pdf(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
