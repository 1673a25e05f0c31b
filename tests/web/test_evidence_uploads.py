"""Uploads that mean harm, or that go wrong half way."""

from __future__ import annotations

import hashlib
import io
import threading

import pytest

from attest.domain.media_types import in_words
from attest.web import receiving
from tests import evidence_acts
from tests import stage as play
from tests.attachments import pictures
from tests.web.uploading import body, left, raw, rows, send

PDF = evidence_acts.PDF


@pytest.mark.parametrize(
    ("name", "data", "kind", "picture"),
    [
        ("holiday.png", pictures.HTML, "text/html", False),
        ("drawing.svg", pictures.SVG, "image/svg+xml", False),
        ("bomb.png", pictures.bomb(), "image/png", False),
        ("../../../etc/cron.d/x", b"* * * * * root", "text/plain", False),
        ("report.xml", pictures.XML, "application/xml;report=blancco", False),
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
