"""The demo's two processes, web server and worker: started, watched and ended together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

GRACE = 10  # seconds that a process has to end by itself
PATIENCE = 60  # seconds that the web server has to answer for the first time


def free_port_or_sentence(port: int) -> str | None:
    """None if the port can be listened on, else a sentence that says what to do."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return (
                f"Port {port} is in use. Stop what runs there, "
                f"or choose another one: `make demo PORT={port + 1}`."
            )
    return None


def run_until_stopped(
    folder: Path, base_url: str, port: int, ready: Callable[[], None] = lambda: None
) -> int:
    """Runs both until Ctrl-C, SIGTERM, or until one of them ends; gives the exit status.

    `ready` is called once the web server answers.
    """
    environment = os.environ | {
        "ATTEST_INSTANCE_PATH": str(folder.resolve()),
        "ATTEST_BASE_URL": base_url,
    }
    attest = [sys.executable, "-m", "attest.cli"]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    started: list[tuple[str, Path, subprocess.Popen[bytes]]] = []
    try:
        for name, arguments in (
            ("web server", ["serve", "--port", str(port)]),
            ("worker", ["worker"]),
        ):
            log = folder / f"{arguments[0]}.log"
            with log.open("ab") as out:
                process = subprocess.Popen(  # noqa: S603 - our own program
                    [*attest, *arguments],
                    env=environment,
                    stdout=out,
                    stderr=out,
                    stdin=subprocess.DEVNULL,
                    # Ctrl-C reaches this process alone, and it ends the others in order.
                    start_new_session=True,
                )
            started.append((name, log, process))
        deadline = time.monotonic() + PATIENCE
        answers = False
        while not stop.wait(0.5 if answers else 0.05):
            for name, log, process in started:
                if process.poll() is not None:
                    print(f"The {name} has ended by itself. Its last words: {_tail(log)}")
                    return 1
            if not answers and _answers(port):
                answers = True
                ready()
            elif not answers and time.monotonic() > deadline:
                print(f"The web server does not answer. Its last words: {_tail(started[0][1])}")
                return 1
        return 0
    finally:
        _end([process for _, _, process in started])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(lines[-5:]) or "none"
