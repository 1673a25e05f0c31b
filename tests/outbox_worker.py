"""A process that starts senders by forking itself: each runs at once, and may die at any moment.

Run as `python -m tests.outbox_worker TOLD`. It reads a line, and answers with one: `go TIME` starts
a sender at that time and gives its process id; `end ID` waits for it and gives its exit status.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from attest.database.engine import make_engine
from attest.services.instance import load_log_key
from attest.services.sending.sending import Sender
from attest.settings import Settings

ROOT = Path(__file__).parents[1]


class Senders:
    """The test's side of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, now: datetime) -> int:
        """Starts a sender that sends what is due at `now`; gives its process id."""
        return self._ask(f"go {now.isoformat()}")

    def end(self, pid: int) -> int:
        """Waits for it; 0 where it ended well, below that where a signal ended it."""
        return self._ask(f"end {pid}")

    def _ask(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def senders(settings: Settings) -> Iterator[Senders]:
    """Starts the process that starts senders."""
    told = {
        "folder": str(settings.instance_path),
        "environment": {
            "ATTEST_DATABASE_URL": settings.database_url,
            "ATTEST_SMTP_HOST": settings.smtp_host,
            "ATTEST_SMTP_PORT": str(settings.smtp_port),
            "ATTEST_SMTP_TLS": "none",
        },
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox_worker", json.dumps(told)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Senders(process)
    finally:
        process.communicate(timeout=300)
    assert process.returncode == 0


def _send(settings: Settings, now: datetime) -> None:
    engine = make_engine(settings.database_url)
    sender = Sender(engine, settings, load_log_key(settings), lambda: now)
    while True:
        try:
            sender.round()
            break
        except OperationalError:
            # SQLite kept it waiting for too long: as a worker does, it tries again.
            continue
    engine.dispose()


def _main(told: dict[str, object]) -> None:
    settings = Settings.load(str(told["folder"]), told["environment"])  # type: ignore[arg-type]
    for line in sys.stdin:
        word, value = line.split()
        if word == "end":
            print(os.waitstatus_to_exitcode(os.waitpid(int(value), 0)[1]), flush=True)
        elif pid := os.fork():
            print(pid, flush=True)
        else:
            # Its own lines would be taken for answers.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _send(settings, datetime.fromisoformat(value))
            os._exit(0)


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
