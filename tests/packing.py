"""Packs a test's log into a bundle, and makes the trust file of somebody who verifies it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from attest.bundle.packing import pack
from attest.bundle.report import Report, check
from attest.bundle.trust import SeenCheckpoint, Trust
from attest.certificates import check_signature
from tests.cast import ANNE, LOG_KEY, Signer
from tests.logs import LogWriter

RECEIVED = datetime(2013, 3, 1, 12, 0, tzinfo=UTC)


def packed(log: LogWriter, **parts: Any) -> bytes:
    """The bundle of a log; `parts` replace or add what `pack` takes."""
    out = io.BytesIO()
    erased = b'{"withheld":"%s"}'
    pack(
        out,
        **{
            "checkpoint": parts.pop("checkpoint", None) or log.checkpoint(),
            "leaves": log.leaves,
            "bodies": [
                erased % leaf.split(b'"body":"')[1][:64] if body is None else body
                for leaf, body in zip(log.leaves, log.bodies, strict=True)
            ],
            **parts,
        },
    )
    return out.getvalue()


def trust_of(
    log: LogWriter, *, pinned: Iterable[Signer] = (ANNE,), witnessed: bool = True, **changes: Any
) -> Trust:
    """A trust file that pins these keys, with the newest checkpoint from a letter."""
    trust = Trust(
        origin=log.origin,
        log_key=LOG_KEY.public_key,
        pinned={who.keyid: who.holder for who in pinned},
        seen=(SeenCheckpoint(log.checkpoint(), RECEIVED),) if witnessed else (),
    )
    return replace(trust, **changes)


def checked(bundle: bytes, trust: Trust) -> Report:
    """Verify bytes, as `attest verify` does."""
    return check(io.BytesIO(bundle), trust, check_signature)
