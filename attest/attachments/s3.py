"""Evidence files in S3-compatible storage: one object a file, named by its SHA-256.

The address, the bucket and the keys are settings. Failures are told by their code alone: a
message of the library may repeat what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from attest.attachments.hashing import checked
from attest.attachments.store import CHUNK, Kept, Missing, StoreFailed
from attest.domain.scalars import is_sha256

# Pieces of 16 MB, one after the other: flat memory, and 10,000 of them are more than 4 GiB.
_TRANSFER = TransferConfig(
    multipart_threshold=16_000_000, multipart_chunksize=16_000_000, use_threads=False
)
_ABSENT = ("404", "NoSuchKey", "NoSuchUpload", "NotFound")


class S3Store:
    """A store in one bucket, under a prefix."""

    def __init__(
        self,
        *,
        bucket: str,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                # Storage of other makers knows its buckets by path, and not every new checksum.
                s3={"addressing_style": "path" if endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, part: Path, digest: str) -> None:
        """Sends the file. An object is there whole or not at all."""
        with self._asking():
            self._client.upload_file(str(part), self._bucket, self._key(digest), Config=_TRANSFER)

    def find(self, digest: str) -> Kept | None:
        """From the object's headers."""
        try:
            with self._asking():
                found = self._client.head_object(Bucket=self._bucket, Key=self._key(digest))
        except Missing:
            return None
        return Kept(digest, found["ContentLength"], found["LastModified"])

    def read(self, digest: str) -> Iterator[bytes]:
        """Opens the object at once, and reads it in pieces."""
        with self._asking():
            body = self._client.get_object(Bucket=self._bucket, Key=self._key(digest))["Body"]

        def pieces() -> Iterator[bytes]:
            with closing(body), self._asking():
                yield from body.iter_chunks(CHUNK)

        return checked(pieces(), digest)

    def every(self) -> Iterator[Kept]:
        """A thousand objects at a time."""
        with self._asking():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    digest = found["Key"].removeprefix(self._prefix)
                    if is_sha256(digest):
                        yield Kept(digest, found["Size"], found["LastModified"])

    def remove(self, digest: str, before: datetime | None = None) -> bool:
        """Removes the object, if it is old enough.

        It looks first and deletes then: an object that is put anew between the two is lost. The
        protocol has no condition that would help, for If-Match compares contents, and the contents
        under one name never differ. Callers ask only for what is older than a day and named by no
        demand, so the same file would have to be added again within that moment; `attest check`
        would name it as missing, and adding it once more puts it right.
        """
        found = self.find(digest)
        if found is None or (before is not None and found.since >= before):
            return False
        with self._asking():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(digest))
        return True

    def unfinished(self, before: datetime) -> Iterator[str]:
        """Uploads in parts that nobody ended: their parts take room, and no list shows them."""
        with self._asking():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for found in page.get("Uploads", ()):
                    digest = found["Key"].removeprefix(self._prefix)
                    if is_sha256(digest) and found["Initiated"] < before:
                        yield f"{digest} {found['UploadId']}"

    def abandon(self, unfinished: str) -> None:
        """Removes the parts of an upload."""
        digest, _, upload = unfinished.partition(" ")
        with suppress(Missing), self._asking():
            self._client.abort_multipart_upload(
                Bucket=self._bucket, Key=self._key(digest), UploadId=upload
            )

    def _key(self, digest: str) -> str:
        if not is_sha256(digest):
            raise Missing("There is no evidence file of that name.")
        return f"{self._prefix}{digest}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError, Boto3Error) as error:
            raise _told(error) from None


def _told(error: Exception) -> StoreFailed:
    """What the library met, as a sentence."""
    # An upload wraps what the server said, and names it only in words.
    refusal = error.__context__ if isinstance(error, Boto3Error) else error
    if not isinstance(refusal, ClientError):
        kind = type(error).__name__
        return StoreFailed(f"The storage of evidence files does not answer: {kind}.")
    code = str(refusal.response.get("Error", {}).get("Code", "unknown"))
    if code in _ABSENT:
        return Missing("The evidence file is missing where it is kept.")
    return StoreFailed(f"The storage of evidence files refuses: {code}.")
