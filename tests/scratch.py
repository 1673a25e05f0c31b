"""Where the tests write: into memory where there is room, so that nothing waits for a disk.

Databases are made by the thousand, and each copy of a PostgreSQL database is some 300 files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # Linux mounts it for this
# Far more than a run has at any one time; containers often give it 64 MB.
ROOM = 3 * 1024**3


def folder() -> Path:
    """The folder for temporary files; whoever sets TMPDIR has the last word."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return Path(tempfile.gettempdir())
    roomy = shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if roomy else Path(tempfile.gettempdir())


def short_folder() -> Path:
    """The same where it is short enough for the path of a socket in a folder of its own."""
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) <= 40 else Path("/tmp")  # noqa: S108


def use() -> None:
    """Lets this process and those that it starts write there."""
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder())
