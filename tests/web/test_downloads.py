"""What both sides take home: names, bytes, and that it verifies."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from attest.bundle.report import check
from attest.bundle.trust import parse_trust
from attest.demo.acting import tick
from tests import key_acts as acts
from tests import stage as play
from tests.extracts import extract_of

PAPERS = {
    "certificate.pdf": "certificate.pdf",
    "demand.pdf": "demand.pdf",
    "worksheet": "worksheet.pdf",
}


def test_both_sides_get_the_same_bundle_and_each_verifies_it(pages_at) -> None:
    pages = pages_at("closed")
    found = []
    for email in (play.SIGNATORY, play.OFFICER):
        visitor = pages.visitor(email)
        bundle = visitor.get(f"{pages.base}/bundle.zip")
        assert (
            f"filename={pages.stage.reference}-bundle.zip" in bundle.headers["Content-Disposition"]
        )
        assert bundle.headers["Cache-Control"] == "no-store"
        assert bundle.content_length == len(bundle.data)
        trust = visitor.get(f"{pages.base}/trust.json")
        assert (
            f"filename={pages.stage.reference}-trust.json" in trust.headers["Content-Disposition"]
        )
        report = check(io.BytesIO(bundle.data), parse_trust(trust.data))
        assert play.reasons(report) == (0, [])
        found.append((bundle.data, trust.data))
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]


def test_a_files_extract_is_what_the_command_takes_out_of_the_bundle(pages_at) -> None:
    pages = pages_at("closed")
    found = []
    for email in (play.SIGNATORY, play.OFFICER):
        visitor = pages.visitor(email)
        page = visitor.get(f"{pages.base}/files/2")
        assert f'href="{pages.base}/files/2/extract.zip"' in page.text
        answer = visitor.get(f"{pages.base}/files/2/extract.zip")
        name = f"{pages.stage.reference}-file-2-extract.zip"
        assert f"filename={name}" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        found.append(answer.data)
        trust = parse_trust(visitor.get(f"{pages.base}/trust.json").data)
        report = check(io.BytesIO(answer.data), trust)
        assert play.reasons(report) == (3, ["extract"])
        (file,) = report.files()
        assert file["state"] == "accepted"
        bundle = visitor.get(f"{pages.base}/bundle.zip").data
        assert extract_of(bundle, file["fileId"]) == answer.data
    assert found[0] == found[1]


def test_a_file_without_an_attestation_has_no_extract(pages_at) -> None:
    pages = pages_at("issued")
    visitor = pages.visitor(play.LIAISON)
    assert "extract.zip" not in visitor.get(f"{pages.base}/files/1").text
    assert "no attestation" in visitor.get(f"{pages.base}/files/1/extract.zip", 400).text
    visitor.get(f"{pages.base}/files/99/extract.zip", 404)


@pytest.mark.parametrize("point", ["issued", "closed"])
@pytest.mark.parametrize("paper", PAPERS)
def test_papers_are_pdfs_named_after_the_demand(pages_at, paper: str, point: str) -> None:
    pages = pages_at(point)
    answer = pages.visitor(play.LIAISON).get(f"{pages.base}/{paper}")
    assert answer.data.startswith(b"%PDF-")
    assert answer.mimetype == "application/pdf"
    name = f"{pages.stage.reference}-{PAPERS[paper]}"
    assert f"filename={name}" in answer.headers["Content-Disposition"]


def test_nobody_else_takes_anything(pages_at) -> None:
    pages = pages_at("issued")
    for email in (play.OTHER_CONTRACTOR, play.OTHER_CONTROLLER, play.ADMINISTRATOR):
        visitor = pages.visitor(email)
        for name in ("bundle.zip", "trust.json", *PAPERS, "downloads", "files/1/extract.zip"):
            visitor.get(f"{pages.base}/{name}", 404)


def test_keys_that_nobody_compared_are_told_before_the_verifier_tells(pages_at) -> None:
    pages = pages_at("acknowledged")  # nobody has rung anybody yet
    page = pages.visitor(play.LIAISON).get(f"{pages.base}/downloads").text
    assert "INTACT, BUT keys not pinned" in page
    assert f'href="{pages.base}/keys"' in page
    done = pages_at("ready")
    assert "keys not pinned" not in done.visitor(play.LIAISON).get(f"{done.base}/downloads").text


def reported(pages, email: str) -> tuple[list[str], int]:
    """What a verifier gives with what is offered to this reader: reasons, and open files."""
    visitor = pages.visitor(email)
    bundle = visitor.get(f"{pages.base}/bundle.zip").data
    report = check(io.BytesIO(bundle), parse_trust(visitor.get(f"{pages.base}/trust.json").data))
    return play.reasons(report)[1], sum(file["state"] == "open" for file in report.files())


def test_a_lost_keys_files_are_told_before_the_verifier_tells(pages_at) -> None:
    """The party that called the key lost; for the other, its report only marks the files."""
    pages = pages_at("accepted")
    page = f"{pages.base}/downloads"
    assert "key revoked" not in pages.visitor(play.SIGNATORY).get(page).text
    acts.lose(pages.stage)
    tick(pages.stage)
    text = pages.visitor(play.CASEWORK).get(page).text
    assert reported(pages, play.CASEWORK) == (["key revoked"], 2)
    assert "a verifier reports “INTACT, BUT key revoked” for 2 files:" in text
    assert "has said that the key of Ruth Adeyemi may have been in other hands" in text
    assert "open it again on its page, and have it signed with another key" in text
    assert "key revoked" not in pages.visitor(play.LIAISON).get(page).text
    assert reported(pages, play.LIAISON)[0] == []


def test_files_that_a_letter_proves_older_are_not_told(pages_at) -> None:
    """The controller got a checkpoint over them before the moment since which it was lost."""
    pages = pages_at("accepted")
    tick(pages.stage)
    since = pages.stage.now + timedelta(minutes=1)
    pages.stage.now += timedelta(hours=1)
    acts.revoke(
        pages.stage, play.SIGNATORY, acts.key_of(pages.stage, play.OFFICER).keyid, since=since
    )
    tick(pages.stage)
    assert reported(pages, play.SIGNATORY) == ([], 0)
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/downloads").text
    assert "key revoked" not in text


def test_a_lost_key_of_the_signatory_tells_for_the_whole_demand(pages_at) -> None:
    """The demand itself is signed with it."""
    pages = pages_at("closed")
    since = pages.stage.now - timedelta(days=3650)
    acts.revoke(pages.stage, play.SIGNATORY, since=since)
    tick(pages.stage)
    assert "key revoked" in reported(pages, play.SIGNATORY)[0]
    text = pages.visitor(play.SIGNATORY).get(f"{pages.base}/downloads").text
    assert "INTACT, BUT key revoked” for 2 files" in text
