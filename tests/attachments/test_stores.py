"""Both kinds of store keep the same promises: a folder, and S3 by servers over loopback.

OpenStack Swift is the server that counts: it checks signatures and keeps parts as parts. moto is a
second opinion on the protocol.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from attest.attachments.folder import FolderStore
from attest.attachments.store import Changed, Missing, Store, StoreFailed
from tests.s3_server import S3Server, moto, swift

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=1)
DATA = b"certificate of destruction" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


@pytest.fixture(scope="module")
def swift_server() -> Iterator[S3Server]:
    with swift() as running:
        yield running


@pytest.fixture(scope="module")
def moto_server() -> Iterator[S3Server]:
    with moto() as running:
        yield running


@pytest.fixture(params=["swift", "moto"])
def server(request: pytest.FixtureRequest) -> S3Server:
    running: S3Server = request.getfixturevalue(f"{request.param}_server")
    return running


@pytest.fixture(params=["folder", "swift", "moto"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "attachments")
    running: S3Server = request.getfixturevalue(f"{request.param}_server")
    return running.store()


def put(store: Store, folder: Path, data: bytes = DATA) -> str:
    part = folder / uuid4().hex
    part.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    store.put(part, digest)
    return digest


def test_what_was_put_is_read(store, tmp_path):
    assert store.find(DIGEST) is None
    assert put(store, tmp_path) == DIGEST
    found = store.find(DIGEST)
    assert (found.digest, found.size) == (DIGEST, len(DATA))
    assert found.since > LONG_AGO
    assert b"".join(store.read(DIGEST)) == DATA
    assert [kept.digest for kept in store.every()] == [DIGEST]


def test_the_same_twice_is_kept_once(store, tmp_path):
    put(store, tmp_path)
    put(store, tmp_path)
    assert len(list(store.every())) == 1
    assert b"".join(store.read(DIGEST)) == DATA


def test_what_is_not_there(store):
    assert store.find(OTHER) is None
    with pytest.raises(Missing):
        store.read(OTHER)
    assert store.remove(OTHER) is False
    assert list(store.every()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "incoming/x"])
def test_a_name_that_is_no_hash_reaches_no_file(store, name):
    with pytest.raises(Missing):
        store.read(name)


def test_removing(store, tmp_path):
    put(store, tmp_path)
    assert store.remove(DIGEST, before=LONG_AGO) is False
    assert b"".join(store.read(DIGEST)) == DATA
    assert store.remove(DIGEST, before=LATER) is True
    assert store.find(DIGEST) is None


def test_what_is_put_again_is_young_again(tmp_path):
    store = FolderStore(tmp_path / "attachments")
    put(store, tmp_path)
    os.utime(next(tmp_path.rglob(DIGEST)), (0, 0))
    assert next(store.every()).since < LONG_AGO
    put(store, tmp_path)
    assert next(store.every()).since > LONG_AGO
    assert store.remove(DIGEST, before=LONG_AGO) is False


def test_damage_is_seen_before_the_last_piece(tmp_path):
    store = FolderStore(tmp_path)
    put(store, tmp_path, bytes(1_000_000))
    path = next(tmp_path.glob("??/*"))
    path.write_bytes(bytes(999_999) + b"x")
    got = bytearray()
    with pytest.raises(Changed):
        got.extend(byte for piece in store.read(path.name) for byte in piece)
    assert len(got) < 1_000_000
    # The same content once more puts it right.
    put(store, tmp_path, bytes(1_000_000))
    assert sum(map(len, store.read(path.name))) == 1_000_000


def test_what_others_left_in_the_folder_is_none_of_ours(tmp_path):
    store = FolderStore(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "notes.txt").write_text("mine")
    (tmp_path / "ab" / DIGEST).write_text("in a wrong place" if DIGEST[:2] != "ab" else "")
    assert [kept.digest for kept in store.every()] in ([], [DIGEST])


def test_a_file_of_many_parts(server, tmp_path):
    """Above 16 MB the client sends parts: the object must come back whole."""
    store = server.store()
    data = bytes(range(256)) * 70_000
    digest = put(store, tmp_path, data)
    assert hashlib.sha256(b"".join(store.read(digest))).hexdigest() == digest
    assert [kept.size for kept in store.every()] == [len(data)]
    assert list(store.unfinished(LATER)) == []


def test_parts_whose_upload_was_never_ended_are_found_and_removed(server, tmp_path):
    bucket = server.new_bucket()
    store = server.store(bucket)
    for key in (f"attest/{DIGEST}", "attest/notes.txt", f"elsewhere/{DIGEST}"):
        upload = server.client().create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        place = {"Bucket": bucket, "Key": key, "UploadId": upload}
        server.client().upload_part(**place, PartNumber=1, Body=bytes(5_300_000))
    assert list(store.unfinished(LONG_AGO)) == []
    (found,) = store.unfinished(LATER)
    assert found.startswith(DIGEST)
    assert list(store.every()) == []
    store.abandon(found)
    assert list(store.unfinished(LATER)) == []
    # Somebody else ended it meanwhile.
    store.abandon(found)
    left = server.client().list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert {upload["Key"] for upload in left} == {"attest/notes.txt", f"elsewhere/{DIGEST}"}


def test_an_object_that_was_changed(server, tmp_path):
    bucket = server.new_bucket()
    store = server.store(bucket, prefix="")
    put(store, tmp_path)
    server.client().put_object(Bucket=bucket, Key=DIGEST, Body=b"something else")
    with pytest.raises(Changed):
        list(store.read(DIGEST))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret_key": "made-up, and wrong"}, "SignatureDoesNotMatch"),
        ({"access_key": "made-up:nobody"}, "SignatureDoesNotMatch"),
        ({"bucket": "no-such-bucket"}, "NoSuchBucket"),
    ],
)
def test_a_refusal_is_told_by_its_code_without_secrets(swift_server, tmp_path, changes, code):
    part = tmp_path / "part"
    part.write_bytes(DATA)
    with pytest.raises(StoreFailed, match=code) as refused:
        swift_server.store(**changes).put(part, DIGEST)
    said(refused)


def test_silence_is_told_without_secrets(moto_server):
    # Port 9 of this machine: nobody listens there.
    silent = moto_server.store("evidence", endpoint="http://127.0.0.1:9")
    with pytest.raises(StoreFailed, match="does not answer") as no_answer:
        silent.find(DIGEST)
    said(no_answer)


def said(failure) -> None:
    assert "storage of evidence files" in str(failure.value)
    assert "made-up" not in str(failure.value)
    assert failure.value.__cause__ is None
