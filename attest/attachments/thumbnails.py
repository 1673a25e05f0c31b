"""Small pictures of pictures, made in a process of its own.

A picture may be made to break whoever opens it, or to unpack to gigabytes. So it is opened by
`thumbnail_process.py`, which has little memory, little time, and nothing of ours in its
environment. Whatever goes wrong there, there is no thumbnail, and nothing else is lost.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import structlog

from attest.attachments import thumbnail_process
from attest.domain.media_types import PICTURES

SECONDS = 20
MOST_BYTES = 100_000  # of a picture as large as a thumbnail

_log = structlog.get_logger(__name__)


def thumbnail_of(path: Path, media_type: str) -> bytes | None:
    """A JPEG of at most 320 × 320 pixels without any metadata, or None."""
    if media_type not in PICTURES:
        return None
    program = Path(thumbnail_process.__file__)
    with path.open("rb") as picture:
        try:
            done = subprocess.run(  # noqa: S603 (our own program, and no shell)
                [sys.executable, "-I", str(program), PICTURES[media_type]],
                stdin=picture,
                capture_output=True,
                timeout=SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            _log.info("no_thumbnail", why="it took too long")
            return None
    if done.returncode != 0 or not done.stdout.startswith(b"\xff\xd8\xff"):
        _log.info("no_thumbnail", why=f"exit status {done.returncode}")
        return None
    return done.stdout if len(done.stdout) <= MOST_BYTES else None
