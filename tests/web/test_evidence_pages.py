"""Evidence files through the pages: adding, attaching, downloads."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest

from attest.database.tables import EvidenceOfCopy, EvidenceOfFile
from tests import evidence_acts
from tests import stage as play
from tests.attachments import pictures
from tests.web.uploading import left, rows, send, send_as_script

PDF = evidence_acts.PDF
DIGEST = hashlib.sha256(PDF).hexdigest()
PARTIES = (play.OFFICER, play.LIAISON, play.CASEWORK, play.SIGNATORY, play.JOINT)


def token_of(stage, file="list.csv", store="File share"):
    return f"{play.files(stage)[file].position}.{play.stores(stage)[store].id}"


# --- Adding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", PARTIES)
def test_either_side_adds_to_the_demand_and_both_see_it(pages_at, email):
    staged = pages_at("ready")
    visitor = staged.visitor(email)
    empty = visitor.get(f"{staged.base}/evidence")
    assert "Nobody has added any evidence yet" in empty.text
    answer = send(visitor, staged.base, ("certificate.pdf", PDF))
    assert answer.location == f"{staged.base}/evidence"
    for reader in (play.SIGNATORY, play.OFFICER):
        page = staged.visitor(reader).get(f"{staged.base}/evidence").text
        assert "certificate.pdf" in page
        assert DIGEST in page
        assert "About the demand as a whole" in page
    assert "“certificate.pdf”" in visitor.get(f"{staged.base}/evidence").text
    timeline = visitor.get(f"{staged.base}/timeline").text
    assert "Evidence added: certificate.pdf" in timeline


def test_several_at_once_and_the_same_again(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    send(visitor, staged.base, ("a.pdf", PDF), ("b.jpg", pictures.picture()), ("c.pdf", PDF))
    page = visitor.get(f"{staged.base}/evidence").text
    assert "2 files, newest first" in page
    assert rows(staged) == 2
    send(visitor, staged.base, ("again.pdf", PDF))
    page = visitor.get(f"{staged.base}/evidence").text
    assert "there already, and was not added twice" in page
    assert rows(staged) == 2
    assert left(staged)[1] == []


def test_the_script_is_answered_in_json(pages_at):
    staged = pages_at("answered")
    visitor = staged.visitor(play.OFFICER)
    answer = send_as_script(visitor, staged.base, "a.pdf", PDF, cell=token_of(staged.stage))
    assert answer.status_code == 200
    assert answer.json["added"] == ["a.pdf"]
    assert visitor.get(answer.json["next"]).status_code == 200
    assert rows(staged, EvidenceOfCopy) == 1
    answer = send_as_script(visitor, staged.base, "b.pdf", PDF, of="1")
    assert answer.json["known"] == ["a.pdf"]
    assert rows(staged, EvidenceOfFile) == 1
    empty = send_as_script(visitor, staged.base, "b.pdf", b"")
    assert (empty.status_code, "is empty" in empty.json["sentence"]) == (400, True)


def test_a_file_is_gone_with_the_sentence_that_refuses_it(pages_at):
    staged = pages_at("closed")
    for email in (play.OFFICER, play.CASEWORK):
        visitor = staged.visitor(email)
        assert "Add to the demand" not in visitor.get(f"{staged.base}/evidence").text
        page = send(visitor, staged.base, ("late.pdf", PDF), status=400)
        assert "This demand has ended" in page.text
    assert left(staged) == ([], [])


def test_only_the_officer_attaches_and_nobody_else_leaves_anything(pages_at):
    staged = pages_at("answered")
    for email in (play.LIAISON, play.CASEWORK):
        visitor = staged.visitor(email)
        send(visitor, staged.base, ("a.pdf", PDF), status=403, cell=token_of(staged.stage))
        visitor.get(f"{staged.base}/evidence/attach?of=1", 403)
    assert (rows(staged), left(staged)) == (0, ([], []))


def test_others_know_of_nothing(pages_at):
    staged = pages_at("ready")
    send(staged.visitor(play.CASEWORK), staged.base, ("a.jpg", pictures.picture()))
    digest = hashlib.sha256(pictures.picture()).hexdigest()
    for email in (play.OTHER_CONTRACTOR, play.OTHER_CONTROLLER, play.ADMINISTRATOR):
        visitor = staged.visitor(email)
        for path in ("", f"/{digest}", f"/{digest}/thumbnail.jpg", "/attach?of=1"):
            visitor.get(f"{staged.base}/evidence{path}", 404)
        send(visitor, staged.base, ("b.pdf", PDF), status=404)
    assert rows(staged) == 1


def test_a_digest_of_another_demand_is_not_found(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    evidence_acts.kept(staged.stage)  # in the store, and in no demand
    for name in (DIGEST, "0" * 64, "..", "%2e%2e%2flog-key", "A" * 64):
        visitor.get(f"{staged.base}/evidence/{name}", 404)
    visitor.get(f"{staged.base}/evidence/{DIGEST}/thumbnail.jpg", 404)


# --- Attaching ---------------------------------------------------------------------------------


def test_copies_chosen_in_the_table_get_their_evidence(pages_at):
    staged = pages_at("answered")
    visitor = staged.visitor(play.OFFICER)
    cells = [token_of(staged.stage), token_of(staged.stage, "costings.xlsx")]
    assert "Attach evidence to the selected copies" in visitor.get(f"{staged.base}/answer").text
    page = visitor.post(f"{staged.base}/evidence/attach", 200, cell=cells, act="choose")
    assert "2 copies" in page.text
    assert "Nothing is attached here yet" in page.text
    carried = re.search(r'name="cell" value="([^"]+)"', page.text)
    assert carried is not None
    answer = send(visitor, staged.base, ("a.pdf", PDF), cell=carried[1])
    assert "/evidence/attach?cell=" in answer.location
    assert "Attached: “a.pdf”." in visitor.get(answer.location).text
    matrix = visitor.get(f"{staged.base}/answer").text
    assert matrix.count("1 evidence file<") == 2
    assert "of the 2 copies" not in visitor.get(answer.location).text
    assert rows(staged, EvidenceOfCopy) == 2


def test_without_a_choice_there_is_a_sentence(pages_at):
    staged = pages_at("answered")
    visitor = staged.visitor(play.OFFICER)
    page = visitor.post(f"{staged.base}/evidence/attach", 400, act="choose")
    assert "Choose at least one copy" in page.text
    assert visitor.get(f"{staged.base}/evidence/attach", 302).location.endswith("/answer")


def test_taking_off_and_attaching_what_is_there(pages_at):
    staged = pages_at("answered")
    visitor = staged.visitor(play.OFFICER)
    cell = token_of(staged.stage)
    send(visitor, staged.base, ("a.pdf", PDF), cell=cell)
    page = visitor.post(f"{staged.base}/evidence/attach", 200, cell=cell, take_off=DIGEST)
    assert "It stays in the log and in the list of evidence" in page.text
    assert (rows(staged), rows(staged, EvidenceOfCopy)) == (1, 0)
    assert "Attach what was added before (1)" in page.text
    page = visitor.post(f"{staged.base}/evidence/attach", 200, of="1", act="attach", digest=DIGEST)
    assert "Take off" in page.text
    assert rows(staged, EvidenceOfFile) == 1
    page = visitor.get(f"{staged.base}/evidence/attach?cell={cell}")
    assert "On all copies of the file" in page.text
    visitor.post(f"{staged.base}/evidence/attach", 400, of="1", act="attach")
    visitor.post(f"{staged.base}/evidence/attach", 404, of="1", act="attach", digest="0" * 64)


@pytest.mark.parametrize("place", ["of=9", "of=x", "of=99999999999", "cell=1", "cell=9.x"])
def test_places_that_are_not_there(pages_at, place):
    staged = pages_at("answered")
    visitor = staged.visitor(play.OFFICER)
    visitor.get(f"{staged.base}/evidence/attach?{place}", 404)
    name, _, value = place.partition("=")
    send(visitor, staged.base, ("a.pdf", PDF), status=404, **{name: value})
    assert left(staged) == ([], [])


def test_what_is_signed_shows_its_evidence_to_both_and_takes_no_more(pages_at):
    staged = pages_at("answered")
    evidence_acts.prove(staged.stage)
    officer = staged.visitor(play.OFFICER)
    for email, path in (
        (play.SIGNATORY, "/review"),
        (play.SIGNATORY, "/files/1"),
        (play.OFFICER, "/files/1"),
    ):
        page = staged.visitor(email).get(f"{staged.base}{path}").text
        assert "Box 14, shredded.jpg" in page
        assert f"/evidence/{DIGEST}" in page
        assert "thumbnail.jpg" in page
    assert "has been signed for" in officer.get(f"{staged.base}/evidence/attach?of=1").text
    page = send(officer, staged.base, ("b.pdf", b"%PDF-b"), status=409, of="1")
    assert "has been signed for" in page.text
    assert len(left(staged)[0]) == 3


def test_evidence_that_nobody_signed_for_yet_is_said_to_be_so(pages_at):
    staged = pages_at("answered")
    evidence_acts.show(staged.stage)
    page = staged.visitor(play.SIGNATORY).get(f"{staged.base}/evidence").text
    assert "File share (not signed yet)" in page
    assert "in all stores (not signed yet)" in page
    file = staged.visitor(play.OFFICER).get(f"{staged.base}/files/1").text
    assert "Evidence that is not signed for yet" in file
    assert "Attach evidence to every copy of this file" in file


# --- Downloads ---------------------------------------------------------------------------------


def test_a_download_is_saved_and_never_opened(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    send(visitor, staged.base, ("cafe\u0301 “x”.html", pictures.HTML))
    digest = hashlib.sha256(pictures.HTML).hexdigest()
    answer = staged.visitor(play.OFFICER).client.get(f"{staged.base}/evidence/{digest}")
    assert answer.data == pictures.HTML
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(pictures.HTML)
    assert "Web page" in visitor.get(f"{staged.base}/evidence").text


def test_a_thumbnail_is_ours_and_has_no_rights(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    send(visitor, staged.base, ("photo.jpg", pictures.with_metadata()))
    digest = hashlib.sha256(pictures.with_metadata()).hexdigest()
    answer = visitor.client.get(f"{staged.base}/evidence/{digest}/thumbnail.jpg")
    assert answer.mimetype == "image/jpeg"
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert b"Box 14" not in answer.data
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_bundle_carries_them_or_leaves_them_out(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    assert "evidence file" not in visitor.get(f"{staged.base}/downloads").text
    send(visitor, staged.base, ("a.pdf", PDF), ("b.jpg", pictures.picture()))
    assert "With 2 evidence files" in visitor.get(f"{staged.base}/downloads").text
    whole = visitor.client.get(f"{staged.base}/bundle.zip")
    assert whole.content_length == len(whole.data)
    assert zipfile.ZipFile(io.BytesIO(whole.data)).read(f"attachments/{DIGEST}") == PDF
    assert whole.data == play.bundle(staged.stage)
    report = play.verified(staged.stage, data=whole.data)
    assert report.verified is not None
    assert report.verified.attachments == 2
    small = visitor.client.get(f"{staged.base}/bundle.zip?evidence=no")
    assert "bundle-without-evidence-files.zip" in small.headers["Content-Disposition"]
    assert play.verified(staged.stage, data=small.data).verified is not None
    names = zipfile.ZipFile(io.BytesIO(small.data)).namelist()
    assert not [name for name in names if name.startswith("attachments/")]


def test_one_that_is_missing_is_a_sentence(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    send(visitor, staged.base, ("a.pdf", PDF))
    next(staged.stage.settings.evidence_path.rglob(DIGEST)).unlink()
    page = visitor.get(f"{staged.base}/evidence/{DIGEST}", 400)
    assert "cannot be read where it is kept" in page.text
    assert visitor.client.get(f"{staged.base}/bundle.zip").status_code == 200
