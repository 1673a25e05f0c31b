"""Evidence files through the pages: adding, attaching, downloads, and uploads that mean harm."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import zipfile

import pytest
from sqlalchemy import func, select

from attest.attachments.incoming import INCOMING
from attest.database.tables import EvidenceFile, EvidenceOfCopy, EvidenceOfFile
from attest.domain.media_types import in_words
from attest.web import receiving
from tests import evidence_acts
from tests import stage as play
from tests.attachments import pictures

PDF = evidence_acts.PDF
DIGEST = hashlib.sha256(PDF).hexdigest()
PARTIES = (play.OFFICER, play.LIAISON, play.CASEWORK, play.SIGNATORY, play.JOINT)


def send(visitor, base, *files, status=302, **fields):
    """The form without a script: the token first, then fields, then files."""
    data = {"csrf_token": visitor.token(), **fields}
    data["file"] = [(io.BytesIO(content), name) for name, content in files]
    answer = visitor.client.post(f"{base}/evidence", data=data, content_type="multipart/form-data")
    return visitor._checked(answer, "evidence", status)


def send_as_script(visitor, base, name, content, **fields):
    return visitor.client.post(
        f"{base}/evidence",
        data={**fields, "file": (io.BytesIO(content), name)},
        headers={"X-CSRFToken": visitor.token(), "Accept": "application/json"},
    )


def rows(staged, table=EvidenceFile):
    with staged.stage.look() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(table))


def left(staged):
    """What lies in the folder of evidence files: kept files, and halves."""
    folder = staged.stage.settings.evidence_path
    every = [path for path in folder.rglob("*") if path.is_file()]
    return (
        [path.name for path in every if path.parent.name != INCOMING],
        [path.name for path in every if path.parent.name == INCOMING],
    )


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


# --- Uploads that mean harm, or that go wrong --------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind", "picture"),
    [
        ("holiday.png", pictures.HTML, "text/html", False),
        ("drawing.svg", pictures.SVG, "image/svg+xml", False),
        ("bomb.png", pictures.bomb(), "image/png", False),
        ("../../../etc/cron.d/x", b"* * * * * root", "text/plain", False),
        ("report.xml", pictures.XML, "application/xml", False),
        ("x" * 5_000 + ".jpg", pictures.picture(), "image/jpeg", True),
        ("\u202egpj.exe", b"MZ\x00", "application/vnd.microsoft.portable-executable", False),
    ],
    ids=["HTML named .png", "SVG", "a bomb", "a path", "XML", "a long name", "a turned name"],
)
def test_whatever_comes_is_kept_as_bytes(pages_at, name, data, kind, picture):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    send(visitor, staged.base, (name, data))
    page = visitor.get(f"{staged.base}/evidence").text
    said = in_words(kind)
    assert said[:1].upper() + said[1:] in page
    assert ("thumbnail.jpg" in page) == picture
    assert "/etc/" not in page
    assert "\u202e" not in page
    digest = hashlib.sha256(data).hexdigest()
    answer = visitor.client.get(f"{staged.base}/evidence/{digest}")
    assert answer.data == data
    assert answer.mimetype == "application/octet-stream"
    assert play.problems(staged.stage) == []


@pytest.mark.parametrize("files", [[], [("", b"")], [("empty.pdf", b"")]], ids=str)
def test_nothing_and_empty_files_are_refused_in_words(pages_at, files):
    staged = pages_at("ready")
    page = send(staged.visitor(play.CASEWORK), staged.base, *files, status=400)
    assert "is empty" in page.text or "Choose at least one file" in page.text
    assert (rows(staged), left(staged)) == (0, ([], []))


def body(token, content=b"x" * 1000, *more):
    """A form by hand: the token, further fields, and a file."""
    parts = [(b'name="csrf_token"', token.encode()), *more]
    parts.append((b'name="file"; filename="a.pdf"\r\nContent-Type: text/html', content))
    head = b"--b0und\r\nContent-Disposition: form-data; "
    return b"".join(head + b"%s\r\n\r\n%s\r\n" % part for part in parts) + b"--b0und--\r\n"


def raw(visitor, base, data, length=None):
    return visitor.client.post(
        f"{base}/evidence",
        input_stream=data if hasattr(data, "read") else io.BytesIO(data),
        content_type="multipart/form-data; boundary=b0und",
        environ_overrides={"CONTENT_LENGTH": str(length or len(data))},
    )


def test_a_connection_that_breaks_half_way_leaves_nothing(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    whole = body(visitor.token())
    assert raw(visitor, staged.base, whole).status_code == 302
    assert rows(staged) == 1
    for cut in (len(whole) - 1100, len(whole) - 500, len(whole) - 3):
        half = body(visitor.token(), b"y" * 1000)[:cut]
        answer = raw(visitor, staged.base, half, length=len(whole))
        assert answer.status_code == 400
        # The length may lie, too.
        assert raw(visitor, staged.base, half).status_code == 400
    assert rows(staged) == 1
    assert (len(left(staged)[0]), left(staged)[1]) == (1, [])


def test_the_token_must_come_before_the_files(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    for token in ("", "made-up"):
        answer = raw(visitor, staged.base, body(token))
        assert answer.status_code == 400
        assert "Load it again" in answer.text
    swapped = body(visitor.token()).split(b"--b0und")
    late = b"--b0und".join([swapped[0], swapped[2], swapped[1], swapped[3]])
    assert raw(visitor, staged.base, late).status_code == 400
    assert (rows(staged), left(staged)) == (0, ([], []))


def test_another_site_and_a_stranger_bring_nothing(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    answer = visitor.client.post(
        f"{staged.base}/evidence",
        data=body(visitor.token()),
        content_type="multipart/form-data; boundary=b0und",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
    stranger = staged.app.test_client()
    for headers in ({}, {"Accept": "application/json"}):
        answer = stranger.post(
            f"{staged.base}/evidence",
            data=body("x"),
            content_type="multipart/form-data; boundary=b0und",
            headers=headers,
        )
        assert answer.status_code == 401
    assert (rows(staged), left(staged)) == (0, ([], []))


def test_other_kinds_of_request_are_not_read(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        answer = visitor.client.post(
            f"{staged.base}/evidence", data=b"a" * 10_000_000, content_type=kind
        )
        assert answer.status_code == 400


def test_more_than_the_limit_is_refused_before_and_on_the_way(pages_at, monkeypatch):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    monkeypatch.setattr(receiving, "MOST_BYTES", 1500)
    answer = raw(visitor, staged.base, body(visitor.token(), b"x" * 3000))
    assert answer.status_code == 413
    assert "larger than this installation takes" in answer.text
    answer = raw(visitor, staged.base, body(visitor.token()), length=10**13)
    assert answer.status_code in (413, 507)
    assert (rows(staged), left(staged)) == (0, ([], []))


def test_endless_fields_are_refused(pages_at):
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    long = (b'name="cell"', b"1.x " * 700_000)
    answer = raw(visitor, staged.base, body(visitor.token(), PDF, long))
    assert answer.status_code == 413
    assert "larger than" in answer.text
    many = [(b'name="cell"', b"1.x")] * 500
    assert raw(visitor, staged.base, body(visitor.token(), PDF, *many)).status_code == 413
    assert rows(staged) == 0
    assert left(staged)[1] == []


def test_no_room_is_a_sentence(pages_at, monkeypatch):
    staged = pages_at("ready")
    monkeypatch.setattr("attest.attachments.incoming.RESERVE", 10**18)
    page = send(staged.visitor(play.CASEWORK), staged.base, ("a.pdf", PDF), status=507)
    assert "not enough room" in page.text


def test_a_disk_that_fills_up_on_the_way(pages_at, monkeypatch):
    staged = pages_at("ready")

    def full(incoming, piece):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("attest.attachments.incoming.Incoming.write", full)
    page = send(staged.visitor(play.CASEWORK), staged.base, ("a.pdf", PDF), status=507)
    assert "not enough room" in page.text
    assert left(staged) == ([], [])


def test_nobody_waits_for_the_database_while_a_file_comes_in(pages_at):
    """A gigabyte takes minutes; a writer on SQLite would be kept waiting for all of them."""
    staged = pages_at("ready")
    visitor = staged.visitor(play.CASEWORK)
    other = staged.visitor(play.OFFICER)
    seen = []

    def bring_another():
        seen.append(send(other, staged.base, ("b.pdf", b"%PDF-b")).status_code)

    class Slow(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 400 and not seen:
                # A thread of its own, as a server has them: requests share nothing.
                thread = threading.Thread(target=bring_another)
                thread.start()
                thread.join()
            return super().read(min(size, 200))

        def readinto(self, target):
            data = self.read(len(target))
            target[: len(data)] = data
            return len(data)

    data = body(visitor.token())
    answer = raw(visitor, staged.base, Slow(data), len(data))
    assert (answer.status_code, seen) == (302, [302])
    assert rows(staged) == 2
