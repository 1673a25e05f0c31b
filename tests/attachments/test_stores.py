"""Both kinds of store keep the same promises: a folder, and S3 by a real server over loopback."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from attest.attachments.folder import FolderStore
from attest.attachments.s3 import S3Store
from attest.attachments.store import Changed, Missing, Store, StoreFailed

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=1)
DATA = b"certificate of destruction" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
KEYS = {"access_key": "made-up", "secret_key": "made-up-secret", "region": "eu-west-2"}


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def client(address: str):
    return boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up-secret",
        region_name="us-east-1",
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "attachments")
    address = request.getfixturevalue("s3_address")
    bucket = f"evidence-{uuid4().hex}"
    client(address).create_bucket(Bucket=bucket)
    return S3Store(bucket=bucket, prefix="attest/", endpoint=address, **KEYS)


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


def test_a_file_of_many_parts(s3_address, tmp_path):
    """Above 16 MB the client sends parts: the object must come back whole."""
    client(s3_address).create_bucket(Bucket="large")
    store = S3Store(bucket="large", endpoint=s3_address, **KEYS)
    data = bytes(range(256)) * 70_000
    digest = put(store, tmp_path, data)
    assert hashlib.sha256(b"".join(store.read(digest))).hexdigest() == digest


def test_an_object_that_was_changed(s3_address, tmp_path):
    client(s3_address).create_bucket(Bucket="changed")
    store = S3Store(bucket="changed", endpoint=s3_address, **KEYS)
    put(store, tmp_path)
    client(s3_address).put_object(Bucket="changed", Key=DIGEST, Body=b"something else")
    with pytest.raises(Changed):
        list(store.read(DIGEST))


def test_failures_are_sentences_without_secrets(s3_address, tmp_path):
    part = tmp_path / "part"
    part.write_bytes(DATA)
    nowhere = S3Store(bucket="no-such-bucket", endpoint=s3_address, **KEYS)
    with pytest.raises(StoreFailed) as refused:
        nowhere.put(part, DIGEST)
    # Port 9 of this machine: nobody listens there.
    silent = S3Store(bucket="evidence", endpoint="http://127.0.0.1:9", **KEYS)
    with pytest.raises(StoreFailed) as no_answer:
        silent.find(DIGEST)
    for error in (refused, no_answer):
        assert "storage of evidence files" in str(error.value)
        assert "made-up" not in str(error.value)
        assert error.value.__cause__ is None
