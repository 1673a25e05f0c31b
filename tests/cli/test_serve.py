"""The web server as a process of its own."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import waitress
from click.testing import CliRunner

from attest.cli.serve import serve
from attest.domain.letter_merge import MAX_BYTES
from tests.ports import kept_port


def test_what_is_far_too_large_is_refused_by_a_page(instance: Path) -> None:
    """The server in front of the application must not answer in its place."""
    environ = {"ATTEST_INSTANCE_PATH": str(instance), "ATTEST_UPLOAD_MEGABYTES": "1"}
    with kept_port() as port:
        served = subprocess.Popen(
            [sys.executable, "-u", "-m", "attest.cli", "serve", "--port", str(port)],
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert served.stdout is not None
            assert "listens" in served.stdout.readline()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request(
                "POST",
                "/forgotten",
                body=b"email=" + b"x" * 3_000_000,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            answer = connection.getresponse()
            page = answer.read().decode()
            connection.close()
        finally:
            served.terminate()
            served.communicate()
    assert answer.status == 413
    assert "That is too large" in page
    assert "<main" in page


def test_a_list_of_people_stays_in_memory_on_its_way_in(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    def listen(_app: Any, **options: Any) -> Any:
        told.update(options)
        raise OSError("no server for this test")

    monkeypatch.setattr(waitress, "create_server", listen)
    CliRunner().invoke(serve, ["--instance", str(instance)])
    # Larger requests go through a file: a list with the fields around it must not.
    assert told["inbuf_overflow"] > MAX_BYTES + 100_000
