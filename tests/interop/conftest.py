"""Other people's programs, built or found once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

HERE = Path(__file__).parent
# Where Debian's golang-golang-x-mod-dev puts its sources.
DEBIAN_GO = Path("/usr/share/gocode")


@pytest.fixture(scope="session")
def go_notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """notes.go, compiled from Debian's sources without any network; once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    built = shared / "notes"
    with FileLock(shared / "notes.lock"):
        if not built.exists():
            go = shutil.which("go")
            assert go is not None, "Go is missing. Run: make system-packages"
            subprocess.run(
                [go, "build", "-o", str(built), str(HERE / "notes.go")],
                env={
                    "PATH": os.environ["PATH"],
                    "GO111MODULE": "off",
                    "GOPATH": str(DEBIAN_GO),
                    "GOPROXY": "off",
                    "GOFLAGS": "",
                    "GOTOOLCHAIN": "local",
                    "CGO_ENABLED": "0",
                    "GOCACHE": str(shared / "go-cache"),
                },
                check=True,
            )
    return built
