"""Every bundle of the corpus, good or bad, through the writer: an extract, or a sentence."""

from __future__ import annotations

import io

import pytest

from attest.bundle.extract import BundleLog, CannotExtract, write_extract
from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.certificates import check_signature
from tests.bundles.corpus import HERE, Row, rows


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_bundle_gives_an_extract_or_a_sentence(row: Row):
    path = HERE / row["file"]
    said = parse_trust((HERE / row["trust"]).read_bytes())
    # A bad bundle lists no files; these are what most of the corpus calls them.
    names = ["", "list 0.xlsx", "list 1.xlsx"]
    report = check(path, said, check_signature)
    names += [str(data["name"]) for data in report.files()]
    for name in names:
        out = io.BytesIO()
        try:
            write_extract(out, BundleLog(io.BytesIO(path.read_bytes())), name)
        except CannotExtract:
            assert out.getvalue() == b""
            continue
        out.seek(0)
        extracted = check(out, said, check_signature)
        # What is bad about a bundle may lie in what its extract leaves out. It is never VERIFIED.
        assert extracted.status in (1, 3)
        if report.status != 1:
            assert extracted.status == 3, extracted.failure
