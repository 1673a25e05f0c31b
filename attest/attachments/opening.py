"""The store that an instance's settings name."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from attest.attachments.folder import FolderStore
from attest.attachments.store import Store
from attest.settings import Settings


@lru_cache(maxsize=8)
def store_of(settings: Settings) -> Store:
    """The store of an instance. Nothing is asked of it yet."""
    if settings.s3_bucket is None:
        return FolderStore(settings.evidence_path)
    # By name: its library takes a second to load, which no other instance should wait for.
    s3 = import_module("attest.attachments.s3")
    store: Store = s3.S3Store(
        bucket=settings.s3_bucket,
        prefix=settings.s3_prefix or "",
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
    return store
