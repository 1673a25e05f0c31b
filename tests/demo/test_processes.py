"""The demo as a process: it answers, says so, and ends with all that it started."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attest.demo import processes
from attest.demo.stage_set import PASSWORD
from tests.ports import kept_port

LONGEST = 300.0  # seconds; a busy machine takes its time, and only a failure waits for so long


@pytest.fixture
def port() -> Iterator[int]:
    """Where the demo may listen."""
    with kept_port() as kept:
        yield kept


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`attest demo` in `folder`; killed where a test fails."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "attest.cli", "demo", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("ATTEST_")},
        start_new_session=True,
    )
    stopped = threading.Timer(LONGEST, process.kill)
    stopped.start()
    try:
        yield process
    finally:
        stopped.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: subprocess.Popen[str], wanted: str) -> str:
    """What is printed, up to the line that holds `wanted`."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if wanted in line:
            return text
    raise AssertionError(f"it ended without saying “{wanted}”:\n{text}")


def children(process: subprocess.Popen[str]) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(number) for number in found.split()]


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_when_it_says_so_and_leaves_no_orphan(
    demo: Path, tmp_path: Path, port: int, number: int
) -> None:
    if number == signal.SIGTERM:
        shutil.copytree(demo, tmp_path / "instance" / "demo")
    with running(tmp_path, port) as process:
        text = read_until(process, "Ctrl-C ends it.")
        # Said only once the server answers: no waiting here.
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.status == 200
        assert f"http://localhost:{port}" in text
        assert PASSWORD in text
        assert ("goes on where you left it" in text) is (number == signal.SIGTERM)
        assert len(re.findall(r"@\S+\.example", text)) == 7
        started = children(process)
        assert len(started) == 2, "the web server and the worker"
        process.send_signal(number)
        assert process.wait(30) == 0
        assert not any(runs(pid) for pid in started)
    assert processes.free_port_or_sentence(port) is None


def test_a_child_that_dies_ends_the_demo(demo: Path, tmp_path: Path, port: int) -> None:
    shutil.copytree(demo, tmp_path / "instance" / "demo")
    with running(tmp_path, port) as process:
        read_until(process, "Ctrl-C ends it.")
        first, second = children(process)
        os.kill(second, signal.SIGKILL)
        read_until(process, "has ended by itself")
        assert process.wait(30) == 1
        assert not runs(first)


def test_interrupted_while_it_is_set_up(tmp_path: Path, port: int) -> None:
    """Whenever Ctrl-C comes, the next start has nothing to stumble over."""
    with running(tmp_path, port) as process:
        read_until(process, "Setting up the demo")
        deadline = time.monotonic() + 30
        while not (tmp_path / "instance" / "demo" / "settings.toml").exists():
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
    assert not (tmp_path / "instance" / "demo").exists()


def test_the_sentence_for_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = processes.free_port_or_sentence(port)
    assert sentence is not None
    assert f"Port {port} is in use." in sentence
    assert processes.free_port_or_sentence(port) is None
