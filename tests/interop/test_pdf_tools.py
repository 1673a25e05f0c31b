"""qpdf and poppler on the certificate: well made, tagged, and no name stops it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from attest.documents.certificate import make_certificate
from tests.documents.papers import certificate, certified

# Where Debian puts what tools/install_system_packages.sh installs.
FONTS = Path("/usr/share/fonts/truetype")

NAMES = {
    "人事部名单.csv": "[U+4EBA][U+4E8B][U+90E8][U+540D][U+5355].csv",
    "ملف الموظفين.xlsx": "ملف الموظفين.xlsx",
    "বেতন.pdf": "[U+09AC][U+09C7][U+09A4][U+09A8].pdf",
    "payroll 👩‍🚒.zip": "payroll [U+1F469][U+200D][U+1F692].zip",
}


# Takes no ink: places to break a line, and marks around text that runs from the right.
NO_INK = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c"))


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "certificate.pdf"
    path.write_bytes(made())
    return path


def made(fonts: Path | None = None) -> bytes:
    return make_certificate(certificate(*(certified(name) for name in NAMES)), fonts=fonts)


def said(*command: str | Path) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def squeezed(text: str) -> str:
    return "".join(text.translate(NO_INK).split())


def test_qpdf_finds_nothing_wrong(paper):
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", paper)


def test_a_screen_reader_finds_its_structure(paper):
    assert "Tagged:          yes" in said("pdfinfo", paper)
    assert "Table" in said("pdfinfo", "-struct", paper)


def test_names_in_every_script_are_there_or_visibly_replaced(paper):
    text = squeezed(said("pdftotext", "-raw", paper, "-"))
    # Word by word: poppler gives them from left to right, whichever way they are read.
    for word in " ".join(NAMES.values()).replace(".", " .").split():
        assert word in text
    assert "standinsquarebrackets" in text


def test_the_same_certificate_is_the_same_bytes():
    assert made() == made()


def test_further_fonts_show_what_ours_lack(tmp_path):
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(made(FONTS))
    text = squeezed(said("pdftotext", "-raw", paper, "-"))
    assert "人事部名单" in text
    assert "বেতন" in text
    # A sign without ink is never hidden, and what no font has is still a number.
    assert "payroll👩[U+200D]🚒.zip" in text
    assert "No syntax or stream encoding errors found" in said("qpdf", "--check", paper)
    assert made(FONTS) == paper.read_bytes()


@pytest.mark.parametrize("fonts", [None, FONTS], ids=["own fonts", "further fonts"])
def test_a_sign_that_no_font_has_never_stops_a_paper(fonts, tmp_path):
    """A script of which no font here knows a sign, beside one of which some do."""
    paper = tmp_path / "certificate.pdf"
    name = "\U00012000\U00012001 人.txt"  # cuneiform
    paper.write_bytes(make_certificate(certificate(certified(name)), fonts=fonts))
    text = squeezed(said("pdftotext", "-raw", paper, "-"))
    assert "[U+12000][U+12001]" in text
    assert ("人" in text) is (fonts is not None)
