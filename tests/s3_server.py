"""Servers of the S3 protocol of the tests' own: OpenStack Swift, and moto's stand-in."""

from __future__ import annotations

import logging
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

from attest.attachments.s3 import S3Store

INSTALL = (
    "The tests need OpenStack Swift, a server of the S3 protocol, and it did not start. "
    "Run `make system-packages`, or install Debian's package `python3-swift`."
)
# Debian's Python has Debian's packages; the tests' own has not.
PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("swift_server.py")


@dataclass(frozen=True)
class S3Server:
    """A running server. `checks`: whether it looks at signatures, as a real one does."""

    address: str
    checks: bool
    access_key: str = "attest:tests"
    secret_key: str = "made-up-secret"
    region: str = "eu-west-2"

    def client(self) -> Any:
        """Somebody else's client of the same account."""
        return boto3.client(
            "s3",
            endpoint_url=self.address,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
        )

    def new_bucket(self) -> str:
        """A bucket that nobody else uses."""
        name = f"evidence-{uuid4().hex}"
        where = {"LocationConstraint": self.region}
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration=where)
        return name

    def store(self, bucket: str | None = None, **changes: Any) -> S3Store:
        """Our store in a bucket, a new one unless it is named."""
        given = {
            "bucket": bucket or self.new_bucket(),
            "prefix": "attest/",
            "endpoint": self.address,
            "region": self.region,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
        }
        return S3Store(**(given | changes))


@contextmanager
def swift() -> Iterator[S3Server]:
    """Swift with its S3 interface, as many providers run it."""
    server = S3Server("", checks=True)
    with tempfile.TemporaryDirectory(prefix="attest-swift-") as folder:
        # -P: the folder of the script holds modules with names of Python's own.
        command = [PYTHON, "-P", SCRIPT, folder, server.access_key, server.secret_key]
        with subprocess.Popen(
            [*map(str, command), server.region],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                port = process.stdout.readline().strip()
                assert port, INSTALL
                yield S3Server(f"http://127.0.0.1:{port}", checks=True)
            finally:
                process.kill()


@contextmanager
def moto() -> Iterator[S3Server]:
    """A stand-in that keeps nothing on disk and believes every signature."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield S3Server(f"http://{host}:{port}", checks=False)
    finally:
        server.stop()
